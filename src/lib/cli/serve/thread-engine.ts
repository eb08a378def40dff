import { type Worker } from 'node:worker_threads';
import { type Millis, millis } from '../../core/model/units.ts';
import { type Failure } from '../../core/serve/failure.ts';
import { type Logger, type LogLevel } from '../../ports/logger.ts';
import {
  type EngineAnswer,
  type EngineEvent,
  type EngineQuestion,
  type EngineScanRequest,
  type EngineScanResult,
  type ScanEngine,
} from '../../ports/scan-engine.ts';
import { type DemoCluster, type FromEngine, type ToEngine } from './protocol.ts';

/** How long a thread that was told to end may take for that. */
const GRACE = millis(5_000);

export interface ThreadEngineOptions {
  /** Starts a thread; called again where one ended unasked. */
  readonly start: () => Worker;
  readonly logger: Logger;
  /** Where it is not to be the usual. */
  readonly grace?: Millis;
}

/** Whoever waits for answers of the thread, by the number of the call. */
class Waiting<T> {
  readonly #calls = new Map<number, (result: T | FailedCall) => void>();

  get size(): number {
    return this.#calls.size;
  }

  async until(call: number): Promise<T | FailedCall> {
    return await new Promise((resolve) => {
      this.#calls.set(call, resolve);
    });
  }

  settle(call: number, result: T): void {
    this.#calls.get(call)?.(result);
    this.#calls.delete(call);
  }

  fail(error: Failure): void {
    for (const resolve of this.#calls.values()) resolve({ state: 'failed', error });
    this.#calls.clear();
  }
}

interface FailedCall {
  readonly state: 'failed';
  readonly error: Failure;
}

/** Questions that may wait for their turn; each holds a request open. */
const MOST_QUESTIONS = 8;

/** Scans in a thread of its own. Where that ends unasked, what it was doing has failed, and the next scan starts another. */
export class ThreadEngine implements ScanEngine {
  readonly #options: ThreadEngineOptions;
  readonly #listeners = new Set<(event: EngineEvent) => void>();
  readonly #scans = new Waiting<EngineScanResult>();
  readonly #questions = new Waiting<EngineAnswer>();
  readonly #opening = Promise.withResolvers<Failure | null>();
  #worker: Worker | undefined;
  #opened: readonly DemoCluster[] = [];
  #lastCall = 0;
  #closed = false;
  #refusal: Failure | undefined;

  constructor(options: ThreadEngineOptions) {
    this.#options = options;
  }

  get demoClusters(): readonly DemoCluster[] {
    return this.#opened;
  }

  async scan(request: EngineScanRequest): Promise<EngineScanResult> {
    return await this.#call(this.#scans, (call) => ({ kind: 'scan', call, request }));
  }

  async answer(question: EngineQuestion): Promise<EngineAnswer> {
    if (this.#questions.size >= MOST_QUESTIONS) return { state: 'failed', error: BUSY };
    return await this.#call(this.#questions, (call) => ({ kind: 'answer', call, question }));
  }

  /** Starts the thread; null once both sides are open, or why the first attempt at that was refused. */
  async open(): Promise<Failure | null> {
    if (this.#closed) return ENDED;
    this.#thread();
    return await this.#opening.promise;
  }

  /** Has configuration and secrets read again. */
  reload(): void {
    this.#worker?.postMessage({ kind: 'reload' } satisfies ToEngine);
  }

  listen(listener: (event: EngineEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  setLogLevel(level: LogLevel): void {
    this.#worker?.postMessage({ kind: 'log-level', level } satisfies ToEngine);
  }

  async close(): Promise<void> {
    this.#closed = true;
    const worker = this.#worker;
    if (worker === undefined) return;
    const ended = new Promise<void>((resolve) => {
      worker.once('exit', () => {
        resolve();
      });
    });
    worker.postMessage({ kind: 'close' } satisfies ToEngine);
    const timer = setTimeout(() => void worker.terminate(), this.#options.grace ?? GRACE);
    await ended;
    clearTimeout(timer);
  }

  async #call<T>(
    waiting: Waiting<T>,
    message: (call: number) => ToEngine,
  ): Promise<T | FailedCall> {
    if (this.#closed) return { state: 'failed', error: ENDED };
    this.#lastCall += 1;
    const call = this.#lastCall;
    // Where there is no thread to ask, that is what this comes to.
    const result = waiting.until(call);
    this.#thread()?.postMessage(message(call));
    return await result;
  }

  /** The thread, which is started where there is none; undefined where none can be had, which whoever waits has heard by then. */
  #thread(): Worker | undefined {
    try {
      this.#worker ??= this.#begin();
    } catch (error) {
      this.#noteLoss(messageOf(error));
    }
    return this.#worker;
  }

  #begin(): Worker {
    this.#refusal = undefined;
    const worker = this.#options.start();
    worker.on('message', (message: FromEngine) => {
      this.#take(message);
    });
    worker.once('error', (error: unknown) => {
      this.#lose(worker, messageOf(error));
    });
    worker.once('exit', (code) => {
      this.#lose(worker, `it ended with code ${String(code)}`);
    });
    return worker;
  }

  #take(message: FromEngine): void {
    switch (message.kind) {
      case 'opened':
        this.#opened = message.clusters;
        this.#opening.resolve(null);
        return;
      case 'refused':
        this.#refusal = message.failure;
        this.#opening.resolve(message.failure);
        return;
      case 'scanned':
        this.#scans.settle(message.call, message.result);
        return;
      case 'answered':
        this.#questions.settle(message.call, message.answer);
        return;
      case 'event':
        this.#tell(message.event);
        return;
      case 'log':
        this.#options.logger.log(message.level, message.message, message.fields);
    }
  }

  #lose(worker: Worker, reason: string): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    this.#noteLoss(reason);
  }

  #noteLoss(reason: string): void {
    const error = this.#refusal ?? lost(reason);
    this.#opening.resolve(error);
    this.#scans.fail(error);
    this.#questions.fail(error);
    if (this.#closed) return;
    if (this.#refusal === undefined) {
      this.#options.logger.log('error', `the scanning thread was lost: ${reason}`);
    }
    this.#tell({ kind: 'lost', reason });
  }

  #tell(event: EngineEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

const ENDED: Failure = {
  code: 'SHUTTING_DOWN',
  class: 'transient',
  message: 'truenas-monitor is ending',
  details: {},
  remediation: [],
};

const BUSY: Failure = {
  code: 'BUSY',
  class: 'transient',
  message: 'too much is being worked out already',
  details: {},
  remediation: ['Ask again in a moment.'],
};

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function lost(reason: string): Failure {
  return {
    code: 'SCANNER_LOST',
    class: 'transient',
    message: `the scanning thread was lost: ${reason}`,
    details: {},
    remediation: ['Nothing need be done: the next scan starts another.'],
  };
}
