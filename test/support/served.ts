import { type FastifyInstance } from 'fastify';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { correlation } from '../../src/lib/adapters/log/correlation.ts';
import { Redactor } from '../../src/lib/adapters/log/redactor.ts';
import { makeServedScan } from '../../src/lib/app/serve/make-served-scan.ts';
import { Monitor } from '../../src/lib/app/serve/monitor.ts';
import { openEstate } from '../../src/lib/cli/wire.ts';
import { millis } from '../../src/lib/core/model/units.ts';
import { type Failure } from '../../src/lib/core/serve/failure.ts';
import { type ServedScan } from '../../src/lib/core/serve/served-scan.ts';
import { DEFAULT_SERVE } from '../../src/lib/core/serve/settings.ts';
import {
  type EngineAnswer,
  type EngineEvent,
  type EngineQuestion,
  type ScanEngine,
} from '../../src/lib/ports/scan-engine.ts';
import { type LogFields, type Logger, type LogLevel } from '../../src/lib/ports/logger.ts';
import { packing } from '../../src/lib/server/answer/packing.ts';
import { type Caller } from '../../src/lib/server/auth/access.ts';
import { type ListeningOptions } from '../../src/lib/server/bare-server.ts';
import { type ServerContext } from '../../src/lib/server/context.ts';
import { EVENT_LIMITS, type EventLimits } from '../../src/lib/server/events/event-limits.ts';
import { buildServer } from '../../src/lib/server/server.ts';
import { aServerContext, NO_ANSWER } from './server-context.ts';

/*
 * What serve answers with, without the thread that scans: a scan of the demo world as it would be handed over, and a server
 * over whatever scans a test wants to be found.
 */

const SILENT: Logger = { log: () => undefined };

/** Scans the demo world, or a fleet of so many volumes, over the real protocols; it has the history of the demo. */
export async function scanDemo(
  options: {
    readonly size?: number;
    readonly id?: string;
    readonly volumeSeries?: number;
  } = {},
): Promise<ServedScan> {
  const { size = null, id = 'scan-1', volumeSeries = 0 } = options;
  const directory = await mkdtemp(join(tmpdir(), 'truenas-monitor-served-'));
  const signal = AbortSignal.timeout(60_000);
  try {
    await using estate = await openEstate(
      {
        config: null,
        kubeconfig: null,
        contexts: [],
        url: null,
        timeout: null,
        maxAge: millis(0),
        namespaces: [],
        demo: { size, stateDirectory: directory, reset: false, clock: null },
      },
      {
        logger: SILENT,
        progress: { step: () => undefined, finish: () => undefined },
        redactor: new Redactor(),
        version: '0.0.0-test',
      },
      signal,
    );
    const scan = await makeServedScan(estate.ports, {
      ...estate.settings,
      settings: estate.configuration,
      maxAge: millis(0),
      keptOnly: false,
      correlationId: id,
      volumeSeries,
      packing,
      version: '0.0.0-test',
      signal,
    });
    if (scan === undefined) throw new Error('a scan that reads anew always comes to something');
    return scan;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

let kept: Promise<ServedScan> | undefined;

/** The same scan of the demo world for every test of a file; nobody changes it. */
export function demoScan(): Promise<ServedScan> {
  kept ??= scanDemo();
  return kept;
}

/** An engine that finds what it is told to, in this order; the last of them for ever. It never changes anything by itself. */
export class PlayedEngine implements ScanEngine {
  readonly #results: (ServedScan | Failure)[];
  readonly #listeners = new Set<(event: EngineEvent) => void>();

  constructor(results: readonly (ServedScan | Failure)[]) {
    this.#results = [...results];
  }

  /** What is found from now on. */
  play(...results: readonly (ServedScan | Failure)[]): void {
    this.#results.splice(0, this.#results.length, ...results);
  }

  tell(event: EngineEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  /** Scans that were asked for so far, and how many of them were under way at the same time at most. */
  scans = 0;
  mostAtOnce = 0;
  #atOnce = 0;

  scan: ScanEngine['scan'] = async () => {
    this.scans += 1;
    this.#atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#atOnce);
    const result = this.#results.length > 1 ? this.#results.shift() : this.#results[0];
    // Nothing to find is a scan that does not end.
    if (result === undefined) return await new Promise(() => undefined);
    await Promise.resolve();
    this.#atOnce -= 1;
    return 'code' in result ? { state: 'failed', error: result } : { state: 'done', scan: result };
  };

  /** What it was asked so far. */
  readonly questions: EngineQuestion[] = [];
  /** What questions are answered with; one that nobody told the answer of goes wrong. */
  answered: EngineAnswer = NO_ANSWER;

  answer: ScanEngine['answer'] = (question) => {
    this.questions.push(question);
    return Promise.resolve(this.answered);
  };

  listen(listener: (event: EngineEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** A clock that a test moves. */
export class MovedClock {
  #now = new Date('2026-11-30T12:00:00.000Z').getTime();

  now(): Date {
    return new Date(this.#now);
  }

  move(span: number): void {
    this.#now += span;
  }
}

/** Somebody who may see everything, and change nothing. */
export const VIEWER: Caller = { name: null, groups: [], role: 'viewer', namespaces: null };

export interface ServedOptions {
  /** What scans come to; the demo world where nothing is said, and nothing yet where it is empty. */
  readonly results?: readonly (ServedScan | Failure)[];
  /** Whoever asks. */
  readonly caller?: Caller;
  readonly context?: Partial<ServerContext>;
  readonly eventLimits?: Partial<EventLimits>;
  readonly listening?: ListeningOptions;
}

export interface Logged {
  readonly level: LogLevel;
  readonly message: string;
  /** With what every message of the same request or scan says. */
  readonly fields: LogFields;
}

/** A server that listens to nobody yet, over a monitor that has scanned once. */
export interface Served extends AsyncDisposable {
  readonly server: FastifyInstance;
  readonly context: ServerContext;
  readonly monitor: Monitor;
  readonly engine: PlayedEngine;
  readonly clock: MovedClock;
  readonly logged: readonly Logged[];
  /** Whoever asks from now on. */
  caller: Caller;
  /** Waits for one more scan. */
  scanAgain(): Promise<void>;
  /** Tells the process to end, which routes are to say of it. */
  end(): void;
}

export async function serveScans(options: ServedOptions = {}): Promise<Served> {
  const results = options.results ?? [await demoScan()];
  const engine = new PlayedEngine(results);
  const clock = new MovedClock();
  const logged: Logged[] = [];
  const scope = correlation();
  const logger: Logger = {
    log: (level, message, fields = {}) => {
      logged.push({ level, message, fields: { ...scope.fields, ...fields } });
    },
  };
  let ids = 0;
  const monitor = new Monitor(
    {
      engine,
      clock,
      // Nothing is due by itself: only what a test asks for is scanned.
      pause: async (_span, signal) => {
        await new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            reject(new Error('woken'));
          });
        });
      },
      logger,
      chance: () => 0.5,
      newId: () => `run-${String((ids += 1))}`,
    },
    { interval: DEFAULT_SERVE.scanning.interval, keptFor: millis(0) },
  );
  const told = new AbortController();
  const context: ServerContext = {
    ...aServerContext({ monitor, engine, clock, logger, scope, ending: told.signal }),
    authenticator: {
      admit: () => Promise.resolve({ state: 'admitted', caller: served.caller }),
    },
    ...options.context,
  };
  const ending = new AbortController();
  const first = results.length === 0 ? Promise.resolve() : scanEnds(monitor);
  const watching = monitor.watch(ending.signal);
  await first;
  const server = await buildServer(context, {
    ...options.listening,
    eventLimits: { ...EVENT_LIMITS, ...options.eventLimits },
  });
  const served: Served = {
    server,
    context,
    monitor,
    engine,
    clock,
    logged,
    caller: options.caller ?? VIEWER,
    scanAgain: async () => {
      const ended = scanEnds(monitor);
      monitor.request();
      await ended;
    },
    end: () => {
      told.abort();
    },
    [Symbol.asyncDispose]: async () => {
      ending.abort();
      if (results.length > 0) await watching;
      await server.close();
    },
  };
  return served;
}

async function scanEnds(monitor: Monitor): Promise<void> {
  await new Promise<void>((resolve) => {
    const stop = monitor.listen(({ kind }) => {
      if (kind !== 'scan-finished' && kind !== 'scan-failed') return;
      stop();
      resolve();
    });
  });
}
