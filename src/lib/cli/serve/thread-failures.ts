import { type Failure } from '../../core/serve/failure.ts';

/*
 * Why the thread that scans does not do what it is asked for.
 */

export const ENDED: Failure = {
  code: 'SHUTTING_DOWN',
  class: 'transient',
  message: 'truenas-monitor is ending',
  details: {},
  remediation: [],
};

export const BUSY: Failure = {
  code: 'BUSY',
  class: 'transient',
  message: 'too much is being worked out already',
  details: {},
  remediation: ['Ask again in a moment.'],
};

/** A run may take minutes, and what is asked meanwhile would wait for its end. */
export const BUSY_CLEANING_UP: Failure = {
  ...BUSY,
  message: 'a clean-up plan is being carried out or tried out',
  remediation: ['Ask again once that is over: the history of clean-up tells how far it has come.'],
};

export function lost(reason: string): Failure {
  return {
    code: 'SCANNER_LOST',
    class: 'transient',
    message: `the scanning thread was lost: ${reason}`,
    details: {},
    remediation: ['Nothing need be done: the next scan starts another.'],
  };
}

/** The same for whoever asked for clean-up: what was begun may be half done. */
export function lostAtWork(failure: Failure): Failure {
  return {
    ...failure,
    remediation: [
      'Look at the history of clean-up, which tells whether a run had begun and how far it had come.',
      'Have the same plan carried out again to go on with it: that looks first at what became of the last step.',
    ],
  };
}
