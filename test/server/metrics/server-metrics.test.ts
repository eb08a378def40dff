import { describe, expect, it } from 'vitest';
import { type Failure } from '../../../src/lib/core/serve/failure.ts';
import { millis } from '../../../src/lib/core/model/units.ts';
import { samplesOf } from '../../support/exposition.ts';
import { needsPrometheus, promtool } from '../../support/promtool.ts';
import { demoScan, scanDemo, type Served, serveScans } from '../../support/served.ts';

const BROKEN: Failure = {
  code: 'TRUENAS_UNREACHABLE',
  class: 'transient',
  message: 'nas1 does not answer',
  details: {},
  remediation: [],
};

async function read({ server }: Served, family: string): Promise<Readonly<Record<string, number>>> {
  const { body } = await server.inject('/metrics');
  const name = `truenas_monitor_${family}`;
  return Object.fromEntries(
    Object.entries(samplesOf(body, name)).map(([series, value]) => [
      series.slice(name.length),
      value,
    ]),
  );
}

describe('how old the result is', () => {
  it('goes on while no scan comes', async () => {
    await using served = await serveScans();
    const taken = served.clock.now().getTime() / 1000;
    served.clock.move(90_000);
    expect(await read(served, 'result_age_seconds')).toEqual({ '': 90 });
    expect(await read(served, 'last_scan_timestamp')).toEqual({ '': taken });
    expect(await read(served, 'result_stale')).toEqual({ '': 0 });
    served.clock.move(900_000);
    expect(await read(served, 'result_stale')).toEqual({ '': 1 });
  });

  it('is stale as soon as a scan fails, and keeps the numbers of the last one that did not', async () => {
    await using served = await serveScans();
    const before = await read(served, 'findings');
    served.engine.play(BROKEN);
    await served.scanAgain();
    expect(await read(served, 'result_stale')).toEqual({ '': 1 });
    expect(await read(served, 'scan_failing')).toEqual({ '': 1 });
    expect(await read(served, 'findings')).toEqual(before);
    expect(Object.keys(before)).not.toHaveLength(0);
  });

  it('is no more once a scan succeeds', async () => {
    await using served = await serveScans({ results: [BROKEN, await demoScan()] });
    expect(await read(served, 'result_available')).toEqual({ '': 0 });
    expect(await read(served, 'scan_failing')).toEqual({ '': 1 });
    await served.scanAgain();
    expect(await read(served, 'result_available')).toEqual({ '': 1 });
    expect(await read(served, 'result_stale')).toEqual({ '': 0 });
    expect(await read(served, 'scan_failing')).toEqual({ '': 0 });
  });
});

describe('what is counted', () => {
  it('outlives every scan', async () => {
    await using served = await serveScans();
    const done = '{reason="request",result="done"}';
    expect((await read(served, 'scans_total'))[done]).toBe(0);
    await served.scanAgain();
    served.engine.play(BROKEN);
    await served.scanAgain();
    const counts = await read(served, 'scans_total');
    expect(counts[done]).toBe(1);
    expect(counts['{reason="request",result="failed"}']).toBe(1);
    expect((await read(served, 'scan_run_duration_seconds'))['_count{result="done"}']).toBe(1);
  });

  it('is how clusters and systems answer', async () => {
    await using served = await serveScans();
    const call = { kind: 'call', api: 'truenas', member: 'nas1' } as const;
    served.engine.tell({ ...call, outcome: 'ok', duration: millis(20) });
    served.engine.tell({ ...call, outcome: 'ok', duration: millis(30) });
    served.engine.tell({ ...call, outcome: 'error', duration: millis(9000) });
    expect(await read(served, 'api_requests_total')).toEqual({
      '{api="truenas",member="nas1",outcome="ok"}': 2,
      '{api="truenas",member="nas1",outcome="error"}': 1,
    });
    const took = await read(served, 'api_request_duration_seconds');
    expect(took['_sum{api="truenas",member="nas1",outcome="ok"}']).toBeCloseTo(0.05);
    expect(took['_bucket{le="0.025",api="truenas",member="nas1",outcome="ok"}']).toBe(1);
  });

  it('is whether they are asked at all', async () => {
    await using served = await serveScans();
    expect(await read(served, 'circuit_state')).toEqual({});
    for (const state of ['open', 'half-open'] as const) {
      served.engine.tell({ kind: 'circuit', member: 'nas1', state });
    }
    expect(await read(served, 'circuit_state')).toEqual({
      '{member="nas1",state="closed"}': 0,
      '{member="nas1",state="open"}': 0,
      '{member="nas1",state="half-open"}': 1,
    });
  });

  it('is what they tell by themselves, and what becomes of the thread that scans', async () => {
    await using served = await serveScans();
    served.engine.tell({ kind: 'changed', source: 'prod', what: 'persistentvolumes' });
    served.engine.tell({ kind: 'lost', reason: 'it ended with code 1' });
    expect(await read(served, 'changes_total')).toEqual({ '': 1 });
    expect(await read(served, 'scanner_losses_total')).toEqual({ '': 1 });
  });

  it('is how long was read, and how long was judged, by names that are few', async () => {
    await using served = await serveScans();
    served.monitor.listen(({ kind }) => {
      if (kind !== 'scan-started') return;
      for (const phase of ['read datasets', 'read pools']) {
        served.clock.move(2000);
        served.engine.tell({ kind: 'phase', phase, done: 1, total: 2 });
      }
    });
    await served.scanAgain();
    const took = await read(served, 'scan_phase_duration_seconds');
    expect(Object.keys(took).filter((series) => series.startsWith('_count'))).toEqual([
      '_count{phase="read"}',
      '_count{phase="judge"}',
    ]);
    expect(took['_sum{phase="read"}']).toBe(4);
    expect(took['_sum{phase="judge"}']).toBe(0);
  });

  it('is what parts of the server tell', async () => {
    await using served = await serveScans();
    const { use } = served.server.metrics;
    use.showCache('answers', () => ({ hit: 2, stale: 0, miss: 1 }));
    use.showEventClients(() => 3);
    use.countDroppedClient('slow');
    expect(await read(served, 'cache_requests_total')).toEqual({
      '{cache="answers",result="hit"}': 2,
      '{cache="answers",result="stale"}': 0,
      '{cache="answers",result="miss"}': 1,
    });
    expect(await read(served, 'event_clients')).toEqual({ '': 3 });
    expect((await read(served, 'event_clients_dropped_total'))['{reason="slow"}']).toBe(1);
  });
});

describe('requests', () => {
  it('go by the pattern of their route, whatever is asked for', async () => {
    await using served = await serveScans();
    for (const path of ['/a', '/b/../c', '/api/v1/orphans/%00', '/x"} 1']) {
      await served.server.inject(path);
    }
    await served.server.inject({ method: 'PROPFIND' as 'GET', url: '/health' });
    await served.server.inject('/health?probe=1');
    expect(await read(served, 'http_requests_total')).toEqual({
      '{method="GET",route="none",status="404"}': 4,
      '{method="other",route="none",status="405"}': 1,
      '{method="GET",route="/health",status="200"}': 1,
    });
  });

  it('count with what they were refused with', async () => {
    await using served = await serveScans({ results: [] });
    await served.server.inject('/api/v1/orphans');
    expect(await read(served, 'http_requests_total')).toEqual({
      '{method="GET",route="/api/v1/orphans",status="503"}': 1,
    });
  });
});

describe('what is served', () => {
  it('has no series of single volumes unless they are asked for, and no more than that', async () => {
    await using without = await serveScans();
    expect(await read(without, 'volume_used_bytes')).toEqual({});
    await using served = await serveScans({ results: [await scanDemo({ volumeSeries: 10 })] });
    const volumes = await read(served, 'volume_used_bytes');
    expect(Object.keys(volumes)).toHaveLength(10);
    expect(Object.values(await read(served, 'volumes_left_out'))).toEqual([33]);
  });

  it(
    'is what promtool has nothing to say of, but for established names',
    needsPrometheus(),
    async () => {
      await using served = await serveScans({ results: [await scanDemo({ volumeSeries: 10 })] });
      served.engine.tell({ kind: 'circuit', member: 'nas1', state: 'open' });
      served.engine.tell({
        kind: 'call',
        api: 'truenas',
        member: 'nas1',
        outcome: 'ok',
        duration: millis(5),
      });
      await served.scanAgain();
      const { body } = await served.server.inject('/metrics');
      const { said } = promtool(['check', 'metrics'], body);
      expect(said.trim().split('\n')).toEqual(
        ['orphaned_pvcs_total', 'orphaned_pvs_total', 'orphaned_snapshots_total'].map(
          (name) => `truenas_monitor_${name} non-counter metrics should not have "_total" suffix`,
        ),
      );
    },
  );

  it('is ready before anybody asks: a large scan costs a scrape no more than its bytes', async () => {
    const scan = await demoScan();
    const measures = new Uint8Array(4_000_000).fill('#'.charCodeAt(0));
    measures.fill('\n'.charCodeAt(0), measures.length - 1);
    await using served = await serveScans({ results: [{ ...scan, measures }] });
    const { rawPayload } = await served.server.inject('/metrics');
    expect(rawPayload.subarray(0, measures.length).equals(measures)).toBe(true);
  });
});
