import { type StepState } from '../../core/cleanup/lifecycle.ts';
import { type StepView } from '../../core/cleanup/run-view.ts';

/*
 * How far the steps of an item are.
 */

export function isOver({ state, pending }: StepView): boolean {
  return !pending && state !== null && state !== 'unknown';
}

/** What is done, or was on its way back when a run was interrupted. */
export function isToTakeBack({ state, undoing }: StepView): boolean {
  return state === 'done' || (undoing && state === 'unknown');
}

export function hasBegun(steps: readonly StepView[]): boolean {
  return steps.some(({ attempts }) => attempts > 0);
}

/** Some steps done, and others given up: a run that was killed while it took them back. */
export function isHalfDone(steps: readonly StepView[]): boolean {
  const has = (wanted: StepState): boolean => steps.some(({ state }) => state === wanted);
  return has('done') && (has('skipped') || has('rolled_back'));
}
