import { type Worker } from 'node:worker_threads';
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
const GRACE = 5_000;

export interface ThreadEngineOptions {
  /** Starts a thread; called again where one ended unasked. */
  readonly start: () => Worker;
  readonly logger: Logger;
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
    if (this.#closed) return { state: 'failed', error: ENDED };
    this.#lastCall += 1;
    const call = this.#lastCall;
    const result = this.#scans.until(call);
    this.#post({ kind: 'scan', call, request });
    return await result;
  }

  async answer(question: EngineQuestion): Promise<EngineAnswer> {
    if (this.#closed) return { state: 'failed', error: ENDED };
    if (this.#questions.size >= MOST_QUESTIONS) return { state: 'failed', error: BUSY };
    this.#lastCall += 1;
    const call = this.#lastCall;
    const answer = this.#questions.until(call);
    this.#post({ kind: 'answer', call, question });
    return await answer;
  }

  /** Starts the thread; null once both sides are open, or why the first attempt at that was refused. */
  async open(): Promise<Failure | null> {
    this.#worker ??= this.#begin();
    return await this.#opening.promise;
  }

  /** Has configuration and secrets read again. */
  reload(): void {
    if (this.#worker !== undefined) this.#post({ kind: 'reload' });
  }

  listen(listener: (event: EngineEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  setLogLevel(level: LogLevel): void {
    if (this.#worker !== undefined) this.#post({ kind: 'log-level', level });
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
    this.#post({ kind: 'close' });
    const timer = setTimeout(() => void worker.terminate(), GRACE);
    await ended;
    clearTimeout(timer);
  }

  #post(message: ToEngine): void {
    this.#worker ??= this.#begin();
    this.#worker.postMessage(message);
  }

  #begin(): Worker {
    const worker = this.#options.start();
    this.#refusal = undefined;
    worker.on('message', (message: FromEngine) => {
      this.#take(message);
    });
    worker.once('error', (error: unknown) => {
      this.#lose(worker, error instanceof Error ? error.message : String(error));
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

function lost(reason: string): Failure {
  return {
    code: 'SCANNER_LOST',
    class: 'transient',
    message: `the scanning thread was lost: ${reason}`,
    details: {},
    remediation: ['Nothing need be done: the next scan starts another.'],
  };
}
