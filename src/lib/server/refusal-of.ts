import {
  CLEANUP_APPLY_OFF,
  CLEANUP_BUSY,
  CLEANUP_HASH_DIFFERS,
  CLEANUP_PLAN_UNKNOWN,
  CLEANUP_RUN_UNKNOWN,
} from '../core/cleanup/desk-failures.ts';
import { type Failure } from '../core/serve/failure.ts';
import { HttpError } from './http-error.ts';

/** By what was expected to go wrong. */
const STATUSES: Readonly<Record<string, number>> = {
  USAGE: 400,
  [CLEANUP_APPLY_OFF]: 403,
  [CLEANUP_PLAN_UNKNOWN]: 404,
  [CLEANUP_RUN_UNKNOWN]: 404,
  CLEANUP_REFUSED: 409,
  CLEANUP_LOCKED: 409,
  [CLEANUP_BUSY]: 409,
  [CLEANUP_HASH_DIFFERS]: 409,
  INTERNAL: 500,
};

/** What passes by itself, and when it is worth to ask again. */
const AGAIN = { 'retry-after': '5' };

/**
 * Something that went wrong, as an answer.
 *
 * @param own statuses of a route that means something else by a code
 */
export function refusalOf(failure: Failure, own: Readonly<Record<string, number>> = {}): HttpError {
  const { code, class: kind } = failure;
  const status = own[code] ?? STATUSES[code] ?? (kind === 'transient' ? 503 : 500);
  return new HttpError(status, failure, status === 503 || code === CLEANUP_BUSY ? AGAIN : {});
}
