import { type Failure } from '../serve/failure.ts';

/*
 * Why clean-up that is asked for from afar is refused before it begins. What refuses it later has the codes it has for the commands too,
 * such as `CLEANUP_REFUSED` and `CLEANUP_LOCKED`.
 */

export const CLEANUP_BUSY = 'CLEANUP_BUSY';
export const CLEANUP_HASH_DIFFERS = 'CLEANUP_HASH_DIFFERS';
export const CLEANUP_PLAN_UNKNOWN = 'CLEANUP_PLAN_UNKNOWN';
export const CLEANUP_RUN_UNKNOWN = 'CLEANUP_RUN_UNKNOWN';
export const CLEANUP_APPLY_OFF = 'CLEANUP_APPLY_OFF';

/** What a desk works at. */
export type DeskWork = 'plan' | 'judge' | 'rehearse' | 'execute';

const UNDER_WAY: Readonly<Record<DeskWork, string>> = {
  plan: 'a plan is being made',
  judge: 'a plan is being approved or rejected',
  rehearse: 'a plan is being tried out',
  execute: 'a plan is being carried out',
};

/** Somebody else was first. Waiting would hold a request open for as long as a run may take. */
export function deskBusy(work: DeskWork): Failure {
  return {
    code: CLEANUP_BUSY,
    class: 'transient',
    message: UNDER_WAY[work],
    details: {},
    remediation: [
      work === 'execute'
        ? 'Ask again once the run has ended: the history of clean-up tells how far it has come.'
        : 'Ask again in a moment.',
    ],
  };
}

/** Somebody speaks of a plan that is not the one they read. */
export function hashDiffers(planId: string, kept: string, given: string): Failure {
  return {
    code: CLEANUP_HASH_DIFFERS,
    class: 'configuration',
    message: `plan ${planId} is not the plan that was read: its hash is another`,
    details: { plan_id: planId, kept, given },
    remediation: ['Read the plan again, and send the hash of the one that is meant.'],
  };
}

export function planUnknown(planId: string): Failure {
  return {
    code: CLEANUP_PLAN_UNKNOWN,
    class: 'configuration',
    message: `there is no plan ${JSON.stringify(planId)} on this machine`,
    details: { plan_id: planId },
    remediation: ['List the plans there are, or make a new one.'],
  };
}

export function runUnknown(runId: string): Failure {
  return {
    code: CLEANUP_RUN_UNKNOWN,
    class: 'configuration',
    message: `there is no run ${JSON.stringify(runId)} on this machine`,
    details: { run_id: runId },
    remediation: ['List the runs there are.'],
  };
}

export const APPLY_OFF: Failure = {
  code: CLEANUP_APPLY_OFF,
  class: 'configuration',
  message: 'plans are not carried out through this server',
  details: {},
  remediation: [
    'Carry it out where truenas-monitor runs, with truenas-monitor cleanup apply.',
    'Set server.allow_apply: true in the configuration, if whoever is an admin may do it from afar.',
  ],
};
