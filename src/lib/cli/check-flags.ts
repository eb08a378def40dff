import { type Interfaces } from '@oclif/core';
import { UsageError } from '../core/model/errors.ts';
import { SEVERITIES, type Severity } from '../core/model/finding.ts';
import { millis, type Millis } from '../core/model/units.ts';
import { type Component } from '../core/model/validation.ts';
import { parseFormat } from '../core/render/formats.ts';
import {
  type CheckCommand,
  componentsOf,
  OFFLINE_CHECKS,
  otherCommand,
  selectChecks,
} from '../core/rules/check-registry.ts';
import { type CheckRule } from '../core/rules/define-check.ts';
import { readDuration, readWord } from './flag-values.ts';
import { type CONNECTION_FLAGS, type DEMO_FLAGS, type OUTPUT_FLAGS } from './flags.ts';
import {
  type CHECK_FILTER_FLAGS,
  type HEALTH_FAIL_FLAGS,
  type WATCH_FLAGS,
} from './flags-of-checks.ts';
import { type ConnectionRequest, readConnection } from './scan-flags.ts';
import { badFlagValue } from './usage.ts';

/** The flags of a command that checks, in the words of core. */
export interface CheckFlags {
  readonly connection: ConnectionRequest;
  readonly rules: readonly CheckRule[];
  readonly minSeverity: Severity | null;
  readonly format: string;
  readonly outputFile: string | null;
  readonly plain: boolean;
  /** Null for never. */
  readonly failOn: Severity | null;
}

type Flags<T extends Interfaces.FlagInput> = Interfaces.InferredFlags<T>;

export type RawCheckFlags = Flags<typeof CONNECTION_FLAGS> &
  Flags<typeof CHECK_FILTER_FLAGS> &
  Flags<typeof OUTPUT_FLAGS> &
  Flags<typeof HEALTH_FAIL_FLAGS> &
  Flags<typeof DEMO_FLAGS>;

type RawWatchFlags = Flags<typeof WATCH_FLAGS> &
  Flags<typeof OUTPUT_FLAGS> &
  Pick<Flags<typeof CONNECTION_FLAGS>, 'max-age'>;

/** Reads every flag, and so refuses a wrong one before anything is connected to. */
export function readCheckFlags(
  command: CheckCommand,
  flags: RawCheckFlags,
  offline = false,
): CheckFlags {
  parseFormat(flags.output, 'results[*].check');
  const severity = flags['min-severity'];
  return {
    connection: readConnection(flags),
    rules: offline ? offlineAmong(checksFor(command, flags)) : checksFor(command, flags),
    minSeverity: severity === undefined ? null : readWord('min-severity', severity, SEVERITIES),
    format: flags.output,
    outputFile: flags['output-file'] ?? null,
    plain: flags['no-color'],
    failOn: flags['fail-on'] === 'none' ? null : readWord('fail-on', flags['fail-on'], SEVERITIES),
  };
}

/** Readings closer together than this would keep both sides busy with nothing else. */
const SHORTEST_INTERVAL = millis(1_000);
const USUAL_INTERVAL = millis(30_000);

/**
 * How long to wait between two readings; null without `--watch`. It shows itself on a terminal, so that what says where
 * results go, and of what age, has nothing to say.
 */
export function readWatch(flags: RawWatchFlags): Millis | null {
  const { interval } = flags;
  if (!flags.watch) {
    if (interval === undefined) return null;
    throw new UsageError('--interval is only for --watch', {
      remediation: ['Add --watch, or leave out --interval.'],
    });
  }
  refuseElsewhere(flags);
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new UsageError('--watch needs a terminal to show itself on, and keys to be pressed', {
      remediation: ['Run it on a terminal, or leave out --watch and run it from a timer.'],
    });
  }
  const span = interval === undefined ? USUAL_INTERVAL : readDuration('interval', interval);
  if (span < SHORTEST_INTERVAL) throw badFlagValue('interval', interval ?? '', ['1s or longer']);
  return span;
}

function refuseElsewhere(flags: RawWatchFlags): void {
  const given = (['output-file', 'max-age'] as const).find((flag) => flags[flag] !== undefined);
  const flag = flags.output === 'table' ? given : 'output';
  if (flag === undefined) return;
  throw new UsageError(`--watch has a screen of its own, so --${flag} has nothing to say`, {
    remediation: [`Leave out --${flag}, or --watch.`],
  });
}

function readComponent(command: CheckCommand, value: string): Component {
  const other = otherCommand(command);
  const known = componentsOf(command);
  if (!known.some((each) => each === value) && componentsOf(other).some((each) => each === value)) {
    throw new UsageError(`${value} is a component of ${other}`, {
      remediation: [
        `Run truenas-monitor ${other} --component ${value}.`,
        `${command} has ${known.join(', ')}.`,
      ],
    });
  }
  return readWord('component', value, known);
}

function checksFor(
  command: CheckCommand,
  { rule, component }: Pick<RawCheckFlags, 'rule' | 'component'>,
): readonly CheckRule[] {
  const rules = selectChecks({
    command,
    globs: rule ?? null,
    components: component?.map((each) => readComponent(command, each)) ?? null,
  });
  if (rules.length > 0 || (rule === undefined && component === undefined)) return rules;
  throw new UsageError('no check is left to make', {
    remediation: [
      'No check has what --rule and --component ask for together: leave one of them out.',
    ],
  });
}

function offlineAmong(asked: readonly CheckRule[]): readonly CheckRule[] {
  const rules = asked.filter((check) => OFFLINE_CHECKS.includes(check));
  if (rules.length > 0) return rules;
  throw new UsageError('no check is left to make offline', {
    remediation: [
      `Offline it makes these: ${OFFLINE_CHECKS.map(({ id }) => id).join(', ')}.`,
      'Leave out --offline for the others: they need a server.',
    ],
  });
}
