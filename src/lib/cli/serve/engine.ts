import { setImmediate } from 'node:timers/promises';
import { type Correlation, correlation } from '../../adapters/log/correlation.ts';
import { heap } from '../../adapters/memory/heap.ts';
import { makeServedScan } from '../../app/serve/make-served-scan.ts';
import { InterruptedError } from '../../core/model/errors.ts';
import {
  type EngineAnswer,
  type EngineEvent,
  type EngineQuestion,
  type EngineScanRequest,
  type EngineScanResult,
} from '../../ports/scan-engine.ts';
import { packing } from '../../server/answer/packing.ts';
import { type Console } from '../base-command.ts';
import { ChangeRelay } from './change-relay.ts';
import { KeptEstate, type KeptEstateEvents } from './kept-estate.ts';
import { answerFromKept, NOTHING_KEPT } from './answer.ts';
import { EngineDesk } from './engine-desk.ts';
import { leaveKubeconfig } from './demo-kubeconfig.ts';
import { explain } from './explain-failure.ts';
import { loadServeSettings } from './load-settings.ts';
import { type EnginePort, type EngineStart, type ToEngine } from './protocol.ts';
import { BUSY_CLEANING_UP } from './thread-failures.ts';
import { threadConsole } from './thread-console.ts';
import { handOver, transfersOf } from './transfers.ts';

/** Opens both sides, keeps them open, and scans when it is told to; ends when it is told to, or cannot begin. */
export async function runEngine(start: EngineStart, port: EnginePort): Promise<void> {
  await new Engine(start, port).run();
}

class Engine {
  readonly #start: EngineStart;
  readonly #port: EnginePort;
  readonly #console: Console;
  readonly #scope: Correlation = correlation();
  readonly #level: { least: EngineStart['logLevel'] };
  readonly #relay: ChangeRelay;
  readonly #ending = new AbortController();
  readonly #opened = Promise.withResolvers<KeptEstate>();
  readonly #desk: EngineDesk;
  /** What was asked for last; one thing after the other, whoever asks. */
  #last: Promise<void> = Promise.resolve();

  constructor(start: EngineStart, port: EnginePort) {
    this.#start = start;
    this.#port = port;
    this.#level = { least: start.logLevel };
    this.#console = threadConsole({
      version: start.version,
      port,
      level: this.#level,
      scope: this.#scope,
    });
    this.#relay = new ChangeRelay((source, what) => {
      this.#tell({ kind: 'changed', source, what });
    });
    this.#desk = new EngineDesk({
      console: this.#console,
      scope: this.#scope,
      signal: this.#ending.signal,
      opened: this.#opened.promise,
      next: (step) => {
        this.#next(step);
      },
      mayApply: async () => {
        const { settings } = await loadServeSettings(start.connection, this.#console.redactor);
        return settings.server.allowApply;
      },
      changed: (what) => {
        this.#relay.changed('cleanup', what);
      },
    });
    // Whoever waits for it hears of a failure; where nobody does, `run` has said it.
    this.#opened.promise.catch(() => undefined);
  }

  async run(): Promise<void> {
    const closed = Promise.withResolvers<undefined>();
    // Heard from the beginning: it may be told to end while it is still looking for its servers.
    this.#port.onMessage((message) => {
      this.#hear(message, () => {
        closed.resolve(undefined);
      });
    });
    const estate = await this.#open();
    if (estate !== undefined) {
      const clusters = estate.ownClusters;
      this.#port.post({ kind: 'opened', clusters });
      await closed.promise;
    }
    await this.#last;
    this.#relay.close();
    await estate?.close();
  }

  #hear(message: ToEngine, close: () => void): void {
    switch (message.kind) {
      case 'scan':
        this.#next(async () => {
          const { call, request } = message;
          const result = await this.#scope.run({ scan: request.correlationId }, async () => {
            return await this.#scan(request);
          });
          this.#port.post({ kind: 'scanned', call, result }, transfersOf(result));
        });
        this.#next(rest);
        return;
      case 'answer':
        if (this.#desk.isRunning) {
          const answer: EngineAnswer = { state: 'failed', error: BUSY_CLEANING_UP };
          this.#port.post({ kind: 'answered', call: message.call, answer });
          return;
        }
        this.#next(async () => {
          const { call, question } = message;
          const made = await this.#scope.run({ request: question.correlationId }, async () => {
            return await this.#answer(question);
          });
          const [answer, transfer] = handOver(made);
          this.#port.post({ kind: 'answered', call, answer }, transfer);
        });
        this.#next(rest);
        return;
      case 'desk':
        this.#desk.take(message.request, (reply) => {
          this.#port.post({ kind: 'desk', call: message.call, reply });
        });
        return;
      case 'reload':
        this.#next(async () => {
          await this.#reload();
        });
        return;
      case 'log-level':
        this.#level.least = message.level;
        return;
      case 'close':
        this.#ending.abort(new InterruptedError('truenas-monitor is ending', { remediation: [] }));
        close();
    }
  }

  #next(step: () => Promise<void>): void {
    this.#last = this.#last.then(step);
  }

  async #open(): Promise<KeptEstate | undefined> {
    const { connection } = this.#start;
    const events: KeptEstateEvents = {
      changed: (source, what) => {
        this.#relay.changed(source, what);
      },
      circuit: (member, state) => {
        this.#tell({ kind: 'circuit', member, state });
      },
      configuration: (failure) => {
        this.#tell({ kind: 'configuration', failure });
      },
    };
    try {
      const estate = await KeptEstate.open(connection, this.#console, events, this.#ending.signal);
      if (connection.demo !== null) {
        const { demoDirectory } = await import('../demo-world.ts');
        const directory = demoDirectory(connection.demo);
        await leaveKubeconfig(directory, estate.ownClusters, this.#console.logger);
      }
      this.#opened.resolve(estate);
      return estate;
    } catch (error) {
      this.#port.post({ kind: 'refused', failure: explain(error, this.#console.logger) });
      this.#opened.reject(error);
      return undefined;
    }
  }

  async #scan(request: EngineScanRequest): Promise<EngineScanResult> {
    const { signal } = this.#ending;
    try {
      const kept = await this.#opened.promise;
      const standing = await kept.refresh(signal);
      if (!request.keptOnly) await standing.readyToRead(signal);
      signal.throwIfAborted();
      const { settings, configuration } = standing.estate;
      const scan = await makeServedScan(standing.ports, {
        ...settings,
        settings: configuration,
        ...request,
        maxConcurrent: this.#start.maxConcurrent,
        volumeSeries: this.#start.volumeSeries,
        packing,
        version: this.#console.version,
        signal,
      });
      if (request.keptOnly)
        this.#tell({ kind: 'kept', outcome: scan === undefined ? 'miss' : 'hit' });
      return scan === undefined
        ? { state: 'failed', error: NOTHING_KEPT }
        : { state: 'done', scan };
    } catch (error) {
      return { state: 'failed', error: explain(error, this.#console.logger) };
    }
  }

  async #answer(question: EngineQuestion): Promise<EngineAnswer> {
    const { signal } = this.#ending;
    const { version, logger } = this.#console;
    try {
      const { estate } = await (await this.#opened.promise).refresh(signal);
      const body = await answerFromKept(estate, question, version, signal);
      return body === undefined
        ? { state: 'failed', error: NOTHING_KEPT }
        : { state: 'done', body };
    } catch (error) {
      return { state: 'failed', error: explain(error, logger) };
    }
  }

  async #reload(): Promise<void> {
    try {
      const kept = await this.#opened.promise;
      await kept.refresh(this.#ending.signal);
    } catch (error) {
      // Where it could not be opened that was said; what nobody expected is told once more at the next scan.
      explain(error, this.#console.logger);
    }
  }

  #tell(event: EngineEvent): void {
    this.#port.post({ kind: 'event', event });
  }
}

/** What was needed for a step is of no use any more once its result was handed over, and the next step may be far off. */
async function rest(): Promise<void> {
  // Until the turn is over the step that ended holds on to it.
  await setImmediate();
  heap.rest();
}
