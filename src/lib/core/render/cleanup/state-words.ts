import { type LifecycleState } from '../../cleanup/lifecycle.ts';
import { type Palette, type Style } from '../text/palette.ts';

/** States as words of a sentence about a run. */
export const STATE_WORDS: Readonly<Record<LifecycleState, string>> = {
  detected: 'detected',
  validated: 'validated',
  awaiting_approval: 'waiting for approval',
  approved: 'approved, not begun',
  rejected: 'rejected',
  applying: 'under way or interrupted',
  verifying: 'under way or interrupted, looking at what it did',
  done: 'done',
  stopped: 'STOPPED',
  failed: 'FAILED',
  unknown: 'UNKNOWN OUTCOME',
  rolling_back: 'undoing, under way or interrupted',
  rolled_back: 'rolled back',
};

/** The same for a column. */
export const SHORT_STATES: Readonly<Record<LifecycleState, string>> = {
  ...STATE_WORDS,
  approved: 'not begun',
  applying: 'unfinished',
  verifying: 'unfinished',
  rolling_back: 'unfinished',
  unknown: 'UNKNOWN',
};

export function styleOf(state: LifecycleState, palette: Palette): Style {
  if (state === 'done' || state === 'rolled_back') return palette.good;
  return state === 'approved' ? palette.dim : palette.warning;
}
