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
import { ThreadDesk } from './thread-desk.ts';
import { BUSY, ENDED, lost, lostAtWork } from './thread-failures.ts';
import { Waiting } from './waiting.ts';

/** How long a thread that was told to end may take for that. */
const GRACE = millis(5_000);

export interface ThreadEngineOptions {
  /** Starts a thread; called again where one ended unasked. */
  readonly start: () => Worker;
  readonly logger: Logger;
  /** Where it is not to be the usual. */
  readonly grace?: Millis;
}

/** Questions that may wait for their turn; each holds a request open. */
const MOST_QUESTIONS = 8;

/** Scans in a thread of its own. Where that ends unasked, what it was doing has failed, and the next scan starts another. */
export class ThreadEngine implements ScanEngine {
  /** Clean-up, in the same thread. */
  readonly desk = new ThreadDesk(
    (call, request) => {
      this.#post({ kind: 'desk', call, request });
    },
    () => (this.#closed ? ENDED : null),
  );
  readonly #options: ThreadEngineOptions;
  readonly #listeners = new Set<(event: EngineEvent) => void>();
  readonly #scans = new Waiting<EngineScanResult>();
  readonly #questions = new Waiting<EngineAnswer>();
  readonly #opening = Promise.withResolvers<Failure | null>();
  #worker: Worker | undefined;
  #opened: readonly DemoCluster[] = [];
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
    return await this.#scans.ask((call) => {
      this.#post({ kind: 'scan', call, request });
    });
  }

  async answer(question: EngineQuestion): Promise<EngineAnswer> {
    if (this.#closed) return { state: 'failed', error: ENDED };
    if (this.#questions.size >= MOST_QUESTIONS) return { state: 'failed', error: BUSY };
    return await this.#questions.ask((call) => {
      this.#post({ kind: 'answer', call, question });
    });
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

  /** Where there is no thread to ask, whoever waits hears of that. */
  #post(message: ToEngine): void {
    this.#thread()?.postMessage(message);
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
      case 'desk':
        this.desk.take(message.call, message.reply);
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
    this.desk.fail(this.#refusal === undefined ? lostAtWork(error) : error);
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

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
