import { type Dispatcher } from 'undici';
import { millis, type Millis } from '../../core/model/units.ts';
import { parseRetryAfter } from '../http/retry.ts';
import { parseAnswer } from './answer-text.ts';
import { ClusterBusyError, notKubernetes, type ClusterAddress } from './failures.ts';
import { recordAt, type JsonRecord } from './json.ts';

/** An answer of the API server that is not worth asking for again. */
export interface ApiAnswer {
  readonly status: number;
  /** A list, an object, or the `Status` of a refusal. Null for the plain text of an unknown path. */
  readonly body: JsonRecord | null;
  /** The server's clock, to the second. */
  readonly clock: Date | null;
}

/** What Go's server says for a path that it does not know, such as an API group that is not installed. */
export const UNKNOWN_PATH = '404 page not found';

/** What was answered. What is not worth being called an answer is thrown as a `MonitorError`. */
export function readAnswer(
  cluster: ClusterAddress,
  { statusCode, headers }: Dispatcher.ResponseData,
  text: string,
): ApiAnswer {
  const clock = clockOf(headers);
  const body = parseAnswer(text);
  if (statusCode === 429 || statusCode >= 500) {
    const asked = parseRetryAfter(headerOf(headers, 'retry-after'), clock);
    throw new ClusterBusyError(cluster, statusCode, asked ?? secondsAsked(body));
  }
  // A refusal counts whoever words it: some authenticating proxies answer 401 and 403 in HTML.
  const isRefusal = statusCode === 401 || statusCode === 403;
  const isUnknownPath = statusCode === 404 && text.trim() === UNKNOWN_PATH;
  if (body === null && !isRefusal && !isUnknownPath) {
    throw notKubernetes(cluster, `answered ${describeForeign(statusCode, headers, text)}`);
  }
  return { status: statusCode, body, clock };
}

/** What somebody answered who is no API server. */
export function describeForeign(
  status: number,
  headers: Dispatcher.ResponseData['headers'],
  text: string,
): string {
  if (status >= 300 && status < 400) return `with a redirect (${status}) where JSON was expected`;
  const isHtml = /html/i.test(headerOf(headers, 'content-type') ?? '') || /^\s*</.test(text);
  return `with ${isHtml ? 'HTML' : 'something else'} (${status}) where JSON was expected`;
}

/** Some refusals say it in their Status instead of a header. */
function secondsAsked(body: JsonRecord | null): Millis | undefined {
  const seconds = body === null ? undefined : recordAt(body, 'details')['retryAfterSeconds'];
  return typeof seconds === 'number' && seconds >= 0 ? millis(seconds * 1_000) : undefined;
}

function headerOf(headers: Dispatcher.ResponseData['headers'], name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** The server's clock, to the second. */
export function clockOf(headers: Dispatcher.ResponseData['headers']): Date | null {
  return instantOf(headerOf(headers, 'date'));
}

function instantOf(header: string | undefined): Date | null {
  const instant = new Date(header ?? '');
  return Number.isNaN(instant.getTime()) ? null : instant;
}
