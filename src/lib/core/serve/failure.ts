import { type ErrorClass, MonitorError } from '../model/errors.ts';

/** A `MonitorError` as data, which can be handed from thread to thread and answered with. */
export interface Failure {
  readonly code: string;
  readonly class: ErrorClass;
  readonly message: string;
  readonly details: Readonly<Record<string, string | number>>;
  readonly remediation: readonly string[];
}

export function failureOf(error: MonitorError): Failure {
  const { code, class: kind, message, details, remediation } = error;
  return { code, class: kind, message, details, remediation };
}

/** A failure that came from another thread, thrown where it ends this one. */
export class ReceivedFailure extends MonitorError {
  readonly code: string;
  readonly class: ErrorClass;

  constructor({ code, class: kind, message, remediation, details }: Failure) {
    super(message, { remediation, details });
    this.code = code;
    this.class = kind;
  }
}

/** What nobody expected. What exactly it was is for the log: it may hold what is not for everybody. */
export const INTERNAL_FAILURE: Failure = {
  code: 'INTERNAL',
  class: 'critical',
  message: 'truenas-monitor met an error of its own',
  details: {},
  remediation: [
    'Look for the request id in the log of truenas-monitor, and report what it says there.',
  ],
};
