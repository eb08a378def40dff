import { applyPlan } from '../../app/cleanup/apply.ts';
import { type RunMode, type RunObserver } from '../../app/cleanup/requests.ts';
import { rollbackRun } from '../../app/cleanup/rollback.ts';
import { resolvePlan, resolveRun } from '../../adapters/store/cleanup/resolve.ts';
import { type CleanupPlan } from '../../core/cleanup/plan-schema.ts';
import { type RunView } from '../../core/cleanup/run-view.ts';
import { renderRun } from '../../core/render/cleanup/run.ts';
import { type Console } from '../base-command.ts';
import { exitCodeForRun } from '../exit-codes.ts';
import { type CleanupAsked, flagsToRepeat } from './asked.ts';
import { hasScreen, layoutFor, type Shown } from './show.ts';
import { type CleanupWiring, refuseBorrowedKeys, wireCleanup } from './wire-cleanup.ts';

/** A plan or a run that is to be carried out or undone. */
export interface RunAsked extends CleanupAsked {
  readonly named: string | undefined;
  readonly execute: boolean;
}

export async function applyAndRender(
  asked: RunAsked,
  console: Console,
  signal: AbortSignal,
): Promise<Shown> {
  await using wiring = await wireCleanup(asked.connection, console, signal);
  const { ports, scan } = wiring;
  const { plan } = await resolvePlan(ports.store, asked.named);
  const run =
    asked.execute && hasScreen()
      ? await applyOnScreen(wiring, plan, asked.plain)
      : await applyQuietly(wiring, plan, modeOf(asked), console);
  return await runShown(run, asked, wiring);
}

async function applyQuietly(
  { ports, scan, borrowedKeys }: CleanupWiring,
  plan: CleanupPlan,
  mode: RunMode,
  console: Console,
): Promise<RunView> {
  refuseBorrowedKeys(borrowedKeys);
  return await applyPlan(ports, scan, { plan, mode, observer: quietObserver(console) });
}

/** Carries a plan out while somebody at the terminal decides about each item. */
export async function applyOnScreen(
  { ports, scan, borrowedKeys }: CleanupWiring,
  plan: CleanupPlan,
  plain: boolean,
): Promise<RunView> {
  refuseBorrowedKeys(borrowedKeys);
  const { openWalk } = await import('./open-walk.ts');
  const interruption = new AbortController();
  const signal = AbortSignal.any([scan.signal, interruption.signal]);
  const walk = await openWalk(plan, plain, scan.signal, interruption);
  try {
    return await applyPlan(ports, { ...scan, signal }, { plan, mode: 'execute', observer: walk });
  } finally {
    await walk.close();
  }
}

export async function rollbackAndRender(
  asked: RunAsked,
  console: Console,
  signal: AbortSignal,
): Promise<Shown> {
  await using wiring = await wireCleanup(asked.connection, console, signal);
  const { ports, scan } = wiring;
  const { run } = await resolveRun(ports.store, asked.named);
  refuseBorrowedKeys(wiring.borrowedKeys);
  const request = { runId: run.id, mode: modeOf(asked), observer: quietObserver(console) };
  return await runShown(await rollbackRun(ports, scan, request), asked, wiring);
}

function modeOf({ execute }: Pick<RunAsked, 'execute'>): RunMode {
  return execute ? 'execute' : 'rehearse';
}

/** Nobody is there to be asked: what was approved is carried out. */
export function quietObserver({ logger, progress }: Console): RunObserver {
  return {
    step: ({ step, state, detail }) => {
      progress.step(`${step.id} ${step.title}`, 0, 0);
      if (state === null) return;
      const level = state === 'done' || state === 'rolled_back' ? 'info' : 'warn';
      logger.log(level, `${step.id} ${state}: ${detail ?? step.title}`);
    },
    note: (line) => {
      logger.log('warn', line);
    },
    confirm: () => Promise.resolve(true),
  };
}

export async function runShown(
  run: RunView,
  asked: Omit<RunAsked, 'named'>,
  { scan }: CleanupWiring,
): Promise<Shown> {
  const rehearsal = !asked.execute;
  const text = renderRun(run, asked.format, {
    ...(await layoutFor(asked.outputFile, asked.plain)),
    rehearsal,
    flags: flagsToRepeat(asked.connection),
  });
  return { text, exitCode: exitCodeForRun(run, scan.signal.aborted) };
}
