import { expect, it } from 'vitest';
import { packedPart } from '../../support/packed-texts.ts';
import { samplesOf } from '../../support/exposition.ts';
import { type Served, serveScans } from '../../support/served.ts';
import { aServedScan } from '../../support/served-scans.ts';

const REPORT = '/api/v1/reports/detailed?format=html';

async function aServer(): Promise<Served> {
  const { documents, ...scan } = aServedScan('first');
  const report = packedPart('{"kind":"StorageReport"}');
  const results = [{ ...scan, documents: { ...documents, 'reports/detailed': report } }];
  const served = await serveScans({ results });
  served.engine.answered = { state: 'done', body: encode('<html>') };
  return served;
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

it.each([
  ['html', 'text/html; charset=utf-8'],
  ['pdf', 'application/pdf'],
  ['markdown', 'text/markdown; charset=utf-8'],
  ['yaml', 'application/yaml; charset=utf-8'],
  ['csv', 'text/csv; charset=utf-8'],
])('hands out a report as %s', async (format, type) => {
  await using served = await aServer();
  const answer = await served.server.inject(`/api/v1/reports/detailed?format=${format}`);
  expect(answer.statusCode).toBe(200);
  expect(answer.headers).toMatchObject({
    'content-type': type,
    'x-truenas-monitor-scan': 'first',
    'x-truenas-monitor-age': '0',
  });
  expect(answer.headers).not.toHaveProperty('x-truenas-monitor-stale');
  expect(served.engine.questions).toMatchObject([{ kind: 'report', format }]);
});

it('serves the JSON that the scan brought, and asks nobody for it', async () => {
  await using served = await aServer();
  expect((await served.server.inject('/api/v1/reports/detailed')).json()).toEqual({
    scan_id: 'first',
    age_seconds: 0,
    stale: false,
    kind: 'StorageReport',
  });
  expect(served.engine.questions).toEqual([]);
});

it('works out once what several ask for, each with the id of its own', async () => {
  await using served = await aServer();
  const answers = await Promise.all(Array.from({ length: 5 }, () => served.server.inject(REPORT)));
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200, 200]);
  expect(new Set(answers.map(({ headers }) => headers['x-request-id'])).size).toBe(5);
  expect(served.engine.questions).toHaveLength(1);
});

it('tells Prometheus what was kept, and what had to be made', async () => {
  await using served = await aServer();
  for (let asked = 0; asked < 3; asked += 1) await served.server.inject(REPORT);
  const name = 'truenas_monitor_cache_requests_total';
  for (let read = 0; read < 2; read += 1) {
    const { body } = await served.server.inject('/metrics');
    expect(samplesOf(body, name)).toEqual({
      [`${name}{cache="answers",result="hit"}`]: 2,
      [`${name}{cache="answers",result="stale"}`]: 0,
      [`${name}{cache="answers",result="miss"}`]: 1,
    });
  }
});

it('marks what was made of an earlier scan', async () => {
  await using served = await aServer();
  await served.server.inject(REPORT);
  served.clock.move(31_000);
  served.engine.play(aServedScan('second'));
  await served.scanAgain();
  const stale = await served.server.inject(REPORT);
  expect(stale.headers).toMatchObject({
    'x-truenas-monitor-scan': 'first',
    'x-truenas-monitor-age': '31',
    'x-truenas-monitor-stale': 'true',
  });
  await new Promise(setImmediate);
  expect((await served.server.inject(REPORT)).headers['x-truenas-monitor-scan']).toBe('second');
});

it('asks for one object by its name', async () => {
  await using served = await aServer();
  const answer = await served.server.inject('/api/v1/explain?object=pvc/media/films&format=tree');
  expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
  expect(served.engine.questions).toMatchObject([{ kind: 'explain', object: 'pvc/media/films' }]);
});

it.each([
  ['USAGE', 404],
  ['BUSY', 503],
  ['NOTHING_KEPT', 503],
  ['SCANNER_LOST', 503],
  ['INTERNAL', 500],
])('tells of %s with %i, in the form of every error', async (code, status) => {
  await using served = await aServer();
  served.engine.answered = {
    state: 'failed',
    error: { code, class: 'transient', message: 'why', details: {}, remediation: ['do this'] },
  };
  const answer = await served.server.inject(REPORT);
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
  await using served = await aServer();
  expect((await served.server.inject(url)).statusCode).toBe(400);
  expect(served.engine.questions).toEqual([]);
});

it.each([REPORT, '/api/v1/reports/detailed', '/api/v1/explain?object=pv/a'])(
  'shows %s to nobody who may see some namespaces only',
  async (url) => {
    await using served = await aServer();
    await served.server.inject(url);
    const before = served.engine.questions.length;
    served.caller = { ...served.caller, namespaces: new Set(['media']) };
    expect((await served.server.inject(url)).statusCode).toBe(403);
    expect(served.engine.questions).toHaveLength(before);
  },
);

it('says when to ask again where there is no scan yet', async () => {
  await using served = await serveScans({ results: [] });
  const answer = await served.server.inject(REPORT);
  expect(answer.statusCode).toBe(503);
  expect(answer.headers['retry-after']).toBe('5');
});

it('sends the answer, and nothing that lies beside it in memory', async () => {
  await using served = await aServer();
  const whole = encode('of somebody else|the answer|of somebody else');
  served.engine.answered = { state: 'done', body: whole.subarray(17, 27) };
  expect((await served.server.inject(REPORT)).body).toBe('the answer');
});
