import { type Interfaces } from '@oclif/core';
import { join } from 'node:path';
import { systemClock } from '../../adapters/clock/system-clock.ts';
import { fileCleanupStore } from '../../adapters/store/cleanup/file-store.ts';
import { stateDirectory } from '../../adapters/store/xdg.ts';
import { auditLines, cleanupAudit } from '../../core/cleanup/audit.ts';
import { autoApproves } from '../../core/cleanup/auto-approval.ts';
import { type CleanupHistory, cleanupHistory } from '../../core/cleanup/cleanup-history.ts';
import { type CleanupPlan } from '../../core/cleanup/plan-schema.ts';
import { type CleanupSettings, DEFAULT_CLEANUP } from '../../core/cleanup/settings.ts';
import { UsageError } from '../../core/model/errors.ts';
import { parseInstant } from '../../core/model/instant.ts';
import { parseDuration } from '../../core/model/units.ts';
import { renderCleanupHistory } from '../../core/render/cleanup/history.ts';
import { renderPlan } from '../../core/render/cleanup/plan.ts';
import { renderRun } from '../../core/render/cleanup/run.ts';
import { type CleanupFormat } from '../../core/render/formats.ts';
import { type TableOptions } from '../../core/render/table.ts';
import { type Clock } from '../../ports/clock.ts';
import { type Console } from '../base-command.ts';
import { EXIT } from '../exit-codes.ts';
import { type CLEANUP_HISTORY_FLAGS } from '../flags-of-cleanup.ts';
import { loadUserConfig } from '../load-config.ts';
import { readDemo } from '../scan-flags.ts';
import { type RepeatedFlags } from '../repeated-flags.ts';
import { readCleanupFormat, repeatedFlags } from './asked.ts';
import { layoutFor, type Shown } from './show.ts';

type RawFlags = Interfaces.InferredFlags<typeof CLEANUP_HISTORY_FLAGS>;

/** Where plans and runs are kept, and by which clock and rules they are read. */
interface Kept {
  readonly directory: string;
  readonly clock: Clock;
  readonly settings: CleanupSettings;
}

export interface HistoryAsked {
  readonly named: string | undefined;
  readonly format: CleanupFormat | 'jsonl';
  readonly outputFile: string | null;
  readonly plain: boolean;
  readonly since: string | null;
  readonly flags: RawFlags;
  /** What tells which journals, and so which servers, it is about. */
  readonly repeated: RepeatedFlags;
}

export function readHistoryFlags(named: string | undefined, flags: RawFlags): HistoryAsked {
  const since = flags.since ?? null;
  // Refused before anything is read; when that is only the clock of the demo may say.
  if (since !== null) instantSince(since, systemClock.now());
  if (since !== null && named !== undefined) {
    throw new UsageError('--since chooses among all runs, and one is named', {
      remediation: ['Leave out one of them.'],
    });
  }
  const format = flags.output === 'jsonl' ? 'jsonl' : readCleanupFormat(flags.output);
  if (format === 'jsonl' && (since !== null || named !== undefined)) {
    throw new UsageError('an audit is of everything, and -o jsonl writes all of it', {
      remediation: ['Leave out --since and the id, or choose another output.'],
    });
  }
  return {
    named,
    format,
    outputFile: flags['output-file'] ?? null,
    plain: flags['no-color'],
    since,
    flags,
    repeated: repeatedBy(flags),
  };
}

/** Which servers it was, the journals tell; this is what finds the journals. */
function repeatedBy(flags: RawFlags): RepeatedFlags {
  return repeatedFlags({
    ...{ config: flags.config ?? null, demo: readDemo(flags) },
    ...{ kubeconfig: null, contexts: [], url: null },
  });
}

function instantSince(text: string, now: Date): Date {
  const span = parseDuration(text);
  const instant = span === undefined ? parseInstant(text) : new Date(now.getTime() - span);
  if (instant !== undefined && !Number.isNaN(instant.getTime())) return instant;
  throw new UsageError(`--since does not take ${JSON.stringify(text)}`, {
    remediation: ['Write 2027-01-31, 2027-01-31T12:00:00Z, or how long ago, such as 30d.'],
  });
}

async function keptFor(flags: RawFlags, { logger }: Console): Promise<Kept> {
  const demo = readDemo(flags);
  if (demo !== null) {
    const { demoCleanup } = await import('../demo-world.ts');
    return { ...(await demoCleanup(demo)), settings: DEFAULT_CLEANUP };
  }
  const { config, warnings } = await loadUserConfig({ file: flags.config ?? null });
  for (const warning of warnings) logger.log('warn', warning);
  const directory = join(stateDirectory(process.env), 'cleanup');
  return { directory, clock: systemClock, settings: config.cleanup };
}

/** What was planned, approved and done, or one run or plan of it. */
export async function historyAndRender(asked: HistoryAsked, console: Console): Promise<Shown> {
  const { directory, clock, settings } = await keptFor(asked.flags, console);
  const store = fileCleanupStore(directory);
  const journals = { plans: await store.plans(), runs: await store.runs() };
  const now = clock.now();
  const { approvals } = settings;
  const alone = (plan: CleanupPlan): boolean => autoApproves(plan, settings, now);
  const history = cleanupHistory(journals.plans, journals.runs, approvals, alone);
  const layout = await layoutFor(asked.outputFile, asked.plain);
  const exitCode = history.damaged.length === 0 ? EXIT.ok : EXIT.failed;
  const { named, since, format } = asked;
  if (format === 'jsonl') {
    const records = cleanupAudit(journals, approvals, alone);
    return { text: [...auditLines(records, now)].join(''), exitCode };
  }
  if (named !== undefined) {
    return {
      text: oneText(named, history, { ...asked, format }, { ...layout, now, approvals }),
      exitCode,
    };
  }
  const shown = since === null ? history : laterThan(history, instantSince(since, now));
  return { text: renderCleanupHistory(shown, format, { ...layout, now }), exitCode };
}

function laterThan({ damaged, plans, runs }: CleanupHistory, since: Date): CleanupHistory {
  return {
    damaged,
    plans: plans.filter(({ plan, approvals, rejection }) =>
      [new Date(plan.created_at), ...approvals.map(({ at }) => at), rejection?.at].some(
        (at) => at !== undefined && at >= since,
      ),
    ),
    runs: runs.filter(({ lastAt }) => lastAt >= since),
  };
}

interface OneOptions extends TableOptions {
  readonly now: Date;
  readonly approvals: number;
}

/** A run before a plan of the same name: what was done says what was planned. */
function oneText(
  named: string,
  { runs, plans }: CleanupHistory,
  { format, repeated }: { readonly format: CleanupFormat } & Pick<HistoryAsked, 'repeated'>,
  options: OneOptions,
): string {
  const flags = repeated.connecting;
  const run = findNamed(named, runs, 'run');
  if (run !== undefined) {
    return renderRun(run, format, { ...options, flags, rehearsal: false, verdict: null });
  }
  const plan = findNamed(named, plans, 'plan');
  if (plan !== undefined) return renderPlan(plan, format, { ...options, flags });
  throw new UsageError(`there is no run or plan ${JSON.stringify(named)} on this machine`, {
    remediation: ['Leave it out to see all there are.'],
  });
}

const SHORTEST = 4;

function findNamed<T extends { readonly id: string }>(
  named: string,
  all: readonly T[],
  kind: string,
): T | undefined {
  const exact = all.find(({ id }) => id === named);
  if (exact !== undefined || named.length < SHORTEST) return exact;
  const found = all.filter(({ id }) => id.startsWith(named));
  if (found.length <= 1) return found[0];
  throw new UsageError(`${named} is the beginning of ${found.length} ${kind}s`, {
    remediation: [`Name one of them: ${found.map(({ id }) => id).join(', ')}.`],
  });
}
