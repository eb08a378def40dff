import { setTimeout as wait } from 'node:timers/promises';
import { queryObjects } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import { Monitor } from '../../src/lib/app/serve/monitor.ts';
import { runEngine } from '../../src/lib/cli/serve/engine.ts';
import { type FromEngine, type ToEngine } from '../../src/lib/cli/serve/protocol.ts';
import { millis } from '../../src/lib/core/model/units.ts';
import { type EngineScanResult, type ScanEngine } from '../../src/lib/ports/scan-engine.ts';

/*
 * A thread that scans again and again, and tells what it still holds in the end. It is one of its own because of its heap, in which
 * there is nothing else.
 */

export interface ScanMany {
  readonly config: string;
  readonly scans: number;
  /** After so many everything is loaded, and what is kept is kept. */
  readonly warm: number;
}

export interface Held {
  readonly done: number;
  readonly failed: number;
  /** Parts of results that are still there, of so many. */
  readonly parts: number;
  readonly of: number;
  /** What there was after the warm-up, and at the end. */
  readonly before: Counts;
  readonly after: Counts;
}

export type Counts = Readonly<
  Record<'arrays' | 'maps' | 'sets' | 'promises' | 'texts' | 'dates', number>
>;

const { config, scans, warm } = workerData as ScanMany;
const parts: WeakRef<object>[] = [];
const counts = { scan: 0, failed: 0 };
let ended: () => void = () => undefined;

const { engine, done } = anEngine();
const monitor = new Monitor(
  {
    engine,
    clock: { now: () => new Date() },
    pause: async (span, signal) => {
      await wait(span, undefined, { signal });
    },
    logger: { log: () => undefined },
    chance: () => 0.5,
    newId: () => `run-${String((counts.scan += 1))}`,
  },
  { interval: millis(3_600_000), keptFor: millis(0) },
);
monitor.listen(({ kind }) => {
  if (kind === 'scan-failed') counts.failed += 1;
  if (kind === 'scan-finished' || kind === 'scan-failed') ended();
});
const ending = new AbortController();
const watching = monitor.watch(ending.signal);
await scanUntil(warm);
const before = await counted();
await scanUntil(scans);
const after = await counted();
const left = parts.filter((each) => each.deref() !== undefined).length;
const held: Held = {
  done: monitor.runs.filter(({ state }) => state === 'done').length,
  failed: counts.failed,
  parts: left,
  of: parts.length,
  before,
  after,
};
parentPort?.postMessage(held);
ending.abort();
await watching;
await done;

async function scanUntil(count: number): Promise<void> {
  for (;;) {
    const next = new Promise<void>((resolve) => (ended = resolve));
    if (counts.scan > 0 && monitor.state.running === null) monitor.request();
    await next;
    if (counts.scan >= count) return;
  }
}

/**
 * How many there are once what nobody needs is gone. Bytes would say little: V8 goes on to compile code for a long while; and signals
 * of deadlines stay until these have passed, with closures and objects of their own.
 */
async function counted(): Promise<Counts> {
  // The scan that ended last is let go of a little later.
  await wait(200);
  return {
    arrays: queryObjects(Array, { format: 'count' }),
    maps: queryObjects(Map, { format: 'count' }),
    sets: queryObjects(Set, { format: 'count' }),
    promises: queryObjects(Promise, { format: 'count' }),
    texts: queryObjects(Uint8Array, { format: 'count' }),
    dates: queryObjects(Date, { format: 'count' }),
  };
}

/** The engine as its thread runs it, with nobody between it and the monitor. */
function anEngine(): { readonly engine: ScanEngine; readonly done: Promise<void> } {
  let send: (message: ToEngine) => void = () => undefined;
  let finish: (result: EngineScanResult) => void = () => undefined;
  const take = (message: FromEngine): void => {
    if (message.kind !== 'scanned') return;
    const { result } = message;
    if (result.state === 'done') {
      const { scan } = result;
      const kept = [scan, scan.report, scan.findings.keys, scan.lists['truenas/volumes'].text];
      parts.push(...kept.map((part) => new WeakRef(part)));
    }
    finish(result);
  };
  const running = runEngine(
    {
      connection: {
        config,
        kubeconfig: null,
        contexts: [],
        url: null,
        timeout: millis(10_000),
        maxAge: millis(0),
        namespaces: [],
        demo: null,
      },
      version: '0.0.0',
      logLevel: 'error',
      maxConcurrent: 2,
      volumeSeries: 100,
    },
    {
      post: take,
      onMessage: (listener) => {
        send = listener;
      },
    },
  );
  const engine: ScanEngine = {
    scan: (request) =>
      new Promise((resolve) => {
        finish = resolve;
        send({ kind: 'scan', call: counts.scan, request });
      }),
    answer: () => Promise.reject(new Error('nobody asks')),
    listen: () => () => undefined,
    close: async () => {
      send({ kind: 'close' });
      await running;
    },
  };
  return { engine, done: running };
}
