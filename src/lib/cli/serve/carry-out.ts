import { applyPlan } from '../../app/cleanup/apply.ts';
import { whenBegun } from '../../app/cleanup/when-begun.ts';
import { type CleanupPlan } from '../../core/cleanup/plan-schema.ts';
import { type RunView } from '../../core/cleanup/run-view.ts';
import { type Actor } from '../../core/cleanup/journal-schema.ts';
import { type Logger } from '../../ports/logger.ts';
import { type Console } from '../base-command.ts';
import { type CleanupBench } from '../cleanup/cleanup-of.ts';
import { quietObserver } from '../cleanup/quiet-observer.ts';
import { explain } from './explain-failure.ts';

/** Who hears of a run that nobody looks on at. */
export interface RunListener {
  /** What could refuse it has been asked by now. */
  readonly begun: (run: RunView) => void;
  /** Something may have been changed, whatever came of the run. */
  readonly changed: (what: string) => void;
}

export interface WantedRun {
  readonly plan: CleanupPlan;
  readonly by: Actor;
}

/**
 * Carries out a plan to its end. Throws only what keeps it from being begun: once it is, somebody has been told so, and how it ends is
 * for its journal and the log.
 *
 * @returns the run as it was last heard of
 */
export async function carryOut(
  { ports, scan }: CleanupBench,
  { plan, by }: WantedRun,
  { logger, progress }: Pick<Console, 'logger' | 'progress'>,
  { begun, changed }: RunListener,
): Promise<RunView> {
  const started: RunView[] = [];
  const store = whenBegun(ports.store, (run) => {
    started.push(run);
    const fields = { run: run.id, plan: plan.plan_id };
    logger.log('info', `a clean-up plan is carried out for ${by.name}`, fields);
    begun(run);
  });
  try {
    const observer = quietObserver({ logger, progress }, 'execute');
    const run = await applyPlan({ ...ports, store }, scan, { plan, mode: 'execute', observer });
    logEnd(run, logger);
    return run;
  } catch (error) {
    const [run] = started;
    if (run === undefined) throw error;
    const { code, message } = explain(error, logger);
    logger.log('warn', `the clean-up run stopped: ${message}`, { run: run.id, code });
    return run;
  } finally {
    const [run] = started;
    if (run !== undefined) changed(`clean-up run ${run.id} has ended`);
  }
}

function logEnd({ id, state, reason }: RunView, logger: Logger): void {
  const why = reason === null ? {} : { reason };
  const level = state === 'done' ? 'info' : 'warn';
  logger.log(level, `the clean-up run ended: ${state}`, { run: id, state, ...why });
}
