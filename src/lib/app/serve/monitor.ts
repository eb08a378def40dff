import { elapsed, type Millis, millis } from '../../core/model/units.ts';
import { type Failure, INTERNAL_FAILURE } from '../../core/serve/failure.ts';
import { type MonitorState, type ScanRun } from '../../core/serve/monitor-state.ts';
import { type ServedScan } from '../../core/serve/served-scan.ts';
import { type Clock } from '../../ports/clock.ts';
import { type Logger } from '../../ports/logger.ts';
import { type Pause } from '../../ports/pause.ts';
import {
  type EngineEvent,
  type EngineScanRequest,
  type EngineScanResult,
  type ScanEngine,
} from '../../ports/scan-engine.ts';
import { type MonitorEvent } from './monitor-event.ts';
import { Listeners, stackOf } from './listeners.ts';
import { ScanRuns } from './scan-runs.ts';
import { Timetable } from './timetable.ts';

/** What a monitor needs of the outside world. */
export interface MonitorPorts {
  readonly engine: ScanEngine;
  readonly clock: Clock;
  /**
   * A clock that nobody sets, in milliseconds from any beginning: scans keep their distance by it. Where there is none the other
   * one has to do.
   */
  readonly steady?: () => number;
  readonly pause: Pause;
  readonly logger: Logger;
  /** From 0 to 1, as Math.random. */
  readonly chance: () => number;
  /** A name that nothing else has. */
  readonly newId: () => string;
}

export interface MonitorOptions {
  readonly interval: Millis;
  /** A kept scan up to this age is shown until the first fresh one is there. */
  readonly keptFor: Millis;
}

export { type MonitorEvent } from './monitor-event.ts';

/** As long as is waited at a time: timers cannot be set for months, and a machine may sleep meanwhile. */
const LONGEST_PAUSE = millis(3_600_000);

/** Scans when it is time, one scan after the other, and keeps the last result. */
export class Monitor {
  readonly #ports: MonitorPorts;
  readonly #options: MonitorOptions;
  readonly #listeners: Listeners<MonitorEvent>;
  readonly #runs = new ScanRuns();
  readonly #timetable: Timetable;
  #current: ServedScan | null = null;
  #currentAt: Date | null = null;
  #failure: MonitorState['failure'] = null;
  #running: ScanRun | null = null;
  #queued: ScanRun | null = null;
  #nextAt: Date | null = null;
  #configuration: Failure | null = null;
  #wake = new AbortController();
  #ending = false;

  constructor(ports: MonitorPorts, options: MonitorOptions) {
    this.#ports = ports;
    this.#options = options;
    this.#listeners = new Listeners(ports.logger);
    this.#timetable = new Timetable(options.interval, ports.chance());
  }

  get state(): MonitorState {
    return {
      current: this.#current,
      currentAt: this.#currentAt,
      running: this.#running,
      failure: this.#failure,
      nextAt: this.#nextAt,
      interval: this.#options.interval,
      configuration: this.#configuration,
    };
  }

  /** The last scans, the newest first. */
  get runs(): readonly ScanRun[] {
    return this.#runs.all;
  }

  run(id: string): ScanRun | undefined {
    return this.#runs.get(id);
  }

  /** @returns what ends it */
  listen(listener: (event: MonitorEvent) => void): () => void {
    return this.#listeners.add(listener);
  }

  /** Asks for a scan; whoever asks while one waits already gets that one. */
  request(): ScanRun {
    const { newId, clock } = this.#ports;
    this.#queued ??= this.#runs.add(newId(), 'request', clock.now());
    this.#timetable.noteRequest();
    this.#wake.abort();
    return this.#queued;
  }

  /** Scans until the signal is aborted; by then nothing is under way any more, and the engine is closed. */
  async watch(signal: AbortSignal): Promise<void> {
    const { engine } = this.#ports;
    const stop = engine.listen((event) => {
      this.#hear(event);
    });
    // Whoever ends this does not wait for a scan to come to its end.
    const end = (): void => {
      this.#ending = true;
      void engine.close();
    };
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    try {
      await this.#showKept(signal);
      while (!signal.aborted) {
        await this.#untilDue(signal);
        if (!this.#ending) await this.#scan();
      }
    } finally {
      stop();
      signal.removeEventListener('abort', end);
      this.#nextAt = null;
      await engine.close();
    }
  }

  /** A restart shows what the last process saw, with its age, until there is something better. */
  async #showKept(signal: AbortSignal): Promise<void> {
    const { newId, logger } = this.#ports;
    if (this.#options.keptFor <= 0 || signal.aborted) return;
    const maxAge = this.#options.keptFor;
    const kept = await this.#ask({ maxAge, correlationId: newId(), keptOnly: true });
    if (kept.state !== 'done') return;
    this.#show(kept.scan);
    logger.log('info', 'showing the scan that was kept', { scan: kept.scan.id });
  }

  /** An engine says what went wrong; one that breaks instead must not take the process with it. */
  async #ask(request: EngineScanRequest): Promise<EngineScanResult> {
    try {
      return await this.#ports.engine.scan(request);
    } catch (error) {
      this.#ports.logger.log('error', stackOf(error), { scan: request.correlationId });
      return { state: 'failed', error: INTERNAL_FAILURE };
    }
  }

  #show(scan: ServedScan): void {
    this.#current = scan;
    this.#currentAt = this.#ports.clock.now();
  }

  #steady(): Date {
    const { steady, clock } = this.#ports;
    return steady === undefined ? clock.now() : new Date(steady());
  }

  async #untilDue(signal: AbortSignal): Promise<void> {
    const { clock, pause } = this.#ports;
    for (;;) {
      const now = this.#steady();
      const left = elapsed(now, this.#timetable.nextAt(now));
      // For people, by the clock they know.
      this.#nextAt = new Date(clock.now().getTime() + Math.max(0, left));
      if (left <= 0 || signal.aborted) return;
      this.#wake = new AbortController();
      try {
        const span = millis(Math.min(left, LONGEST_PAUSE));
        await pause(span, AbortSignal.any([signal, this.#wake.signal]));
      } catch (error) {
        // Something happened that may move the next scan, which is worked out anew. Anything else would go round for ever.
        if (!this.#ending && !this.#wake.signal.aborted) throw error;
      }
    }
  }

  async #scan(): Promise<void> {
    const { clock, chance, newId } = this.#ports;
    const startedAt = clock.now();
    const queued = this.#queued ?? this.#runs.add(newId(), this.#timetable.reason, startedAt);
    const run = this.#runs.advance(queued, { state: 'running', startedAt, phase: 'starting' });
    this.#queued = null;
    this.#running = run;
    this.#timetable.begin(this.#steady(), chance());
    this.#tell({ kind: 'scan-started', run });
    const result = await this.#ask({ maxAge: millis(0), correlationId: run.id, keptOnly: false });
    if (result.state === 'done') this.#succeed(result.scan);
    else this.#fail(result.error);
  }

  #succeed(scan: ServedScan): void {
    const previous = this.#current;
    this.#show(scan);
    this.#failure = null;
    this.#timetable.noteSuccess();
    const run = this.#end({ state: 'done', result: scan.id });
    if (run !== null) this.#tell({ kind: 'scan-finished', run, scan, previous });
  }

  #fail(error: Failure): void {
    const { clock, logger } = this.#ports;
    this.#failure = { error, at: clock.now() };
    this.#timetable.noteFailure();
    const run = this.#end({ state: 'failed', error });
    if (run === null || this.#ending) return;
    logger.log('error', `the scan failed: ${error.message}`, { scan: run.id, code: error.code });
    this.#tell({ kind: 'scan-failed', run });
  }

  #hear(event: EngineEvent): void {
    if (event.kind === 'changed') {
      this.#timetable.noteChange(this.#steady());
      this.#wake.abort();
    }
    if (event.kind === 'lost') this.#noteLoss();
    if (event.kind === 'configuration') this.#configuration = event.failure;
    if (event.kind === 'phase' && this.#running !== null) {
      this.#running = this.#runs.advance(this.#running, { phase: event.phase });
    }
    this.#tell({ kind: 'engine', event });
  }

  /** Nobody watches any more until the next scan, which so comes sooner; a scan that is under way fails by itself. */
  #noteLoss(): void {
    if (this.#running !== null) return;
    this.#timetable.noteFailure();
    this.#wake.abort();
  }

  #end(over: Partial<ScanRun>): ScanRun | null {
    if (this.#running === null) return null;
    const finishedAt = this.#ports.clock.now();
    const run = this.#runs.advance(this.#running, { ...over, finishedAt, phase: null });
    this.#running = null;
    return run;
  }

  #tell(event: MonitorEvent): void {
    this.#listeners.tell(event);
  }
}
