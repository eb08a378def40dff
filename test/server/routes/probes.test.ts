import { expect, it } from 'vitest';
import { failed } from '../../../src/lib/core/model/coverage.ts';
import { type Readiness } from '../../../src/lib/core/serve/readiness.ts';
import { type ProbedServer, probedServer } from '../../support/probed-server.ts';
import { aClusterSource, aSource } from '../../support/report-builders.ts';
import { aServedScan } from '../../support/served-scans.ts';

const FAILURE = {
  code: 'TRUENAS_UNREACHABLE',
  class: 'transient',
  message: 'nas1 cannot be reached',
  details: {},
  remediation: [],
} as const;

async function ready({ server }: ProbedServer): Promise<readonly [number, Readiness]> {
  const answer = await server.inject('/ready');
  return [answer.statusCode, answer.json()];
}

it('lives whatever becomes of what it watches', async () => {
  await using probed = await probedServer();
  probed.next = { state: 'failed', error: FAILURE };
  await probed.scan();
  const answer = await probed.server.inject('/health');
  expect([answer.statusCode, answer.json()]).toEqual([200, { status: 'ok' }]);
  expect(answer.headers['cache-control']).toBe('no-store');
});

it('is not ready before the first scan, and says why', async () => {
  await using probed = await probedServer();
  expect(await ready(probed)).toMatchObject([
    503,
    { ready: false, reason: 'the first scan is not done yet', age_seconds: null, sources: [] },
  ]);
  probed.next = { state: 'failed', error: FAILURE };
  await probed.scan();
  expect(await ready(probed)).toMatchObject([
    503,
    {
      ready: false,
      reason: 'no scan has come to an end yet: nas1 cannot be reached',
      failure: { code: 'TRUENAS_UNREACHABLE' },
    },
  ]);
});

it('is ready with a result, and tells how old it is', async () => {
  await using probed = await probedServer();
  await probed.scan();
  probed.time.now += 12_000;
  const [status, readiness] = await ready(probed);
  expect(status).toBe(200);
  expect(readiness).toMatchObject({ ready: true, reason: null, stale: false, age_seconds: 12 });
  expect(readiness.next_scan_at).toBe('2026-11-22T01:08:00.000Z');
  for (const member of [...readiness.clusters, ...readiness.systems]) {
    expect(member).toMatchObject({ ready: true, circuit: 'closed', reasons: [] });
  }
});

it('stays ready with an old result after a scan that failed, and marks it stale', async () => {
  await using probed = await probedServer();
  await probed.scan();
  probed.next = { state: 'failed', error: FAILURE };
  await probed.scan();
  const [status, readiness] = await ready(probed);
  expect(status).toBe(200);
  expect(readiness).toMatchObject({
    ready: true,
    stale: true,
    failure: { message: FAILURE.message },
  });
  expect(readiness.systems.every((system) => system.stale && !system.ready)).toBe(true);
});

it('tells of each source why it was not read, and whose circuit is open', async () => {
  await using probed = await probedServer();
  const sources = [
    aSource({ name: 'zfsSnapshots', coverage: failed('it took too long') }),
    aClusterSource('persistentVolumes', 3),
  ];
  probed.next = { state: 'done', scan: aServedScan('first', { sources, complete: false }) };
  await probed.scan();
  const [, readiness] = await ready(probed);
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
  probed.tell({ kind: 'circuit', member: cluster, state: 'open' });
  expect((await ready(probed))[1].clusters[0]).toMatchObject({ ready: false, circuit: 'open' });
  probed.tell({ kind: 'lost', reason: 'it ended' });
  expect((await ready(probed))[1].clusters[0]).toMatchObject({ circuit: 'closed' });
});

it('is not ready once it was told to end', async () => {
  await using probed = await probedServer();
  await probed.scan();
  probed.end();
  expect(await ready(probed)).toMatchObject([
    503,
    { ready: false, reason: 'truenas-monitor is ending' },
  ]);
});

it.each(['/health', '/version', '/ready'])(
  'answers HEAD of %s as GET, without a body',
  async (url) => {
    await using probed = await probedServer();
    await probed.scan();
    const answer = await probed.server.inject({ method: 'HEAD', url });
    expect([answer.statusCode, answer.body]).toEqual([200, '']);
  },
);

it('says what runs, and since when', async () => {
  await using probed = await probedServer();
  expect((await probed.server.inject('/version')).json()).toEqual({
    version: '0.1.0',
    commit: null,
    node: '26.10.0',
    platform: 'linux-x64',
    started_at: '2026-11-22T01:00:00.000Z',
  });
});

it('logs a request by its route, its status, its caller and its id, and never by what was asked for', async () => {
  await using probed = await probedServer();
  await probed.scan();
  await probed.server.inject({
    url: '/api/v1/explain?object=pvc/secret-project/data&format=tree',
    headers: { 'x-request-id': 'abc-1', authorization: 'Bearer token-of-ann' },
  });
  await probed.server.inject({
    url: '/no/such/secret-project',
    headers: { 'x-request-id': 'abc-2' },
  });
  const lines = probed.logged.filter(({ message }) => message === 'answered');
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
  expect(JSON.stringify(probed.logged)).not.toMatch(/secret-project|token-of-ann/);
});
