import { type Interfaces } from '@oclif/core';
import { UsageError } from '../core/model/errors.ts';
import { type FindingFilter } from '../core/model/filter.ts';
import { SEVERITIES } from '../core/model/finding.ts';
import { type Millis } from '../core/model/units.ts';
import { parseFormat } from '../core/render/formats.ts';
import { type FailOn } from './exit-codes.ts';
import {
  type ClockChange,
  NO_TIME,
  readClockChange,
  readCount,
  readDuration,
  readName,
  readSelector,
  readType,
  readWord,
} from './flag-values.ts';
import {
  type CONNECTION_FLAGS,
  type DEMO_FLAGS,
  type FAIL_FLAGS,
  type FILTER_FLAGS,
  type FRESH_CONNECTION_FLAGS,
  type OUTPUT_FLAGS,
} from './flags.ts';

/** What to connect to, as the command line says it. */
export interface ConnectionRequest {
  readonly config: string | null;
  readonly kubeconfig: string | null;
  readonly contexts: readonly string[];
  readonly url: string | null;
  /** For one request; null for what the configuration says. */
  readonly timeout: Millis | null;
  readonly maxAge: Millis;
  /** Namespaces that are asked for, and so are worth reading where the list over all is denied. */
  readonly namespaces: readonly string[];
  /** Null for real servers. */
  readonly demo: DemoRequest | null;
}

export interface DemoRequest {
  /** Number of volumes; null for the demo world, or whichever is kept. */
  readonly size: number | null;
  readonly stateDirectory: string | null;
  readonly reset: boolean;
  readonly clock: ClockChange | null;
}

/** The flags of a scan, in the words of core. */
export interface ScanFlags {
  readonly connection: ConnectionRequest;
  readonly filter: FindingFilter;
  readonly rules: readonly string[] | null;
  readonly format: string;
  readonly outputFile: string | null;
  readonly plain: boolean;
  readonly failOn: FailOn;
}

type Flags<T extends Interfaces.FlagInput> = Interfaces.InferredFlags<T>;

type ConnectionFlags = Flags<typeof CONNECTION_FLAGS>;
type FilterFlags = Flags<typeof FILTER_FLAGS>;
type DemoFlags = Flags<typeof DEMO_FLAGS>;

export type RawScanFlags = ConnectionFlags &
  FilterFlags &
  DemoFlags &
  Flags<typeof OUTPUT_FLAGS> &
  Flags<typeof FAIL_FLAGS>;

/** A fleet larger than this does not fit into the memory of the machines people try it on. */
const LARGEST_FLEET = 100_000;

/** Reads every flag, and so refuses a wrong one before anything is connected to. */
export function readScanFlags(flags: RawScanFlags): ScanFlags {
  parseFormat(flags.output);
  return {
    connection: readConnection(flags),
    filter: readFilter(flags),
    rules: flags.rule ?? null,
    format: flags.output,
    outputFile: flags['output-file'] ?? null,
    plain: flags['no-color'],
    failOn: {
      severity:
        flags['fail-on'] === 'none' ? null : readWord('fail-on', flags['fail-on'], SEVERITIES),
      confidence: readWord('fail-on-confidence', flags['fail-on-confidence'], [
        'certain',
        'likely',
      ]),
    },
  };
}

/** What to connect to; throws a `UsageError` for what cannot be read, before anything is connected to. */
export function readConnection(
  flags: Flags<typeof FRESH_CONNECTION_FLAGS> &
    Partial<Pick<ConnectionFlags, 'max-age'>> &
    DemoFlags &
    Partial<Pick<FilterFlags, 'namespace'>>,
): ConnectionRequest {
  const maxAge = flags['max-age'];
  return {
    config: flags.config ?? null,
    kubeconfig: flags.kubeconfig ?? null,
    contexts: flags.context ?? [],
    url: flags.url ?? null,
    timeout: flags.timeout === undefined ? null : readDuration('timeout', flags.timeout),
    maxAge: maxAge === undefined ? NO_TIME : readDuration('max-age', maxAge),
    namespaces: flags.namespace ?? [],
    demo: readDemo(flags),
  };
}

/** Somebody who sets up the demo means to run it: real servers would be a surprise. */
function noDemo(flags: DemoFlags): null {
  const given = (['demo-size', 'demo-state', 'demo-now'] as const).find(
    (flag) => flags[flag] !== undefined,
  );
  const flag = given ?? (flags['demo-reset'] ? 'demo-reset' : undefined);
  if (flag === undefined) return null;
  throw new UsageError(`--${flag} is only for the demo`, {
    remediation: [`Add --demo, or leave out --${flag}.`],
  });
}

/**
 * What the demo flags ask for; null where they ask for nothing. Throws a `UsageError` for flags that name servers of the
 * user's own beside the demo, or set up a demo that is not run.
 */
export function readDemo(flags: Partial<ConnectionFlags> & DemoFlags): DemoRequest | null {
  if (!flags.demo) return noDemo(flags);
  for (const flag of ['config', 'kubeconfig', 'context', 'url'] as const) {
    if (flags[flag] === undefined) continue;
    throw new UsageError(`--demo has servers of its own, so --${flag} has nothing to say`, {
      remediation: [`Leave out --${flag}, or --demo.`],
    });
  }
  const size = flags['demo-size'];
  const clock = flags['demo-now'];
  return {
    size: size === undefined ? null : readCount('demo-size', size, LARGEST_FLEET),
    stateDirectory: flags['demo-state'] ?? null,
    reset: flags['demo-reset'],
    clock: clock === undefined ? null : readClockChange('demo-now', clock),
  };
}

export function readFilter(flags: FilterFlags): FindingFilter {
  const olderThan = flags['older-than'];
  const severity = flags['min-severity'];
  if (flags.namespace !== undefined && flags['all-namespaces']) {
    throw new UsageError('--namespace and --all-namespaces exclude each other', {
      remediation: ['Leave out one of them; every namespace is the default.'],
    });
  }
  return {
    namespaces: flags.namespace?.map((name) => readName('namespace', name)) ?? null,
    selector: flags.selector === undefined ? null : readSelector('selector', flags.selector),
    types: flags.type?.map((type) => readType('type', type)) ?? null,
    olderThan: olderThan === undefined ? null : readDuration('older-than', olderThan),
    minSeverity: severity === undefined ? null : readWord('min-severity', severity, SEVERITIES),
  };
}
