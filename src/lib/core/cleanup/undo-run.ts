import { givesBack } from './change.ts';
import { type PlanStep } from './plan-schema.ts';
import { type StepView } from './run-view.ts';
import { undoOf } from './undo.ts';

/**
 * Why a step is not undone once its item is done: whoever was given a share back uses it by now, and a rollback asks nobody. Half of an
 * export is of no use to anybody, and goes.
 */
function whyKept(view: StepView, views: readonly StepView[]): string | undefined {
  const isWhole = views
    .filter(({ step }) => step.item === view.step.item)
    .every(({ state }) => state === 'done');
  return givesBack(view.step.change) && isWhole
    ? `${view.step.subject.name} was given back to its volume, which may be in use through it`
    : undefined;
}

/** Everything that a run did and that can be undone, last first, and what cannot be. */
export function undoSteps(views: readonly StepView[]): {
  readonly steps: readonly PlanStep[];
  readonly lost: readonly { readonly step: string; readonly reason: string }[];
} {
  const steps: PlanStep[] = [];
  const lost: { step: string; reason: string }[] = [];
  for (const view of views.toReversed()) {
    if (view.state !== 'done') continue;
    const kept = whyKept(view, views);
    const undo = kept === undefined ? undoOf(view, views) : { lost: kept };
    if ('lost' in undo) lost.push({ step: view.step.id, reason: undo.lost });
    else steps.push(undo.step);
  }
  return { steps, lost };
}
