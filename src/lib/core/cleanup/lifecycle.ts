/*
 * The life of a plan and of the run that carries it out. Every move is an entry in a journal, and no other moves exist.
 */

export const LIFECYCLE_STATES = [
  'detected',
  'validated',
  'awaiting_approval',
  'approved',
  'rejected',
  'applying',
  'verifying',
  'done',
  'stopped',
  'failed',
  'unknown',
  'rolling_back',
  'rolled_back',
] as const;
export type LifecycleState = (typeof LIFECYCLE_STATES)[number];

/**
 * Where each state may lead. `applying` and `verifying` take turns, step by step, and in a rollback `rolling_back` and `verifying`;
 * `stopped` and `unknown` are resumed. A rollback is a run of its own: the run it undoes is shown as rolled back, and its journal stays
 * as it was.
 */
const MOVES: Readonly<Record<LifecycleState, readonly LifecycleState[]>> = {
  detected: ['validated'],
  validated: ['awaiting_approval'],
  awaiting_approval: ['approved', 'rejected'],
  approved: ['applying', 'rejected', 'stopped', 'done'],
  rejected: [],
  applying: ['verifying', 'done', 'stopped', 'failed', 'unknown'],
  verifying: ['applying', 'rolling_back', 'done', 'rolled_back', 'stopped', 'failed', 'unknown'],
  rolling_back: ['verifying', 'rolled_back', 'stopped', 'failed', 'unknown'],
  stopped: ['applying', 'rolling_back', 'done', 'rolled_back', 'failed', 'unknown'],
  unknown: ['applying', 'rolling_back', 'done', 'rolled_back', 'failed', 'stopped'],
  done: [],
  failed: [],
  rolled_back: [],
};

export function mayMove(from: LifecycleState, to: LifecycleState): boolean {
  return MOVES[from].includes(to);
}

/** What became of one step. */
export const STEP_STATES = ['done', 'skipped', 'failed', 'unknown', 'rolled_back'] as const;
export type StepState = (typeof STEP_STATES)[number];
