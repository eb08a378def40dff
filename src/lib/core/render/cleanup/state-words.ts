import { type LifecycleState } from '../../cleanup/lifecycle.ts';
import { type RunView } from '../../cleanup/run-view.ts';
import { type Palette, type Style } from '../text/palette.ts';

/** States as words of a sentence about a run. */
const STATE_WORDS: Readonly<Record<LifecycleState, string>> = {
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
const SHORT_STATES: Readonly<Record<LifecycleState, string>> = {
  ...STATE_WORDS,
  approved: 'not begun',
  applying: 'unfinished',
  verifying: 'unfinished',
  rolling_back: 'unfinished',
  unknown: 'UNKNOWN',
};

type Ended = Pick<RunView, 'kind' | 'state' | 'steps' | 'lost'>;

/** A rollback that is over and has left something as the run had made it. */
export function isPartly({ kind, state, steps, lost }: Ended): boolean {
  if (kind !== 'rollback' || state !== 'rolled_back') return false;
  return lost.length > 0 || steps.some((each) => each.state !== 'done');
}

export function stateWords(run: Ended): string {
  return isPartly(run) ? 'rolled back in part' : STATE_WORDS[run.state];
}

export function shortState(run: Ended): string {
  return isPartly(run) ? 'back in part' : SHORT_STATES[run.state];
}

export function styleOf(run: Ended, palette: Palette): Style {
  const { state } = run;
  if (isPartly(run)) return palette.warning;
  if (state === 'done' || state === 'rolled_back') return palette.good;
  return state === 'approved' ? palette.dim : palette.warning;
}
