import { expect, it } from 'vitest';
import { samplesOf } from '../../support/exposition.ts';
import { probedServer } from '../../support/probed-server.ts';
import { aServedScan } from '../../support/served-scans.ts';

const REPORT = '/api/v1/reports/detailed?format=html';

it.each([
  ['html', 'text/html; charset=utf-8'],
  ['pdf', 'application/pdf'],
  ['markdown', 'text/markdown; charset=utf-8'],
  ['yaml', 'application/yaml; charset=utf-8'],
  ['csv', 'text/csv; charset=utf-8'],
])('hands out a report as %s', async (format, type) => {
  await using probed = await probedServer();
  await probed.scan();
  const answer = await probed.server.inject(`/api/v1/reports/detailed?format=${format}`);
  expect(answer.statusCode).toBe(200);
  expect(answer.headers).toMatchObject({
    'content-type': type,
    'x-truenas-monitor-scan': 'first',
    'x-truenas-monitor-age': '0',
  });
  expect(answer.headers).not.toHaveProperty('x-truenas-monitor-stale');
  expect(probed.questions).toMatchObject([{ kind: 'report', format }]);
});

it('serves the JSON that the scan brought, and asks nobody for it', async () => {
  await using probed = await probedServer();
  await probed.scan();
  expect((await probed.server.inject('/api/v1/reports/detailed')).json()).toEqual({
    scan_id: 'first',
    age_seconds: 0,
    stale: false,
    kind: 'StorageReport',
  });
  expect(probed.questions).toEqual([]);
});

it('works out once what several ask for, each with the id of its own', async () => {
  await using probed = await probedServer();
  await probed.scan();
  const answers = await Promise.all(Array.from({ length: 5 }, () => probed.server.inject(REPORT)));
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200, 200]);
  expect(new Set(answers.map(({ headers }) => headers['x-request-id'])).size).toBe(5);
  expect(probed.questions).toHaveLength(1);
});

it('tells Prometheus what was kept, and what had to be made', async () => {
  await using probed = await probedServer();
  await probed.scan();
  for (let asked = 0; asked < 3; asked += 1) await probed.server.inject(REPORT);
  const name = 'truenas_monitor_cache_requests_total';
  for (let read = 0; read < 2; read += 1) {
    const { body } = await probed.server.inject('/metrics');
    expect(samplesOf(body, name)).toEqual({
      [`${name}{cache="answers",result="hit"}`]: 2,
      [`${name}{cache="answers",result="stale"}`]: 0,
      [`${name}{cache="answers",result="miss"}`]: 1,
    });
  }
});

it('marks what was made of an earlier scan', async () => {
  await using probed = await probedServer();
  await probed.scan();
  await probed.server.inject(REPORT);
  probed.time.now += 31_000;
  probed.next = { state: 'done', scan: aServedScan('second') };
  await probed.scan();
  const stale = await probed.server.inject(REPORT);
  expect(stale.headers).toMatchObject({
    'x-truenas-monitor-scan': 'first',
    'x-truenas-monitor-age': '31',
    'x-truenas-monitor-stale': 'true',
  });
  await new Promise(setImmediate);
  expect((await probed.server.inject(REPORT)).headers['x-truenas-monitor-scan']).toBe('second');
});

it('asks for one object by its name', async () => {
  await using probed = await probedServer();
  await probed.scan();
  const answer = await probed.server.inject('/api/v1/explain?object=pvc/media/films&format=tree');
  expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
  expect(probed.questions).toMatchObject([{ kind: 'explain', object: 'pvc/media/films' }]);
});

it.each([
  ['USAGE', 404],
  ['BUSY', 503],
  ['NOTHING_KEPT', 503],
  ['SCANNER_LOST', 503],
  ['INTERNAL', 500],
])('tells of %s with %i, in the form of every error', async (code, status) => {
  await using probed = await probedServer();
  await probed.scan();
  probed.answer = {
    state: 'failed',
    error: { code, class: 'transient', message: 'why', details: {}, remediation: ['do this'] },
  };
  const answer = await probed.server.inject(REPORT);
  expect(answer.statusCode).toBe(status);
  expect(answer.json()).toMatchObject({
    error: { code, message: 'why', remediation: ['do this'] },
  });
});

it.each([
  '/api/v1/reports/detailed?format=exe',
  '/api/v1/reports/detailed?formt=html',
  '/api/v1/explain',
  '/api/v1/explain?object=',
  `/api/v1/explain?object=${'x'.repeat(513)}`,
])('refuses %s', async (url) => {
  await using probed = await probedServer();
  await probed.scan();
  expect((await probed.server.inject(url)).statusCode).toBe(400);
  expect(probed.questions).toEqual([]);
});

it.each([REPORT, '/api/v1/reports/detailed', '/api/v1/explain?object=pv/a'])(
  'shows %s to nobody who may see some namespaces only',
  async (url) => {
    await using probed = await probedServer();
    await probed.scan();
    await probed.server.inject(url);
    const before = probed.questions.length;
    probed.caller = { ...probed.caller, namespaces: new Set(['media']) };
    expect((await probed.server.inject(url)).statusCode).toBe(403);
    expect(probed.questions).toHaveLength(before);
  },
);

it('says when to ask again where there is no scan yet', async () => {
  await using probed = await probedServer();
  const answer = await probed.server.inject(REPORT);
  expect(answer.statusCode).toBe(503);
  expect(answer.headers['retry-after']).toBe('5');
});

it('sends the answer, and nothing that lies beside it in memory', async () => {
  await using probed = await probedServer();
  await probed.scan();
  const whole = new TextEncoder().encode('of somebody else|the answer|of somebody else');
  probed.answer = { state: 'done', body: whole.subarray(17, 27) };
  expect((await probed.server.inject(REPORT)).body).toBe('the answer');
});
