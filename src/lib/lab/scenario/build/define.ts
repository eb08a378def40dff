import {
  TRUENAS_VERSIONS,
  type ExpectedFinding,
  type Scenario,
  type TrueNasVersion,
  type World,
} from '../world.ts';

/** A world that was built, with what is to be found in it: names come out of the building. */
export interface Built {
  readonly world: World;
  readonly expected: readonly ExpectedFinding[];
}

export interface ScenarioDefinition {
  readonly name: string;
  readonly description: string;
  /** Row of the corpus of known false positives; null for others. */
  readonly row: number | null;
  readonly exitCode?: number;
  /** Versions it makes sense on; all of them unless said. */
  readonly versions?: readonly TrueNasVersion[];
  build(version: TrueNasVersion): Built;
  /** What is expected where that is cheaper to know than by building the whole world. */
  readonly expect?: () => readonly ExpectedFinding[];
}

/** Makes a scenario whose expectations are worked out when somebody first asks for them. */
export function defineScenario(definition: ScenarioDefinition): Scenario {
  let expected: readonly ExpectedFinding[] | undefined;
  return {
    name: definition.name,
    description: definition.description,
    corpusRow: definition.row,
    versions: definition.versions ?? TRUENAS_VERSIONS,
    exitCode: definition.exitCode ?? 0,
    build: (version) => definition.build(version).world,
    get expected() {
      expected ??= definition.expect?.() ?? definition.build('25.10').expected;
      return expected;
    },
  };
}

/** Versions that know NVMe-oF, and that can rename a dataset. */
export const SINCE_25_10: readonly TrueNasVersion[] = ['25.10', '26'];

export function certain(rule: string, name: string): ExpectedFinding {
  return { rule, name, confidence: 'certain' };
}

export function likely(rule: string, name: string): ExpectedFinding {
  return { rule, name, confidence: 'likely' };
}

/** The same finding, of which more is known. */
export function also(
  finding: ExpectedFinding,
  more: Pick<ExpectedFinding, 'safe' | 'says' | 'on'>,
): ExpectedFinding {
  return { ...finding, ...more };
}
