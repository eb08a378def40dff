import { expect, it } from 'vitest';
import { failed } from '../../../src/lib/core/model/coverage.ts';
import { type Readiness } from '../../../src/lib/core/serve/readiness.ts';
import { aClusterSource, aSource } from '../../support/report-builders.ts';
import { type Served, serveScans, VIEWER } from '../../support/served.ts';
import { aServedScan } from '../../support/served-scans.ts';

const FAILURE = {
  code: 'TRUENAS_UNREACHABLE',
  class: 'transient',
  message: 'nas1 cannot be reached',
  details: {},
  remediation: [],
} as const;

async function aServer(): Promise<Served> {
  return await serveScans({ results: [aServedScan('first')] });
}

async function ready({ server }: Served): Promise<readonly [number, Readiness]> {
  const answer = await server.inject('/ready');
  return [answer.statusCode, answer.json()];
}

it('lives whatever becomes of what it watches', async () => {
  await using served = await serveScans({ results: [FAILURE] });
  const answer = await served.server.inject('/health');
  expect([answer.statusCode, answer.json()]).toEqual([200, { status: 'ok' }]);
  expect(answer.headers['cache-control']).toBe('no-store');
});

it('is not ready before the first scan, and says why', async () => {
  await using waiting = await serveScans({ results: [] });
  expect(await ready(waiting)).toMatchObject([
    503,
    { ready: false, reason: 'the first scan is not done yet', age_seconds: null, sources: [] },
  ]);
  await using served = await serveScans({ results: [FAILURE] });
  expect(await ready(served)).toMatchObject([
    503,
    {
      ready: false,
      reason: 'no scan has come to an end yet: nas1 cannot be reached',
      failure: { code: 'TRUENAS_UNREACHABLE' },
    },
  ]);
});

it('is ready with a result, and tells how old it is', async () => {
  await using served = await aServer();
  served.clock.move(12_000);
  const [status, readiness] = await ready(served);
  expect(status).toBe(200);
  expect(readiness).toMatchObject({ ready: true, reason: null, stale: false, age_seconds: 12 });
  expect(readiness.next_scan_at).toBe('2026-11-30T12:05:00.000Z');
  for (const member of [...readiness.clusters, ...readiness.systems]) {
    expect(member).toMatchObject({ ready: true, circuit: 'closed', reasons: [] });
  }
});

it('stays ready with an old result after a scan that failed, and marks it stale', async () => {
  await using served = await aServer();
  served.engine.play(FAILURE);
  await served.scanAgain();
  const [status, readiness] = await ready(served);
  expect(status).toBe(200);
  expect(readiness).toMatchObject({
    ready: true,
    stale: true,
    failure: { message: FAILURE.message },
  });
  expect(readiness.systems.every((system) => system.stale && !system.ready)).toBe(true);
});

it('tells of each source why it was not read, and whose circuit is open', async () => {
  const sources = [
    aSource({ name: 'zfsSnapshots', coverage: failed('it took too long') }),
    aClusterSource('persistentVolumes', 3),
  ];
  const results = [aServedScan('first', { sources, complete: false })];
  await using served = await serveScans({ results });
  const [, readiness] = await ready(served);
  expect(readiness.sources).toMatchObject([
    { name: 'zfs_snapshots', ready: false, state: 'failed', reason: 'it took too long' },
    { name: 'persistent_volumes', ready: true, reason: null },
  ]);
  const system = sources[0]?.system ?? '';
  expect(readiness.systems.find(({ name }) => name === system)).toMatchObject({
    ready: false,
    reasons: ['it took too long'],
  });
  const cluster = readiness.clusters[0]?.name ?? '';
  served.engine.tell({ kind: 'circuit', member: cluster, state: 'open' });
  expect((await ready(served))[1].clusters[0]).toMatchObject({ ready: false, circuit: 'open' });
  served.engine.tell({ kind: 'lost', reason: 'it ended' });
  expect((await ready(served))[1].clusters[0]).toMatchObject({ circuit: 'closed' });
});

it('is not ready once it was told to end', async () => {
  await using served = await aServer();
  served.end();
  expect(await ready(served)).toMatchObject([
    503,
    { ready: false, reason: 'truenas-monitor is ending' },
  ]);
});

it.each(['/health', '/version', '/ready'])(
  'answers HEAD of %s as GET, without a body',
  async (url) => {
    await using served = await aServer();
    const answer = await served.server.inject({ method: 'HEAD', url });
    expect([answer.statusCode, answer.body]).toEqual([200, '']);
  },
);

it('says what runs, and since when', async () => {
  await using served = await aServer();
  expect((await served.server.inject('/version')).json()).toEqual({
    version: '0.0.0-test',
    commit: null,
    node: '26.10.0',
    platform: 'linux-x64',
    started_at: '2026-11-30T12:00:00.000Z',
  });
});

it('logs a request by its route, its status, its caller and its id, and never by what was asked for', async () => {
  await using served = await aServer();
  served.caller = { ...VIEWER, name: 'ann' };
  served.engine.answered = { state: 'done', body: new TextEncoder().encode('<html>') };
  await served.server.inject({
    url: '/api/v1/explain?object=pvc/secret-project/data&format=tree',
    headers: { 'x-request-id': 'abc-1', authorization: 'Bearer token-of-ann' },
  });
  await served.server.inject({
    url: '/no/such/secret-project',
    headers: { 'x-request-id': 'abc-2' },
  });
  const lines = served.logged.filter(({ message }) => message === 'answered');
  expect(lines.map(({ fields }) => fields)).toMatchObject([
    {
      request: 'abc-1',
      method: 'GET',
      route: '/api/v1/explain',
      status: 200,
      caller: 'ann',
      role: 'viewer',
    },
    { request: 'abc-2', route: '(no such route)', status: 404 },
  ]);
  expect(JSON.stringify(served.logged)).not.toMatch(/secret-project|token-of-ann/);
});
