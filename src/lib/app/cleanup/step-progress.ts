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

/** Whether anything was sent, or given up, of an item: what has not begun can be left alone whole. */
export function isUntouched(steps: readonly StepView[]): boolean {
  return steps.every(({ state, pending }) => state === null && !pending);
}

/** Whether something was done, or may have been, and not all of it: it has to be looked at, and finished or taken back. */
export function isUnsettled(steps: readonly StepView[]): boolean {
  if (steps.some(({ pending, state }) => pending || state === 'unknown')) return true;
  const done = steps.filter(({ state }) => state === 'done').length;
  return done > 0 && done < steps.length;
}

/** Some steps done, and others given up: a run that was killed while it took them back. */
export function isHalfDone(steps: readonly StepView[]): boolean {
  const has = (wanted: StepState): boolean => steps.some(({ state }) => state === wanted);
  return has('done') && (has('skipped') || has('rolled_back'));
}
