import { describe, expect, it } from 'vitest';
import { findScenario, SCENARIOS } from '../../../src/lib/lab/scenario/registry.ts';
import { parseWorld, serialiseWorld } from '../../../src/lib/lab/scenario/serialise.ts';
import { TRUENAS_VERSIONS, type World } from '../../../src/lib/lab/scenario/world.ts';
import { expectSoundWorld, list, RULE_IDS } from './invariants.ts';

/** Rows of the corpus that the rules of this project can judge from data alone. */
const ROWS = [
  2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29,
  30, 31, 33, 35, 36, 38, 39, 40, 41,
];

/** Every name by which a finding could point at something in this world. */
function subjectsOf({ clusters, systems }: World): Set<string> {
  const names = new Set<string>();
  for (const { objects } of clusters) {
    for (const { metadata } of Object.values(objects).flat()) {
      const { namespace, name } = metadata;
      names.add(namespace === undefined ? name : `${namespace}/${name}`);
    }
  }
  for (const system of systems) {
    for (const { id } of [...system.datasets, ...system.snapshots]) names.add(id);
    for (const { path } of system.nfsShares) names.add(path);
    for (const { name } of system.iscsiExtents) names.add(name);
  }
  return names;
}

describe.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))(
  '%s',
  (_, scenario) => {
    it('is a world that can be', () => {
      expectSoundWorld(scenario.build('25.10'));
    });

    it('is the same world each time, and after being kept as text', () => {
      const world = scenario.build('25.10');
      expect(scenario.build('25.10')).toEqual(world);
      const kept = { scenario: scenario.name, world };
      expect(parseWorld(serialiseWorld(kept))).toEqual(kept);
    });

    it('differs between versions in nothing but the version', () => {
      const [first, ...others] = scenario.versions.map((version) => {
        const world = scenario.build(version);
        expect(world.systems.map((system) => system.version)).toEqual([version]);
        for (const system of world.systems) Object.assign(system, { version: '', release: '' });
        return world;
      });
      for (const other of others) expect(other).toEqual(first);
    });

    it('expects findings of known rules about what is there, each once', () => {
      const subjects = subjectsOf(scenario.build('25.10'));
      const keys = scenario.expected.map(({ rule, name }) => `${rule} ${name}`);
      for (const { rule, name } of scenario.expected) {
        expect(RULE_IDS).toContain(rule);
        expect(subjects, rule).toContain(name);
      }
      expect(new Set(keys).size).toBe(keys.length);
    });

    it('describes itself', () => {
      expect(scenario.name).toMatch(/^[a-z][a-z0-9-]+$/);
      expect(scenario.description).toMatch(/^\S.{20,}[^.]$/);
      expect(scenario.versions).toEqual(TRUENAS_VERSIONS);
      expect([0, 3]).toContain(scenario.exitCode);
    });
  },
);

describe('the registry', () => {
  it('names each scenario once', () => {
    expect(new Set(SCENARIOS.map(({ name }) => name)).size).toBe(SCENARIOS.length);
  });

  it('has a scenario for every known false positive that data alone can show', () => {
    const rows = new Set(SCENARIOS.flatMap(({ corpusRow }) => corpusRow ?? []));
    expect([...rows].sort((a, b) => a - b)).toEqual(ROWS);
  });

  it('keeps traps small enough to read', () => {
    for (const scenario of SCENARIOS.filter(({ corpusRow }) => corpusRow !== null)) {
      for (const cluster of scenario.build('25.10').clusters) {
        expect(list(cluster, 'persistentvolumes').length, scenario.name).toBeLessThanOrEqual(12);
      }
    }
  });

  it('finds a scenario by name', () => {
    expect(findScenario('demo')?.name).toBe('demo');
    expect(findScenario('nowhere')).toBeUndefined();
  });
});
