import { resolvePlan, resolveRun } from '../../adapters/store/cleanup/resolve.ts';
import { applyPlan } from '../../app/cleanup/apply.ts';
import { type RunMode } from '../../app/cleanup/requests.ts';
import { verdictOn } from '../../app/cleanup/gatekeeping.ts';
import { rollbackRun } from '../../app/cleanup/rollback.ts';
import { type PlanView } from '../../core/cleanup/plan-view.ts';
import { type CleanupPlan } from '../../core/cleanup/plan-schema.ts';
import { UsageError } from '../../core/model/errors.ts';
import { renderRun } from '../../core/render/cleanup/run.ts';
import { type Console } from '../base-command.ts';
import { exitCodeForRun } from '../exit-codes.ts';
import { type CleanupAsked, flagsToRepeat } from './asked.ts';
import { quietObserver } from './quiet-observer.ts';
import { type RunEnd, toItsEnd } from './run-end.ts';
import { hasScreen, layoutFor, type Shown } from './show.ts';
import { type CleanupWiring, refuseBorrowedKeys, wireCleanup } from './wire-cleanup.ts';

/** A plan or a run that is to be carried out or undone. */
export interface RunAsked extends CleanupAsked {
  /** Null where none is named. */
  readonly named: string | null;
  readonly execute: boolean;
}

export async function applyAndRender(
  asked: RunAsked,
  console: Console,
  signal: AbortSignal,
): Promise<Shown> {
  await using wiring = await wireCleanup(asked.connection, console, signal);
  const { plan } = await resolvePlan(wiring.ports.store, asked.named ?? undefined);
  refuseBorrowedKeys(wiring.borrowedKeys);
  const end =
    asked.execute && hasScreen()
      ? await applyOnScreen(wiring, plan, asked.plain)
      : await applyQuietly(wiring, plan, modeOf(asked), console);
  const { ports, scan } = wiring;
  const verdict = asked.execute ? null : await verdictOn(ports, scan, plan);
  return await runShown(end, asked, verdict);
}

async function applyQuietly(
  { ports, scan }: CleanupWiring,
  plan: CleanupPlan,
  mode: RunMode,
  console: Console,
): Promise<RunEnd> {
  const running = applyPlan(ports, scan, { plan, mode, observer: quietObserver(console, mode) });
  return await toItsEnd(running, ports.store, scan.signal, (run) => isOf(run.plan, plan));
}

/** Carries a plan out while somebody at the terminal decides about each item. */
export async function applyOnScreen(
  { ports, scan }: CleanupWiring,
  plan: CleanupPlan,
  plain: boolean,
): Promise<RunEnd> {
  const { openWalk } = await import('./open-walk.ts');
  const interruption = new AbortController();
  const signal = AbortSignal.any([scan.signal, interruption.signal]);
  const walk = await openWalk(plan, plain, scan.signal, interruption);
  try {
    const request = { plan, mode: 'execute', observer: walk } as const;
    const running = applyPlan(ports, { ...scan, signal }, request);
    return await toItsEnd(running, ports.store, signal, (run) => isOf(run.plan, plan));
  } finally {
    await walk.close();
  }
}

export async function rollbackAndRender(
  asked: RunAsked,
  console: Console,
  signal: AbortSignal,
): Promise<Shown> {
  const { named } = asked;
  // The newest one may be another by now than the one that is meant.
  if (named === null) throw noRunNamed();
  await using wiring = await wireCleanup(asked.connection, console, signal);
  const { ports, scan } = wiring;
  const { run } = await resolveRun(ports.store, named);
  refuseBorrowedKeys(wiring.borrowedKeys);
  const mode = modeOf(asked);
  const request = { runId: run.id, mode, observer: quietObserver(console, mode) };
  const running = rollbackRun(ports, scan, request);
  const end = await toItsEnd(running, ports.store, signal, ({ undoes }) => undoes === run.id);
  return await runShown(end, asked);
}

function noRunNamed(): UsageError {
  return new UsageError('nothing says which run to undo', {
    remediation: ['Name one as truenas-monitor cleanup history lists it.'],
  });
}

function isOf(plan: CleanupPlan | null, { plan_hash: hash }: CleanupPlan): boolean {
  return plan?.plan_hash === hash;
}

function modeOf({ execute }: Pick<RunAsked, 'execute'>): RunMode {
  return execute ? 'execute' : 'rehearse';
}

export async function runShown(
  { run, interrupted }: RunEnd,
  { connection, format, outputFile, plain, execute }: Omit<RunAsked, 'named'>,
  verdict: PlanView['state'] | null = null,
): Promise<Shown> {
  const text = renderRun(run, format, {
    ...(await layoutFor(outputFile, plain)),
    rehearsal: !execute,
    verdict,
    flags: flagsToRepeat(connection),
  });
  return { text, exitCode: exitCodeForRun(run, interrupted) };
}
