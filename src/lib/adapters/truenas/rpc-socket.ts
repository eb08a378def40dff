import { type Dispatcher, WebSocket } from 'undici';
import { parseLong } from '../http/long-json.ts';
import { fromRpcError } from './call-error.ts';
import { isRow } from './decode-values.ts';

/** The connection ended while answers were owed. */
export class ConnectionLostError extends Error {
  override readonly name = 'ConnectionLostError';
  readonly closeCode: number;
  readonly closeReason: string;
  /** Whether it had been open: the upgrade may also be refused. */
  readonly wasOpen: boolean;

  constructor(closeCode: number, closeReason: string, wasOpen: boolean) {
    super(`the connection ended with code ${closeCode}`);
    this.closeCode = closeCode;
    this.closeReason = closeReason;
    this.wasOpen = wasOpen;
  }
}

/** What a close is called that nobody announced. */
const ABNORMAL = 1006;

/** What arrived is no JSON-RPC. */
export class BadFrameError extends Error {
  override readonly name = 'BadFrameError';
}

/** Told of what TrueNAS says unasked. */
export type OnNotification = (method: string, params: unknown) => void;

interface PendingCall {
  readonly method: string;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * One WebSocket that carries JSON-RPC 2.0 calls: answers come in any order and of any size.
 * Knows nothing of logins; once ended it stays so.
 */
export class RpcSocket {
  readonly #socket: WebSocket;
  readonly #pending = new Map<number, PendingCall>();
  readonly #listeners = new Set<OnNotification>();
  readonly #ended = Promise.withResolvers<undefined>();
  readonly #opened: Promise<void>;
  #nextId = 1;
  #wasOpen = false;
  #failure: Error | undefined;

  constructor(url: string, dispatcher: Dispatcher) {
    this.#socket = new WebSocket(url, { dispatcher });
    this.#opened = new Promise((resolve, reject) => {
      this.#socket.addEventListener('open', () => {
        this.#wasOpen = true;
        resolve();
      });
      this.#socket.addEventListener('close', (event) => {
        this.#fail(new ConnectionLostError(event.code, event.reason, this.#wasOpen));
        reject(this.#failure ?? new ConnectionLostError(event.code, event.reason, this.#wasOpen));
      });
    });
    // Whoever opens waits for it; a later close must not count as unhandled.
    this.#opened.catch(() => undefined);
    this.#socket.addEventListener('message', (event) => {
      this.#receive(event.data);
    });
  }

  get isOpen(): boolean {
    return this.#failure === undefined && this.#socket.readyState === this.#socket.OPEN;
  }

  async opened(signal: AbortSignal): Promise<void> {
    await orAbort(this.#opened, signal);
  }

  /** Resolves once nothing more will come. */
  get ended(): Promise<undefined> {
    return this.#ended.promise;
  }

  /** @returns what ends it */
  listen(listener: OnNotification): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Nobody answers on it any more, though nothing has ended it: what comes next needs another one. */
  abandon(): void {
    this.#fail(new ConnectionLostError(ABNORMAL, '', this.#wasOpen));
    this.close();
  }

  /** Calls a method; rejects with `NasCallError` where TrueNAS answers with an error. */
  async call(method: string, params: readonly unknown[], signal: AbortSignal): Promise<unknown> {
    signal.throwIfAborted();
    if (this.#failure !== undefined) throw this.#failure;
    const id = this.#nextId++;
    const answer = new Promise<unknown>((resolve, reject) => {
      this.#pending.set(id, { method, resolve, reject });
    });
    try {
      this.#socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
      return await orAbort(answer, signal);
    } finally {
      this.#pending.delete(id);
    }
  }

  close(): void {
    this.#socket.close(1000);
  }

  #receive(data: unknown): void {
    const frame = parseFrame(data);
    if (frame === undefined) {
      this.#fail(new BadFrameError('a frame is no JSON-RPC'));
      this.close();
      return;
    }
    const { id, method } = frame;
    if (id === undefined && typeof method === 'string') {
      for (const listener of this.#listeners) listener(method, frame['params']);
      return;
    }
    // One without an id of ours is the answer to a call nobody waits for any more.
    const call = typeof id === 'number' ? this.#pending.get(id) : undefined;
    if (call === undefined) return;
    if (isRow(frame['error'])) call.reject(fromRpcError(call.method, frame['error']));
    else call.resolve(frame['result']);
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const call of this.#pending.values()) call.reject(this.#failure);
    this.#pending.clear();
    this.#listeners.clear();
    this.#ended.resolve(undefined);
  }
}

function parseFrame(data: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof data !== 'string') return undefined;
  try {
    const frame = parseLong(data, 'result');
    return isRow(frame) && frame['jsonrpc'] === '2.0' ? frame : undefined;
  } catch {
    return undefined;
  }
}

/** Waits for a promise, or no longer than the signal lets it. */
export async function orAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => {
    reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
  };
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
    promise.catch(() => undefined);
  }
}
