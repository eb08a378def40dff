import { elapsed, type Millis, millis } from '../../core/model/units.ts';
import { type Failure } from '../../core/serve/failure.ts';
import {
  type MonitorState,
  type ScanReason,
  type ScanRun,
} from '../../core/serve/monitor-state.ts';
import { nextScanAt, type ScheduleState } from '../../core/serve/schedule.ts';
import { type ServedScan } from '../../core/serve/served-scan.ts';
import { type Clock } from '../../ports/clock.ts';
import { type Logger } from '../../ports/logger.ts';
import { type Pause } from '../../ports/pause.ts';
import { type EngineEvent, type ScanEngine } from '../../ports/scan-engine.ts';

/** What a monitor needs of the outside world. */
export interface MonitorPorts {
  readonly engine: ScanEngine;
  readonly clock: Clock;
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

export type MonitorEvent =
  | { readonly kind: 'scan-started'; readonly run: ScanRun }
  | {
      readonly kind: 'scan-finished';
      readonly run: ScanRun;
      readonly scan: ServedScan;
      /** The one before it; null for the first. */
      readonly previous: ServedScan | null;
    }
  | { readonly kind: 'scan-failed'; readonly run: ScanRun }
  | { readonly kind: 'engine'; readonly event: EngineEvent };

/** Scans whose end can be asked for. */
const REMEMBERED = 200;

/** Scans when it is time, one scan after the other, and keeps the last result. */
export class Monitor {
  readonly #ports: MonitorPorts;
  readonly #options: MonitorOptions;
  readonly #listeners = new Set<(event: MonitorEvent) => void>();
  readonly #runs = new Map<string, ScanRun>();
  #current: ServedScan | null = null;
  #currentAt: Date | null = null;
  #failure: MonitorState['failure'] = null;
  #running: ScanRun | null = null;
  #queued: ScanRun | null = null;
  #nextAt: Date | null = null;
  #schedule: ScheduleState;
  #wake = new AbortController();

  constructor(ports: MonitorPorts, options: MonitorOptions) {
    this.#ports = ports;
    this.#options = options;
    this.#schedule = {
      interval: options.interval,
      chance: ports.chance(),
      lastStart: null,
      failures: 0,
      firstChange: null,
      lastChange: null,
      requested: false,
    };
  }

  get state(): MonitorState {
    return {
      current: this.#current,
      currentAt: this.#currentAt,
      running: this.#running,
      failure: this.#failure,
      nextAt: this.#nextAt,
      interval: this.#options.interval,
    };
  }

  /** The last scans, the newest first. */
  get runs(): readonly ScanRun[] {
    return [...this.#runs.values()].toReversed();
  }

  run(id: string): ScanRun | undefined {
    return this.#runs.get(id);
  }

  /** @returns what ends it */
  listen(listener: (event: MonitorEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Asks for a scan; whoever asks while one waits already gets that one. */
  request(): ScanRun {
    this.#queued ??= this.#newRun('request');
    this.#schedule = { ...this.#schedule, requested: true };
    this.#wake.abort();
    return this.#queued;
  }

  /** Scans until the signal is aborted; by then nothing is under way any more. */
  async watch(signal: AbortSignal): Promise<void> {
    const stop = this.#ports.engine.listen((event) => {
      this.#hear(event);
    });
    try {
      await this.#showKept();
      while (!signal.aborted) {
        await this.#untilDue(signal);
        if (signal.aborted) return;
        await this.#scan();
      }
    } finally {
      stop();
      this.#nextAt = null;
    }
  }

  /** A restart shows what the last process saw, with its age, until there is something better. */
  async #showKept(): Promise<void> {
    const { engine, newId, logger } = this.#ports;
    if (this.#options.keptFor <= 0) return;
    const kept = await engine.scan({
      maxAge: this.#options.keptFor,
      correlationId: newId(),
      keptOnly: true,
    });
    if (kept.state !== 'done') return;
    this.#show(kept.scan);
    logger.log('info', 'showing the scan that was kept', { scan: kept.scan.id });
  }

  #show(scan: ServedScan): void {
    this.#current = scan;
    this.#currentAt = this.#ports.clock.now();
  }

  async #untilDue(signal: AbortSignal): Promise<void> {
    const { clock, pause } = this.#ports;
    for (;;) {
      const now = clock.now();
      this.#nextAt = nextScanAt(this.#schedule, now);
      const left = elapsed(now, this.#nextAt);
      if (left <= 0 || signal.aborted) return;
      this.#wake = new AbortController();
      try {
        await pause(left, AbortSignal.any([signal, this.#wake.signal]));
      } catch {
        // Not a failure: something happened that may move the next scan, which is worked out anew.
      }
    }
  }

  async #scan(): Promise<void> {
    const { engine, clock, chance } = this.#ports;
    const started = clock.now();
    const { requested, firstChange, lastStart } = this.#schedule;
    const reason = reasonOf(lastStart === null, requested, firstChange !== null);
    const run = this.#advance(this.#queued ?? this.#newRun(reason), {
      state: 'running',
      startedAt: started,
      phase: 'starting',
    });
    this.#queued = null;
    this.#running = run;
    this.#schedule = {
      ...this.#schedule,
      chance: chance(),
      lastStart: started,
      firstChange: null,
      lastChange: null,
      requested: false,
    };
    this.#tell({ kind: 'scan-started', run });
    const result = await engine.scan({ maxAge: millis(0), correlationId: run.id, keptOnly: false });
    if (result.state === 'done') this.#succeed(result.scan);
    else this.#fail(result.error);
  }

  #succeed(scan: ServedScan): void {
    const previous = this.#current;
    this.#show(scan);
    this.#failure = null;
    this.#schedule = { ...this.#schedule, failures: 0 };
    const run = this.#end({ state: 'done', result: scan.id });
    if (run !== null) this.#tell({ kind: 'scan-finished', run, scan, previous });
  }

  #fail(error: Failure): void {
    const { clock, logger } = this.#ports;
    this.#failure = { error, at: clock.now() };
    this.#schedule = { ...this.#schedule, failures: this.#schedule.failures + 1 };
    const run = this.#end({ state: 'failed', error });
    if (run === null) return;
    logger.log('error', `the scan failed: ${error.message}`, { scan: run.id, code: error.code });
    this.#tell({ kind: 'scan-failed', run });
  }

  #hear(event: EngineEvent): void {
    if (event.kind === 'changed') {
      const now = this.#ports.clock.now();
      this.#schedule = {
        ...this.#schedule,
        firstChange: this.#schedule.firstChange ?? now,
        lastChange: now,
      };
      this.#wake.abort();
    }
    if (event.kind === 'phase' && this.#running !== null) {
      this.#running = this.#advance(this.#running, { phase: event.phase });
    }
    this.#tell({ kind: 'engine', event });
  }

  #newRun(reason: ScanReason): ScanRun {
    const { newId, clock } = this.#ports;
    const run: ScanRun = {
      id: newId(),
      reason,
      requestedAt: clock.now(),
      startedAt: null,
      finishedAt: null,
      state: 'queued',
      phase: null,
      error: null,
      result: null,
    };
    this.#runs.set(run.id, run);
    const [oldest] = this.#runs.keys();
    if (this.#runs.size > REMEMBERED && oldest !== undefined) this.#runs.delete(oldest);
    return run;
  }

  #advance(run: ScanRun, over: Partial<ScanRun>): ScanRun {
    const next = { ...run, ...over };
    this.#runs.set(run.id, next);
    return next;
  }

  #end(over: Partial<ScanRun>): ScanRun | null {
    if (this.#running === null) return null;
    const finishedAt = this.#ports.clock.now();
    const run = this.#advance(this.#running, { ...over, finishedAt, phase: null });
    this.#running = null;
    return run;
  }

  #tell(event: MonitorEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

function reasonOf(isFirst: boolean, requested: boolean, changed: boolean): ScanReason {
  if (isFirst) return 'start';
  if (requested) return 'request';
  return changed ? 'change' : 'interval';
}
