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
 * Where each state may lead. `applying` and `verifying` take turns, step by step; `stopped` and `unknown` are resumed, and every
 * run that changed something may be rolled back.
 */
const MOVES: Readonly<Record<LifecycleState, readonly LifecycleState[]>> = {
  detected: ['validated'],
  validated: ['awaiting_approval'],
  awaiting_approval: ['approved', 'rejected'],
  approved: ['applying', 'rejected'],
  rejected: [],
  applying: ['verifying', 'done', 'stopped', 'failed', 'unknown', 'rolled_back'],
  verifying: ['applying', 'done', 'stopped', 'failed', 'unknown', 'rolled_back'],
  done: ['rolling_back'],
  stopped: ['applying', 'rolling_back'],
  failed: ['rolling_back'],
  unknown: ['applying', 'rolling_back'],
  rolling_back: ['rolled_back', 'failed', 'unknown', 'stopped'],
  rolled_back: [],
};

export function mayMove(from: LifecycleState, to: LifecycleState): boolean {
  return MOVES[from].includes(to);
}

/** What became of one step. */
export const STEP_STATES = ['done', 'skipped', 'failed', 'unknown', 'rolled_back'] as const;
export type StepState = (typeof STEP_STATES)[number];
