import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Monitor, type MonitorOptions } from '../../../src/lib/app/serve/monitor.ts';
import { millis } from '../../../src/lib/core/model/units.ts';
import { freshnessOf } from '../../../src/lib/core/serve/monitor-state.ts';
import { type EngineScanResult } from '../../../src/lib/ports/scan-engine.ts';
import { A_FAILURE, aServedScan, FakeEngine } from './fake-engine.ts';
import { FakeTime, settle } from './fake-time.ts';

const MINUTE = 60_000;
const CHANGED = { kind: 'changed', source: 'nas1', what: 'pool.dataset a was removed' } as const;

interface Watched {
  readonly monitor: Monitor;
  readonly engine: FakeEngine;
  readonly time: FakeTime;
  /** Sets the clock on the wall. */
  readonly setClock: (ahead: number) => void;
  readonly end: () => Promise<void>;
  readonly log: string[];
}

async function watched(
  over: Partial<MonitorOptions> = {},
  prepare: (engine: FakeEngine, monitor: Monitor, time: FakeTime) => void = () => undefined,
): Promise<Watched> {
  const time = new FakeTime();
  const engine = new FakeEngine(() => time.now);
  const log: string[] = [];
  let ahead = 0;
  let last = 0;
  const monitor = new Monitor(
    {
      engine,
      clock: { now: () => new Date(Date.UTC(2026, 10, 22) + time.now + ahead) },
      steady: () => time.now,
      pause: time.pause,
      logger: { log: (level, message) => log.push(`${level} ${message}`) },
      chance: () => 0.5,
      newId: () => {
        last += 1;
        return `run-${String(last)}`;
      },
    },
    { interval: millis(5 * MINUTE), keptFor: millis(0), ...over },
  );
  prepare(engine, monitor, time);
  const ending = new AbortController();
  const done = monitor.watch(ending.signal);
  const end = async (): Promise<void> => {
    ending.abort();
    await done;
  };
  onTestFinished(end);
  await settle();
  const setClock = (to: number): void => {
    ahead = to;
  };
  return { monitor, engine, time, setClock, end, log };
}

describe('a monitor', () => {
  test('scans at once, and then on its interval', async () => {
    const { engine, time } = await watched();
    await time.pass(15 * MINUTE);
    expect(engine.starts).toEqual([0, 5, 10, 15].map((each) => each * MINUTE));
  });

  test('scans soon after a change, and once for all that change together', async () => {
    const { engine, time, monitor } = await watched();
    await time.pass(MINUTE);
    for (let change = 0; change < 5; change += 1) {
      engine.tell(CHANGED);
      await time.pass(1_000);
    }
    await time.pass(MINUTE);
    expect(engine.starts).toEqual([0, MINUTE + 4_000 + 3_000]);
    expect(monitor.runs[0]?.reason).toBe('change');
  });

  test('scans again for what changed while it scanned', async () => {
    let finish: (result: EngineScanResult) => void = () => undefined;
    const { engine, time } = await watched({}, (each) => {
      each.result = () => new Promise((resolve) => (finish = resolve));
      each.onClose = () => {
        finish({ state: 'failed', error: A_FAILURE });
      };
    });
    await time.pass(10_000);
    engine.tell(CHANGED);
    await time.pass(10_000);
    finish({ state: 'done', scan: aServedScan('first') });
    await time.pass(MINUTE);
    expect(engine.starts).toEqual([0, 30_000]);
  });

  test('is not starved by changes that never end', async () => {
    const { engine, time } = await watched();
    for (let second = 0; second < 120; second += 1) {
      engine.tell(CHANGED);
      await time.pass(1_000);
    }
    const gaps = engine.starts.slice(1).map((start, at) => start - (engine.starts[at] ?? 0));
    expect(gaps.length).toBeGreaterThanOrEqual(3);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(30_000);
  });

  test('gives everybody who asks the one scan that waits, and scans at once', async () => {
    let finish: (result: EngineScanResult) => void = () => undefined;
    const { engine, time, monitor } = await watched({}, (each) => {
      each.result = () => new Promise((resolve) => (finish = resolve));
    });
    const asked = [monitor.request(), monitor.request(), monitor.request()];
    expect(new Set(asked.map(({ id }) => id)).size).toBe(1);
    expect(monitor.run('run-1')?.state).toBe('running');
    finish({ state: 'done', scan: aServedScan('first') });
    await time.pass(0);
    expect(engine.starts).toEqual([0, 0]);
    expect(monitor.run(asked[0]?.id ?? '')?.state).toBe('running');
    finish({ state: 'done', scan: aServedScan('second') });
    await time.pass(0);
    expect(monitor.run(asked[0]?.id ?? '')).toMatchObject({ state: 'done', result: 'second' });
  });

  test('keeps the last result where a scan fails, marks it as stale, and tries again later each time', async () => {
    const { engine, time, monitor, log } = await watched();
    await time.pass(1_000);
    engine.result = () => Promise.resolve({ state: 'failed', error: A_FAILURE });
    await time.pass(9 * MINUTE);
    expect(engine.starts.slice(1).map((each) => each / MINUTE)).toEqual([5, 5.5, 6.5, 8.5]);
    expect(monitor.state.current?.id).toBe('run-1');
    expect(monitor.state.failure?.error).toEqual(A_FAILURE);
    const now = new Date(Date.UTC(2026, 10, 22) + time.now);
    expect(freshnessOf(monitor.state, now)).toEqual({ age: time.now, stale: true });
    expect(log).toContain(`error the scan failed: ${A_FAILURE.message}`);
    engine.result = () => Promise.resolve({ state: 'done', scan: aServedScan('again') });
    await time.pass(5 * MINUTE);
    expect(freshnessOf(monitor.state, now)?.stale).toBe(false);
  });

  test('shows the scan that was kept until there is a fresh one', async () => {
    let finish: (result: EngineScanResult) => void = () => undefined;
    const { engine, monitor } = await watched({ keptFor: millis(60 * MINUTE) }, (each) => {
      each.result = ({ keptOnly }) =>
        keptOnly
          ? Promise.resolve({ state: 'done', scan: aServedScan('kept') })
          : new Promise((resolve) => (finish = resolve));
    });
    expect(monitor.state.current?.id).toBe('kept');
    expect(engine.asked.map(({ keptOnly, maxAge }) => [keptOnly, maxAge])).toEqual([
      [true, 60 * MINUTE],
      [false, 0],
    ]);
    finish({ state: 'done', scan: aServedScan('fresh') });
    await settle();
    expect(monitor.state.current?.id).toBe('fresh');
  });

  test('keeps its distance where the clock on the wall jumps', async () => {
    const { engine, time, setClock } = await watched();
    setClock(10 * 86_400_000);
    await time.pass(MINUTE);
    expect(engine.starts).toEqual([0]);
    setClock(-10 * 86_400_000);
    await time.pass(4 * MINUTE);
    expect(engine.starts).toEqual([0, 5 * MINUTE]);
  });

  test('starts again what was lost, never in a tight loop', async () => {
    const { engine, time } = await watched({}, (each) => {
      each.result = () => {
        each.tell({ kind: 'lost', reason: 'it ended with code 1' });
        return Promise.resolve({ state: 'failed', error: A_FAILURE });
      };
    });
    await time.pass(20 * MINUTE);
    const gaps = engine.starts.slice(1).map((start, at) => start - (engine.starts[at] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(30_000);
    expect(engine.starts.length).toBeLessThan(10);
  });

  test('scans sooner where the engine was lost between two scans, for nobody watches then', async () => {
    const { engine, time } = await watched();
    await time.pass(MINUTE);
    engine.tell({ kind: 'lost', reason: 'out of memory' });
    await time.pass(MINUTE);
    expect(engine.starts).toEqual([0, MINUTE]);
  });

  test('survives an engine that breaks and a listener that does', async () => {
    const { engine, time, monitor, log } = await watched({}, (each, one) => {
      each.result = () => Promise.reject(new Error('broken engine'));
      one.listen(() => {
        throw new Error('broken listener');
      });
    });
    await time.pass(2 * MINUTE);
    expect(engine.starts.length).toBeGreaterThan(1);
    expect(monitor.state.failure?.error.code).toBe('INTERNAL');
    expect(log.join('\n')).toContain('broken engine');
    expect(log.join('\n')).toContain('broken listener');
  });

  test('ends in the middle of a scan, which is no failure', async () => {
    let finish: (result: EngineScanResult) => void = () => undefined;
    const { engine, end, log } = await watched({}, (each) => {
      each.result = () => new Promise((resolve) => (finish = resolve));
      each.onClose = () => {
        finish({ state: 'failed', error: A_FAILURE });
      };
    });
    await end();
    expect(engine.closed).toBeGreaterThan(0);
    expect(log).toEqual([]);
  });

  test('tells what is wrong with a new configuration until it is mended', async () => {
    const { engine, monitor } = await watched();
    engine.tell({ kind: 'configuration', failure: A_FAILURE });
    expect(monitor.state.configuration).toEqual(A_FAILURE);
    engine.tell({ kind: 'configuration', failure: null });
    expect(monitor.state.configuration).toBeNull();
  });
});

describe('a monitor never scans twice at once', () => {
  test('where the interval ends, something changed and somebody asks in the same instant', async () => {
    const { engine, time, monitor } = await watched({}, takingTime);
    await time.pass(10_000);
    expect(engine.starts).toEqual([0]);
    // Due with the interval, which is at five minutes.
    await time.pass(5 * MINUTE - 10_000 - 3_000);
    engine.tell(CHANGED);
    await time.pass(2_999);
    const asked = [monitor.request(), monitor.request()];
    engine.tell(CHANGED);
    const later = monitor.request();
    await time.pass(1);
    expect(new Set([...asked, later].map(({ id }) => id)).size).toBe(1);
    await time.pass(MINUTE);
    // What changed before it began, it has seen.
    expect(engine.starts).toHaveLength(2);
    expect(engine.mostAtOnce).toBe(1);
  });

  test('whatever happens in whatever order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { minLength: 1, maxLength: 40 }), async (deeds) => {
        const { engine, time, monitor, end } = await watched({}, takingTime);
        for (const each of deeds) {
          if (each.kind === 'ask') monitor.request();
          else if (each.kind === 'pass') await time.pass(each.span);
          else engine.tell(each);
        }
        await time.pass(20 * MINUTE);
        expect(engine.mostAtOnce).toBe(1);
        // Whoever asked has got an answer, and it goes on by itself.
        expect(monitor.runs.filter(({ state }) => state === 'queued')).toEqual([]);
        expect(engine.starts.at(-1)).toBeGreaterThan(time.now - 6 * MINUTE);
        const ending = end();
        await time.pass(MINUTE);
        await ending;
      }),
      { numRuns: 60 },
    );
  });

  const deed = fc.oneof(
    fc.constant({ kind: 'ask' } as const),
    fc.constant(CHANGED),
    fc.constant({ kind: 'lost', reason: 'it ended with code 1' } as const),
    fc.record({
      kind: fc.constant('pass' as const),
      span: fc.constantFrom(0, 1, 1_000, 3_000, 20_000, 30_000, 5 * MINUTE),
    }),
  );

  /** A scan takes twenty seconds, and fails now and then. */
  function takingTime(engine: FakeEngine, _monitor: Monitor, time: FakeTime): void {
    engine.result = async ({ correlationId }) => {
      await time.pause(millis(20_000), new AbortController().signal);
      return engine.starts.length % 3 === 0
        ? { state: 'failed', error: A_FAILURE }
        : { state: 'done', scan: aServedScan(correlationId) };
    };
  }
});
