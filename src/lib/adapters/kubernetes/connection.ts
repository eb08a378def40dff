import { request, type Dispatcher } from 'undici';
import { type ConnectionFailure, lostBy, type TlsFacts } from '../../core/model/connection.ts';
import { ClusterUnreachableError, MonitorError } from '../../core/model/errors.ts';
import { millis, type Millis } from '../../core/model/units.ts';
import { bodyText } from '../http/body-text.ts';
import { LatencyMeter, type OnCall } from '../http/latency.ts';
import { retry, type RetryTiming } from '../http/retry.ts';
import { readAnswer, type ApiAnswer } from './api-answer.ts';
import { type Credentials } from './credentials.ts';
import { deliver, type ChangeMessage, type Delivery } from './delivery.ts';
import {
  ClusterBusyError,
  timedOut,
  transportFailure,
  unauthorized,
  type ClusterAddress,
} from './failures.ts';
import { type Session } from './session.ts';
import { unlessAborted } from './unless-aborted.ts';

export interface ConnectionOptions {
  readonly cluster: ClusterAddress;
  /** Address of the server, perhaps with a path in front of the API's own. */
  readonly server: URL;
  readonly credentials: Credentials;
  /** For one request, its whole body included. */
  readonly timeout: Millis;
  readonly timing: RetryTiming;
  readonly onCall?: OnCall | undefined;
}

/** An answer whose body has only begun. Whoever got it reads it to its end, or destroys it. */
export interface OpenAnswer {
  readonly status: number;
  readonly body: Dispatcher.ResponseData['body'];
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
  readonly #meter: LatencyMeter;
  /** What the last message failed with, where it found nobody. */
  #lost: ClusterUnreachableError | null = null;

  constructor(options: ConnectionOptions) {
    this.cluster = options.cluster;
    this.#options = options;
    this.#meter = new LatencyMeter(options.onCall);
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
   * repeated like any other read.
   */
  async review(
    resourceAttributes: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<ApiAnswer> {
    const body = JSON.stringify({ ...REVIEW, spec: { resourceAttributes } });
    return await this.#send({ method: 'POST', path: REVIEWS, body }, signal);
  }

  /**
   * Asks the cluster who this tool is, which is POSTed and makes nothing either.
   *
   * @param version of authentication.k8s.io
   */
  async whoAmI(version: string, signal: AbortSignal): Promise<ApiAnswer> {
    const apiVersion = `authentication.k8s.io/${version}`;
    const body = JSON.stringify({ apiVersion, kind: 'SelfSubjectReview' });
    const path = `/apis/${apiVersion}/selfsubjectreviews`;
    return await this.#send({ method: 'POST', path, body }, signal);
  }

  /** Asks a question that Kubernetes wants to be POSTed, such as a review of somebody else. Nothing is made by it. */
  async ask(path: string, question: unknown, signal: AbortSignal): Promise<ApiAnswer> {
    return await this.#send({ method: 'POST', path, body: JSON.stringify(question) }, signal);
  }

  /** Sends what changes something, once, whatever becomes of it. Only an abort of `signal` before it has left throws. */
  async change(message: ChangeMessage, signal: AbortSignal): Promise<Delivery> {
    const { credentials, timeout } = this.#options;
    let session: Session;
    try {
      session = await unlessAborted(credentials.current(), signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof MonitorError)) throw error;
      return { state: 'not-sent', reason: error.message };
    }
    const { cluster, meter } = this;
    const url = `${this.#base}${message.path}`;
    const delivery = await deliver({ cluster, session, url, timeout, meter }, message, signal);
    if (delivery.state === 'refused' && delivery.status === 401) await this.#renew(session, signal);
    return delivery;
  }

  /** For whoever sends something next. That it fails is for them to find out. */
  async #renew(refused: Session, signal: AbortSignal): Promise<void> {
    try {
      await unlessAborted(this.#options.credentials.renew(refused), signal);
    } catch (error) {
      if (!(error instanceof MonitorError || signal.aborted)) throw error;
    }
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

  /**
   * Opens an answer that goes on for as long as the server has something to tell, such as a watch.
   *
   * @param silence for how long nothing may come before nobody is there any more
   */
  async open(path: string, silence: Millis, signal: AbortSignal): Promise<OpenAnswer> {
    const { credentials } = this.#options;
    const session = await unlessAborted(credentials.current(), signal);
    const answer = await this.#open(session, path, silence, signal);
    if (answer.status !== 401) return answer;
    answer.body.destroy();
    const renewed = await unlessAborted(credentials.renew(session), signal);
    return await this.#open(renewed, path, silence, signal);
  }

  async #open(
    session: Session,
    path: string,
    silence: Millis,
    signal: AbortSignal,
  ): Promise<OpenAnswer> {
    const { timeout } = this.#options;
    try {
      const { statusCode: status, body } = await request(`${this.#base}${path}`, {
        ...session,
        method: 'GET',
        headersTimeout: timeout,
        bodyTimeout: silence,
        signal,
      });
      // Destroyed before its end it says so, to nobody.
      body.on('error', () => undefined);
      return { status, body };
    } catch (cause) {
      signal.throwIfAborted();
      throw transportFailure(this.cluster, cause);
    }
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
    let response: Dispatcher.ResponseData | undefined;
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
      if (response === undefined) this.#meter.noteFailure(performance.now() - started);
      if (deadline.aborted) throw timedOut(cluster, this.#options.timeout);
      throw transportFailure(cluster, cause);
    }
    return readAnswer(cluster, response, text);
  }
}
