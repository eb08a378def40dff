import {
  MonitorError,
  TrueNasForbiddenError,
  TrueNasProtocolError,
  TrueNasUnreachableError,
} from '../../core/model/errors.ts';
import { NasCallError } from './call-error.ts';
import { DecodeError } from './decode-values.ts';
import { type Link } from './link.ts';
import { roleFor } from './roles.ts';
import { addressOf } from './whose-words.ts';

/** Why a list or a lookup failed, in one line; what was not expected to fail is thrown on. */
export function reasonFor(link: Link, error: unknown): string {
  const { label } = link.endpoint;
  if (error instanceof MonitorError) return error.message;
  if (error instanceof DecodeError)
    return `${label} answered in an unknown shape: ${error.message}`;
  if (!(error instanceof NasCallError)) throw error;
  switch (error.failure) {
    case 'denied':
      return `${label} denied ${error.method}: ${missingRight(error.method)}`;
    case 'unknown-method':
      return `${label} has no ${error.method}`;
    case 'unauthenticated':
      return `${label} ended the login and does not renew it`;
    case 'absent':
    case 'busy':
    case 'failed':
      return `${label} failed ${error.method}: ${error.message}`;
  }
}

function isRoute(method: string): boolean {
  return method.startsWith('/');
}

/** REST knows verbs and paths alone, which only a full administrator may use. */
function missingRight(method: string): string {
  return isRoute(method)
    ? "over REST the key's user must be a full administrator"
    : `the key's user lacks the role ${roleFor(method)}`;
}

/** A failure that leaves nothing to read, as an error for people. */
export function forPeople(link: Link, error: unknown): unknown {
  if (error instanceof MonitorError) return error;
  if (!(error instanceof NasCallError) && !(error instanceof DecodeError)) return error;
  const reason = reasonFor(link, error);
  if (error instanceof DecodeError || error.failure === 'unknown-method') {
    return new TrueNasProtocolError(reason, {
      cause: error,
      remediation: [
        `Check that ${addressOf(link)} points at a TrueNAS system of a supported version.`,
      ],
    });
  }
  if (error.failure === 'denied') {
    return new TrueNasForbiddenError(reason, {
      cause: error,
      remediation: [
        isRoute(error.method)
          ? 'Use a key of a full administrator, or TrueNAS 25.04 or later, where READONLY_ADMIN suffices.'
          : "Give the key's user a privilege with the role READONLY_ADMIN.",
      ],
    });
  }
  return new TrueNasUnreachableError(reason, {
    cause: error,
    remediation: ['Check the state of middlewared on the system, then try again.'],
  });
}
