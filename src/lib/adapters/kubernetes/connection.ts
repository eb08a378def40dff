import { request, type Dispatcher } from 'undici';
import { type ConnectionFailure, lostBy, type TlsFacts } from '../../core/model/connection.ts';
import { ClusterUnreachableError } from '../../core/model/errors.ts';
import { millis, type Millis } from '../../core/model/units.ts';
import { bodyText } from '../http/body-text.ts';
import { LatencyMeter } from '../http/latency.ts';
import { parseRetryAfter, retry, type RetryTiming } from '../http/retry.ts';
import { type Credentials } from './credentials.ts';
import {
  ClusterBusyError,
  notKubernetes,
  timedOut,
  transportFailure,
  unauthorized,
  type ClusterAddress,
} from './failures.ts';
import { parseAnswer } from './answer-text.ts';
import { recordAt, type JsonRecord } from './json.ts';
import { type Session } from './session.ts';

/** An answer of the API server that is not worth asking for again. */
export interface ApiAnswer {
  readonly status: number;
  /** A list, an object, or the `Status` of a refusal. Null for the plain text of an unknown path. */
  readonly body: JsonRecord | null;
  /** The server's clock, to the second. */
  readonly clock: Date | null;
}

export interface ConnectionOptions {
  readonly cluster: ClusterAddress;
  /** Address of the server, perhaps with a path in front of the API's own. */
  readonly server: URL;
  readonly credentials: Credentials;
  /** For one request, its whole body included. */
  readonly timeout: Millis;
  readonly timing: RetryTiming;
}

interface Message {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
}

const REVIEW = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview' } as const;
const REVIEWS = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

/** Sends requests to one cluster: with credentials, a deadline, and a bounded number of tries. */
export class Connection {
  readonly cluster: ClusterAddress;
  readonly #options: ConnectionOptions;
  readonly #base: string;
  readonly #meter = new LatencyMeter();
  /** What the last message failed with, where it found nobody. */
  #lost: ClusterUnreachableError | null = null;

  constructor(options: ConnectionOptions) {
    this.cluster = options.cluster;
    this.#options = options;
    this.#base = options.server.href.replace(/\/+$/, '');
  }

  /** How long the server took to answer. */
  get meter(): LatencyMeter {
    return this.#meter;
  }

  /** That the server is gone, where the last message found nobody; one that is merely busy is there. */
  get failure(): ConnectionFailure | null {
    return this.#lost && lostBy(this.#lost);
  }

  /** What the server showed of itself; null without TLS, and until it is connected. */
  get tls(): TlsFacts | null {
    return this.#options.credentials.tls;
  }

  /**
   * Gets one path. What the server refuses is an answer; what keeps it from answering is thrown as a
   * `MonitorError`, after retries where they may help. Only an abort of `signal` throws anything else.
   */
  async get(path: string, signal: AbortSignal): Promise<ApiAnswer> {
    return await this.#send({ method: 'GET', path }, signal);
  }

  /**
   * Asks whether this tool may do something. Kubernetes wants that to be POSTed, but nothing is made by it, so that it is
   * repeated like any other read. Nothing else is ever sent that is not a GET.
   */
  async review(
    resourceAttributes: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<ApiAnswer> {
    const body = JSON.stringify({ ...REVIEW, spec: { resourceAttributes } });
    return await this.#send({ method: 'POST', path: REVIEWS, body }, signal);
  }

  async #send(message: Message, signal: AbortSignal): Promise<ApiAnswer> {
    try {
      const answer = await this.#repeated(message, signal);
      this.#lost = null;
      return answer;
    } catch (error) {
      signal.throwIfAborted();
      const isGone =
        error instanceof ClusterUnreachableError && !(error instanceof ClusterBusyError);
      this.#lost = isGone ? error : null;
      throw error;
    }
  }

  async #repeated(message: Message, signal: AbortSignal): Promise<ApiAnswer> {
    return await retry(async () => await this.#authorized(message, signal), {
      tries: 3,
      baseDelay: millis(250),
      maxDelay: millis(10_000),
      isTransient: (error) => error instanceof ClusterUnreachableError,
      retryAfter: (error) => (error instanceof ClusterBusyError ? error.retryAfter : undefined),
      signal,
      ...this.#options.timing,
    });
  }

  async close(): Promise<void> {
    await this.#options.credentials.close();
  }

  /** A token may have been rotated since it was read, so one refusal is followed by a second try. */
  async #authorized(message: Message, signal: AbortSignal): Promise<ApiAnswer> {
    const { credentials } = this.#options;
    const session = await unlessAborted(credentials.current(), signal);
    const answer = await this.#exchange(session, message, signal);
    if (answer.status !== 401) return answer;
    const renewed = await unlessAborted(credentials.renew(session), signal);
    const second = await this.#exchange(renewed, message, signal);
    if (second.status === 401) throw unauthorized(this.cluster);
    return second;
  }

  async #exchange(session: Session, message: Message, signal: AbortSignal): Promise<ApiAnswer> {
    const { cluster } = this;
    const { method, path, body } = message;
    const started = performance.now();
    const deadline = AbortSignal.timeout(this.#options.timeout);
    let response: Dispatcher.ResponseData;
    let text: string;
    try {
      response = await request(`${this.#base}${path}`, {
        ...session,
        method,
        ...(body === undefined
          ? {}
          : { body, headers: { ...session.headers, 'content-type': 'application/json' } }),
        signal: AbortSignal.any([signal, deadline]),
      });
      // How long the rest takes is a matter of how much there is to tell.
      this.#meter.note(performance.now() - started);
      text = await bodyText(response.body);
    } catch (cause) {
      signal.throwIfAborted();
      if (deadline.aborted) throw timedOut(cluster, this.#options.timeout);
      throw transportFailure(cluster, cause);
    }
    return readAnswer(cluster, response, text);
  }
}

/** What Go's server says for a path that it does not know, such as an API group that is not installed. */
const UNKNOWN_PATH = '404 page not found';

function readAnswer(
  cluster: ClusterAddress,
  { statusCode, headers }: Dispatcher.ResponseData,
  text: string,
): ApiAnswer {
  const clock = instantOf(headerOf(headers, 'date'));
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

function describeForeign(
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

function instantOf(header: string | undefined): Date | null {
  const instant = new Date(header ?? '');
  return Number.isNaN(instant.getTime()) ? null : instant;
}

/** Gives up on a promise that cannot itself be aborted, such as a plug-in that waits for somebody. */
async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => {
    reject(signal.reason as Error);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
