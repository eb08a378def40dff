import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Monitor } from '../../../src/lib/app/serve/monitor.ts';
import { type MonitorEvent } from '../../../src/lib/app/serve/monitor-event.ts';
import { startThread } from '../../../src/lib/cli/serve/start-thread.ts';
import { ThreadEngine } from '../../../src/lib/cli/serve/thread-engine.ts';
import { millis } from '../../../src/lib/core/model/units.ts';
import { freshnessOf } from '../../../src/lib/core/serve/monitor-state.ts';
import { type EngineEvent, type EngineQuestion } from '../../../src/lib/ports/scan-engine.ts';

const REQUEST = { maxAge: millis(0), keptOnly: false, correlationId: 'a-scan' };
const QUESTION = { kind: 'explain', object: 'pv/a', format: 'tree', correlationId: 'a-request' };

interface Played {
  readonly engine: ThreadEngine;
  /** All that were started. */
  readonly threads: Worker[];
  readonly events: EngineEvent[];
  readonly log: string[];
}

/** An engine over threads that do as a test says, each time anew. `port` is what they hear and speak with. */
function played(script: string | (() => Worker), grace = 200): Played {
  const threads: Worker[] = [];
  const log: string[] = [];
  const events: EngineEvent[] = [];
  const engine = new ThreadEngine({
    logger: { log: (level, message) => log.push(`${level} ${message}`) },
    grace: millis(grace),
    start: () => {
      const worker =
        typeof script === 'string'
          ? new Worker(`const port = require('node:worker_threads').parentPort;\n${script}`, {
              eval: true,
            })
          : script();
      threads.push(worker);
      return worker;
    },
  });
  engine.listen((event) => events.push(event));
  onTestFinished(async () => {
    await engine.close();
  });
  return { engine, threads, events, log };
}

function asked(engine: ThreadEngine) {
  return engine.answer(QUESTION as EngineQuestion);
}

describe('a thread that is lost', () => {
  test('in the middle of a scan fails that scan, leaves the last result as stale, and is replaced by the next', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'thread-engine-'));
    onTestFinished(() => rm(directory, { recursive: true, force: true }));
    const { engine, threads, log } = played(
      () =>
        startThread({
          connection: {
            config: null,
            kubeconfig: null,
            contexts: [],
            url: null,
            timeout: null,
            maxAge: millis(0),
            namespaces: [],
            demo: { size: null, stateDirectory: directory, reset: false, clock: null },
          },
          version: '0.0.0',
          logLevel: 'warn',
          maxConcurrent: 2,
          volumeSeries: 0,
        }),
      10_000,
    );
    const clock = { now: () => new Date() };
    let ids = 0;
    const monitor = new Monitor(
      {
        engine,
        clock,
        pause: async (span, signal) => {
          await wait(span, undefined, { signal });
        },
        logger: { log: (level, message) => log.push(`${level} ${message}`) },
        chance: () => 0.5,
        newId: () => `run-${String((ids += 1))}`,
      },
      { interval: millis(3_600_000), keptFor: millis(0) },
    );
    const ending = new AbortController();
    const first = heard(monitor, 'scan-finished');
    const watching = monitor.watch(ending.signal);
    onTestFinished(async () => {
      ending.abort();
      await watching;
    });
    await first;
    const failed = heard(monitor, 'scan-failed');
    const reading = heard(monitor, 'engine', (event) => event.kind === 'engine' && isCall(event));
    const run = monitor.request();
    await reading;
    await threads[0]?.terminate();
    await failed;
    expect(monitor.run(run.id)).toMatchObject({
      state: 'failed',
      error: { code: 'SCANNER_LOST', class: 'transient' },
    });
    expect(monitor.state.current?.id).toBe('run-1');
    expect(freshnessOf(monitor.state, clock.now())?.stale).toBe(true);
    expect(log).toContain('error the scanning thread was lost: it ended with code 1');
    expect(threads).toHaveLength(1);

    const again = heard(monitor, 'scan-finished');
    const next = monitor.request();
    await again;
    expect(threads).toHaveLength(2);
    expect(monitor.state.current?.id).toBe(next.id);
    expect(monitor.state.current?.findings.keys.length).toBeGreaterThan(10);
    expect(freshnessOf(monitor.state, clock.now())?.stale).toBe(false);
  });

  test('fails whatever it was asked, and is said once, with what it died of', async () => {
    const { engine, events, log } = played(`
      port.on('message', ({ kind }) => {
        if (kind === 'answer') throw new Error('out of luck');
      });
    `);
    const [scan, answer] = await Promise.all([engine.scan(REQUEST), asked(engine)]);
    for (const result of [scan, answer]) {
      expect(result).toMatchObject({
        state: 'failed',
        error: { code: 'SCANNER_LOST', message: 'the scanning thread was lost: out of luck' },
      });
    }
    await wait(50);
    expect(events).toEqual([{ kind: 'lost', reason: 'out of luck' }]);
    expect(log).toEqual(['error the scanning thread was lost: out of luck']);
  });
});

describe('a thread that cannot begin', () => {
  const refusal = {
    code: 'CONFIG_INVALID',
    class: 'configuration',
    message: 'there is no cluster of that name',
    details: {},
    remediation: ['Name another.'],
  };

  test('is told with the reason it gives, to whoever opens it and whoever waits', async () => {
    const { engine, threads, log } = played(`
      port.postMessage({ kind: 'refused', failure: ${JSON.stringify(refusal)} });
      port.once('message', () => port.close());
    `);
    const [opened, scan] = await Promise.all([engine.open(), engine.scan(REQUEST)]);
    expect(opened).toEqual(refusal);
    expect(scan).toEqual({ state: 'failed', error: refusal });
    // It was not lost: it has said itself why it ends.
    expect(log).toEqual([]);
    expect(await engine.scan(REQUEST)).toEqual({ state: 'failed', error: refusal });
    expect(threads).toHaveLength(2);
  });

  test('is told where its program is not there', async () => {
    const { engine } = played(() => new Worker(new URL('file:///no/such/thread.js')));
    expect(await engine.open()).toMatchObject({ code: 'SCANNER_LOST', class: 'transient' });
    expect(await engine.scan(REQUEST)).toMatchObject({
      state: 'failed',
      error: { code: 'SCANNER_LOST' },
    });
  });

  test('is told where the system has no thread to give, as often as it is tried, and is tried again', async () => {
    let none = true;
    const { engine, events, log } = played(() => {
      if (none) throw new Error('ERR_WORKER_INIT_FAILED: EAGAIN');
      return answering();
    });
    const lost = { code: 'SCANNER_LOST', class: 'transient' };
    expect(await engine.open()).toMatchObject(lost);
    expect(await engine.scan(REQUEST)).toMatchObject({ state: 'failed', error: lost });
    for (let time = 0; time < 10; time += 1) {
      expect(await asked(engine)).toMatchObject({ state: 'failed', error: lost });
    }
    expect(events.at(-1)).toMatchObject({ kind: 'lost' });
    expect(log.at(-1)).toContain('EAGAIN');
    none = false;
    expect(await asked(engine)).toMatchObject({ state: 'done' });
  });
});

describe('questions', () => {
  test('beyond eight that wait are refused as busy, and are taken again when some were answered', async () => {
    const { engine, threads } = played(`
      const waiting = [];
      port.on('message', ({ kind, call }) => {
        if (kind === 'answer') waiting.push(call);
        if (kind === 'reload') {
          port.postMessage({ kind: 'answered', call: waiting.shift(), answer: { state: 'done', body: new Uint8Array(1) } });
        }
        if (kind === 'close') port.close();
      });
    `);
    const waiting = Array.from({ length: 8 }, () => asked(engine));
    const refused = await Promise.all([asked(engine), asked(engine)]);
    for (const answer of refused) {
      expect(answer).toMatchObject({
        state: 'failed',
        error: { code: 'BUSY', class: 'transient' },
      });
    }
    engine.reload();
    expect(await waiting[0]).toMatchObject({ state: 'done' });
    const ninth = asked(engine);
    expect(await asked(engine)).toMatchObject({ state: 'failed', error: { code: 'BUSY' } });
    await threads[0]?.terminate();
    for (const answer of await Promise.all([...waiting.slice(1), ninth])) {
      expect(answer).toMatchObject({ state: 'failed', error: { code: 'SCANNER_LOST' } });
    }
  });
});

describe('close', () => {
  test('lets a thread end by itself', async () => {
    const { engine, threads, events, log } = played(answering, 10_000);
    expect(await engine.scan(REQUEST)).toMatchObject({ state: 'failed' });
    const codes: number[] = [];
    threads[0]?.once('exit', (code) => codes.push(code));
    await engine.close();
    expect(codes).toEqual([0]);
    expect([events, log]).toEqual([[], []]);
  });

  test('ends within its grace a thread that hears nothing, and fails what waits for it', async () => {
    const { engine, events, log } = played(`
      port.on('message', () => {
        for (;;);
      });
    `);
    const scan = engine.scan(REQUEST);
    const question = asked(engine);
    await wait(100);
    const began = performance.now();
    await Promise.all([engine.close(), engine.close()]);
    expect(performance.now() - began).toBeLessThan(2_000);
    for (const result of [await scan, await question]) {
      expect(result).toMatchObject({ state: 'failed' });
    }
    // Somebody wanted it to end.
    expect([events, log]).toEqual([[], []]);
  });

  test('is the end: nothing begins a thread any more', async () => {
    const { engine, threads } = played(answering);
    await engine.close();
    expect(await engine.scan(REQUEST)).toMatchObject({ error: { code: 'SHUTTING_DOWN' } });
    expect(await asked(engine)).toMatchObject({ error: { code: 'SHUTTING_DOWN' } });
    expect(await engine.open()).toMatchObject({ code: 'SHUTTING_DOWN' });
    engine.reload();
    engine.setLogLevel('debug');
    expect(threads).toEqual([]);
  });
});

/** A thread that answers everything at once, with nothing much. */
function answering(): Worker {
  const script = `
    const port = require('node:worker_threads').parentPort;
    port.on('message', ({ kind, call }) => {
      if (kind === 'scan') port.postMessage({ kind: 'scanned', call, result: { state: 'failed', error: {} } });
      if (kind === 'answer') port.postMessage({ kind: 'answered', call, answer: { state: 'done', body: new Uint8Array(1) } });
      if (kind === 'close') port.close();
    });
  `;
  return new Worker(script, { eval: true });
}

function isCall(event: Extract<MonitorEvent, { kind: 'engine' }>): boolean {
  return event.event.kind === 'call';
}

async function heard(
  monitor: Monitor,
  kind: MonitorEvent['kind'],
  isIt: (event: MonitorEvent) => boolean = () => true,
): Promise<void> {
  await new Promise<void>((resolve) => {
    const stop = monitor.listen((event) => {
      if (event.kind !== kind || !isIt(event)) return;
      stop();
      resolve();
    });
  });
}
