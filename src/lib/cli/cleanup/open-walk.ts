import { type CleanupPlan } from '../../core/cleanup/plan-schema.ts';
import { paletteFor } from '../scan-and-render.ts';
import { currentTerminal, useColor } from '../terminal.ts';
import { type Walk, walkThrough } from './walk-through.ts';

/**
 * The screen on which somebody decides about each item of a plan.
 *
 * @param signal takes the screen away
 * @param interruption what Ctrl-C aborts, so that the step that is under way is seen to its end
 */
export async function openWalk(
  { items, clusters, systems }: CleanupPlan,
  plain: boolean,
  signal: AbortSignal,
  interruption: AbortController,
): Promise<Walk> {
  const { stdin, stdout } = process;
  return walkThrough({
    ...{ signal, stdin, stdout },
    palette: await paletteFor(useColor(currentTerminal(), plain)),
    total: items.length,
    plural: clusters.length + systems.length > 2,
    onInterrupt: (reason) => {
      interruption.abort(reason);
    },
  });
}
