import pLimit from 'p-limit';
import { MonitorError } from '../../core/model/errors.ts';
import { retry } from '../http/retry.ts';
import { type Call, type Delivery } from './call.ts';
import { NasCallError } from './call-error.ts';
import {
  connectionError,
  type Link,
  MAX_CALLS_IN_FLIGHT,
  retryOptions,
  scopedTo,
  unreachable,
} from './link.ts';
import { followOn, type Following } from './following.ts';
import { keepAlive } from './keep-alive.ts';
import { logIn } from './login.ts';
import {
  explainClosed,
  explainRefusedUpgrade,
  mayReconnect,
  UpgradeRefusedError,
} from './rpc-closed.ts';
import { BadFrameError, ConnectionLostError, RpcSocket } from './rpc-socket.ts';

const OPTIONS = { legacy_jobs: false, private_methods: false, py_exceptions: false };

/**
 * Calls methods over one connection with one login. A read whose connection broke is sent once more over a new one, a change
 * never; what was refused for good is remembered and not tried again.
 */
export class RpcClient {
  readonly #link: Link;
  readonly #path: string;
  readonly #limit = pLimit(MAX_CALLS_IN_FLIGHT);
  #socket: Promise<RpcSocket> | undefined;
  #live: RpcSocket | undefined;
  #login: Promise<void> | undefined;
  #broken: MonitorError | undefined;
  #lastLoss: unknown;
  #connecting = 0;
  #closed = false;

  constructor(link: Link, path: string) {
    this.#link = link;
    this.#path = path;
  }

  /** Throws `NasCallError` where TrueNAS answers with an error, a `MonitorError` where the connection fails. */
  async call(method: string, params: readonly unknown[], signal: AbortSignal): Promise<unknown> {
    return await this.#limit(async () => {
      signal.throwIfAborted();
      try {
        return await this.#callOnce(method, params, signal);
      } catch (error) {
        signal.throwIfAborted();
        if (!(await this.#mended(error, signal))) throw this.#explain(error);
      }
      try {
        return await this.#callOnce(method, params, signal);
      } catch (error) {
        signal.throwIfAborted();
        throw this.#explain(error);
      }
    });
  }

  /**
   * Sends a change, once: whatever becomes of it, it is not sent again. A small read right before it mends connection and login,
   * so that the change does not find them broken. Once it is sent nothing but the deadline ends the wait: the answer is all
   * that tells what has happened.
   */
  async send({ method, params, timeout }: Call, signal: AbortSignal): Promise<Delivery> {
    let socket: RpcSocket;
    try {
      await this.call('system.version_short', [], signal);
      socket = await this.#connection(signal);
    } catch (error) {
      signal.throwIfAborted();
      return { state: 'not-sent', error: this.#explain(error) };
    }
    return await this.#limit(async () => {
      signal.throwIfAborted();
      const { endpoint, logger } = this.#link;
      if (!socket.isOpen) {
        return { state: 'not-sent', error: unreachable(this.#link, 'it closed the connection') };
      }
      logger.log('debug', 'changing', { system: endpoint.name, method });
      const span = timeout ?? this.#link.timeout;
      try {
        const result = await socket.call(method, params, AbortSignal.timeout(span));
        return { state: 'answered', result };
      } catch (error) {
        if (error instanceof NasCallError && !error.isUnclear) return { state: 'refused', error };
        return { state: 'no-answer', error: this.#explain(error, span) };
      }
    });
  }

  /** Whether there is a connection that works, as far as anybody knows. */
  get isAlive(): boolean {
    return this.#broken === undefined && this.#live?.isOpen === true;
  }

  /** Whether somebody waits for an answer, or for the connection. */
  get isBusy(): boolean {
    return this.#connecting > 0 || this.#limit.activeCount + this.#limit.pendingCount > 0;
  }

  /** Forgets what was refused: whoever asks next asks TrueNAS. */
  renew(): void {
    this.#broken = undefined;
  }

  /** Follows collections over the connection there is, or a new one, until that ends. Throws where none can be had. */
  async follow(
    collections: readonly string[],
    following: Following,
    signal: AbortSignal,
  ): Promise<void> {
    const socket = await this.#connection(signal);
    const subscribe = async (collection: string) => {
      await this.call('core.subscribe', [collection], signal);
    };
    await followOn(socket, subscribe, collections, following, signal);
  }

  close(): void {
    this.#closed = true;
    this.#live?.close();
  }

  async #callOnce(
    method: string,
    params: readonly unknown[],
    signal: AbortSignal,
  ): Promise<unknown> {
    if (this.#broken !== undefined) throw this.#broken;
    if (this.#closed) throw unreachable(this.#link, 'the connection was given up');
    const socket = await this.#connection(signal);
    this.#link.logger.log('debug', 'calling', { system: this.#link.endpoint.name, method });
    return await this.#link.meter.time(
      () => socket.call(method, params, scopedTo(this.#link, signal)),
      (error) => error instanceof NasCallError,
    );
  }

  /** Whether the reason of a failed call has been removed, so that the call may be sent again. */
  async #mended(error: unknown, signal: AbortSignal): Promise<boolean> {
    const { endpoint, logger } = this.#link;
    if (mayReconnect(error)) {
      // Every call that was under way fails with the same error.
      if (error !== this.#lastLoss) {
        logger.log('warn', 'the connection was lost, connecting again', { system: endpoint.name });
      }
      this.#lastLoss = error;
      return true;
    }
    if (!(error instanceof NasCallError) || error.failure !== 'unauthenticated') return false;
    // The session lapses while the connection stays open, for example when middleware restarts.
    logger.log('debug', 'the login has lapsed, logging in again', { system: endpoint.name });
    await this.#logInAgain(signal);
    return true;
  }

  async #logInAgain(signal: AbortSignal): Promise<void> {
    this.#login ??= this.#remembering(signal, async () => {
      const socket = await this.#connection(signal);
      await logIn(this.#link, socket, scopedTo(this.#link, signal));
    }).finally(() => {
      this.#login = undefined;
    });
    await this.#login;
  }

  /** The live connection, or a new one; whoever calls meanwhile waits for the same. */
  async #connection(signal: AbortSignal): Promise<RpcSocket> {
    const current = this.#socket;
    if (current !== undefined) {
      const socket = await current;
      if (socket.isOpen) return socket;
      if (this.#socket !== current) return await this.#connection(signal);
    }
    const next = this.#remembering(signal, () =>
      retry(() => this.#connect(signal), {
        ...retryOptions(this.#link, signal),
        // By the time it is asked why, the gateway that refused may have found TrueNAS again.
        isTransient: (error) => error instanceof UpgradeRefusedError,
      }),
    );
    this.#socket = next;
    this.#connecting += 1;
    try {
      return await next;
    } catch (error) {
      if (this.#socket === next) this.#socket = undefined;
      throw error;
    } finally {
      this.#connecting -= 1;
    }
  }

  async #connect(signal: AbortSignal): Promise<RpcSocket> {
    const scoped = scopedTo(this.#link, signal);
    const { origin } = this.#link.endpoint;
    const socket = new RpcSocket(origin.replace(/^http/, 'ws') + this.#path, this.#link.agent);
    try {
      await socket.opened(scoped);
      await socket.call('core.set_options', [OPTIONS], scoped);
      await logIn(this.#link, socket, scoped);
    } catch (error) {
      socket.close();
      signal.throwIfAborted();
      if (error instanceof ConnectionLostError && !error.wasOpen) {
        throw await explainRefusedUpgrade(this.#link, this.#path, signal);
      }
      throw error;
    }
    if (this.#closed) {
      socket.close();
      throw unreachable(this.#link, 'the connection was given up');
    }
    this.#live = socket;
    keepAlive(socket, this.#link.timeout);
    return socket;
  }

  /** Keeps a refusal, so that the calls that wait behind it do not each try, and fail, again. */
  async #remembering<T>(signal: AbortSignal, step: () => Promise<T>): Promise<T> {
    try {
      return await step();
    } catch (error) {
      signal.throwIfAborted();
      const explained = this.#explain(error);
      if (explained instanceof MonitorError) this.#broken = explained;
      throw explained;
    }
  }

  /** @param timeout how long the answer was waited for */
  #explain(error: unknown, timeout = this.#link.timeout): unknown {
    if (error instanceof MonitorError || error instanceof NasCallError) return error;
    if (error instanceof ConnectionLostError || error instanceof BadFrameError) {
      return explainClosed(this.#link, error);
    }
    return error instanceof Error && error.name === 'TimeoutError'
      ? connectionError({ ...this.#link, timeout }, error)
      : error;
  }
}
