import { runView, type RunView } from '../../core/cleanup/run-view.ts';
import { type CleanupStore } from '../../ports/cleanup-store.ts';

/** How far a run has come, and whether somebody ended it. */
export interface RunEnd {
  readonly run: RunView;
  readonly interrupted: boolean;
}

/**
 * Waits for a run. Whoever interrupts it wants to know how far it has come: that is in its journal. Throws where it had not begun.
 *
 * @param isIt tells the run among those that are kept
 */
export async function toItsEnd(
  running: Promise<RunView>,
  store: CleanupStore,
  signal: AbortSignal,
  isIt: (run: RunView) => boolean,
): Promise<RunEnd> {
  try {
    return { run: await running, interrupted: signal.aborted };
  } catch (error) {
    if (!signal.aborted) throw error;
    const kept = await store.runs();
    const run = kept.flatMap(({ entries }) => runView(entries) ?? []).findLast(isIt);
    if (run === undefined) throw error;
    return { run, interrupted: true };
  }
}
