import { type Agent } from 'undici';
import { TrueNasUnreachableError, type MonitorError } from '../../core/model/errors.ts';
import { millis, type Millis } from '../../core/model/units.ts';
import { type Logger } from '../../ports/logger.ts';
import { type RetryOptions, type RetryTiming } from '../http/retry.ts';
import { type LatencyMeter } from '../http/latency.ts';
import { isTlsFailure, tlsErrorFor } from '../http/tls.ts';
import { bracketed, type Endpoint, portOf } from './endpoint.ts';
import { addressOf, addressRemedies, type Source } from './whose-words.ts';

/** What is needed to prove who we are; never part of a message. */
export interface Credentials {
  readonly username: string | null;
  readonly apiKey: string | null;
  readonly password: string | null;
}

/** Everything both transports share about one system. */
export interface Link extends Source {
  readonly endpoint: Endpoint;
  readonly agent: Agent;
  readonly credentials: Credentials;
  /** How long one answer may take. */
  readonly timeout: Millis;
  readonly timing: RetryTiming;
  /** Notes how long each answer took. */
  readonly meter: LatencyMeter;
  readonly logger: Logger;
}

/** TrueNAS runs ten calls of a connection at a time and refuses the twenty-first. */
export const MAX_CALLS_IN_FLIGHT = 10;

/** How often, and how patiently, a read is tried where trying again may help. */
export function retryOptions(
  link: Link,
  signal: AbortSignal,
): Omit<RetryOptions, 'isTransient' | 'retryAfter'> {
  return {
    tries: 3,
    baseDelay: millis(250),
    maxDelay: millis(10_000),
    signal,
    ...link.timing,
  };
}

/** A signal for one call: whoever waits gave up, or the answer took too long. */
export function scopedTo(link: Link, signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(link.timeout)]);
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'it refuses connections at that port',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'its name cannot be resolved now',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'there is no route to it',
  ETIMEDOUT: 'it does not answer',
  ECONNRESET: 'it closed the connection',
  EPIPE: 'it closed the connection',
  UND_ERR_SOCKET: 'it closed the connection',
  UND_ERR_CONNECT_TIMEOUT: 'it does not answer',
  UND_ERR_HEADERS_TIMEOUT: 'it does not answer in time',
  UND_ERR_BODY_TIMEOUT: 'it stopped in the middle of an answer',
};

function* chainOf(cause: unknown): Generator<Error> {
  for (let error = cause; error instanceof Error; error = error.cause) {
    yield error;
    if (error instanceof AggregateError)
      yield* error.errors.filter((item) => item instanceof Error);
  }
}

/** Codes of an error and of everything behind it. */
function codesOf(cause: unknown): readonly string[] {
  return [...chainOf(cause)].flatMap((error) =>
    'code' in error && typeof error.code === 'string' ? [error.code] : [],
  );
}

const DROPPED = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/** Whether a connection that had been made broke: a read may be sent once more. */
export function isDrop(cause: unknown): boolean {
  return codesOf(cause).some((code) => DROPPED.has(code));
}

/** A connection that could not be made or did not last, as an error for people. */
export function connectionError(link: Link, cause: unknown): MonitorError {
  const { endpoint } = link;
  if (isTlsFailure(cause)) return tlsErrorFor(endpoint.name, endpoint.host, cause);
  if (isTimeout(cause)) return timeoutError(link, cause);
  const [code] = codesOf(cause);
  if (code === undefined) return unreachable(link, 'the connection failed', cause);
  const reason = REASONS[code] ?? code;
  // With code and address the message says all that its cause does.
  return UNMADE.has(code)
    ? unreachableAt(link, addressWithPort(endpoint), `${reason} (${code})`, cause)
    : unreachable(link, reason, cause);
}

/** Connections that never were: it may be the port, or the name, that is wrong. */
const UNMADE = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
]);

/** How a system is named where its port matters. */
function addressWithPort(endpoint: Endpoint): string {
  const { name, host, secure } = endpoint;
  const address = `${bracketed(host)}:${portOf(endpoint) ?? (secure ? '443' : '80')}`;
  return name === host ? address : `${name} (${address})`;
}

function isTimeout(cause: unknown): boolean {
  return [...chainOf(cause)].some((error) => error.name === 'TimeoutError');
}

function timeoutError(link: Link, cause: unknown): TrueNasUnreachableError {
  return new TrueNasUnreachableError(
    `${link.endpoint.label} did not answer within ${link.timeout / 1000} s`,
    {
      cause,
      remediation: ['Check that the system is up and not overloaded.', 'Raise truenas.timeout.'],
    },
  );
}

export function unreachable(link: Link, reason: string, cause?: unknown): TrueNasUnreachableError {
  return unreachableAt(link, link.endpoint.label, reason, cause);
}

function unreachableAt(
  link: Link,
  label: string,
  reason: string,
  cause?: unknown,
): TrueNasUnreachableError {
  return new TrueNasUnreachableError(`${label} cannot be reached: ${reason}`, {
    cause,
    remediation: addressRemedies(link, [
      `Check host and port in ${addressOf(link)}, and that the system is up.`,
    ]),
  });
}
