import { type LightMyRequestResponse } from 'fastify';
import { describe, expect, test, vi } from 'vitest';
import { type ScanRunWire } from '../../../src/lib/core/serve/scan-run-schema.ts';
import { type Failure } from '../../../src/lib/core/serve/failure.ts';
import { publishedSchema } from '../../support/json-schema.ts';
import { serveScans, type Served, type ServedOptions, VIEWER } from '../../support/served.ts';
import { aServedScan } from '../../support/served-scans.ts';

const OPERATOR = { ...VIEWER, name: 'alice', role: 'operator' } as const;
const isRun = publishedSchema('scan-run');

const FAILED: Failure = {
  code: 'TRUENAS_UNREACHABLE',
  class: 'transient',
  message: 'TrueNAS nas1 cannot be reached',
  details: { host: 'nas1.example' },
  remediation: ['Look whether it is on.'],
};

async function serving(options: ServedOptions = {}): Promise<Served> {
  return await serveScans({ results: [aServedScan('result-1')], caller: OPERATOR, ...options });
}

async function ask(
  { server }: Served,
  headers: Record<string, string> = {},
): Promise<{ readonly status: number; readonly location: unknown; readonly run: ScanRunWire }> {
  const answer = await server.inject({ method: 'POST', url: '/api/v1/scans', headers });
  const run = answer.json<ScanRunWire>();
  if (!isRun(run)) throw new Error(`not of the published form: ${answer.payload}`);
  return { status: answer.statusCode, location: answer.headers.location, run };
}

describe('POST /api/v1/scans', () => {
  test('asks for a scan, and says where it can be followed', async () => {
    await using served = await serving();
    const { status, location, run } = await ask(served);
    expect(status).toBe(202);
    expect(location).toBe(`/api/v1/scans/${run.id}`);
    expect(run).toMatchObject({ reason: 'request', error: null, result: null });
    const answer = await served.server.inject({ url: String(location) });
    expect(answer.json()).toMatchObject({ id: run.id });
  });

  test('answers with the one that waits where one does', async () => {
    // The first of all does not come to an end.
    await using served = await serving({ results: [] });
    const first = await ask(served);
    const second = await ask(served);
    expect(first.run.state).toBe('queued');
    expect(second.run.id).toBe(first.run.id);
    expect(served.monitor.runs).toHaveLength(2);
  });

  test('starts one scan for one key, and others for others', async () => {
    await using served = await serving();
    const first = await ask(served, { 'idempotency-key': 'a' });
    await served.scanAgain();
    const again = await ask(served, { 'idempotency-key': 'a' });
    expect(again.run.id).toBe(first.run.id);
    expect(again.run.state).toBe('done');
    const other = await ask(served, { 'idempotency-key': 'b' });
    expect(other.run.id).not.toBe(first.run.id);
  });

  test('takes a key as free again after a day', async () => {
    await using served = await serving();
    const first = await ask(served, { 'idempotency-key': 'a' });
    await served.scanAgain();
    served.clock.move(24 * 3_600_000);
    const later = await ask(served, { 'idempotency-key': 'a' });
    expect(later.run.id).not.toBe(first.run.id);
  });

  test('makes one scan of a burst with one key, whoever is first', async () => {
    await using served = await serving();
    const runs = await Promise.all(
      Array.from({ length: 20 }, () => ask(served, { 'idempotency-key': 'a' })),
    );
    expect(new Set(runs.map(({ run }) => run.id)).size).toBe(1);
    expect(new Set(runs.map(({ status }) => status))).toEqual(new Set([202]));
    await settled(served);
    // The first of all, and this one.
    expect(served.engine.scans).toBe(2);
    expect(served.monitor.runs).toHaveLength(2);
    const asked = served.logged.filter(({ message }) => message === 'a scan was asked for');
    expect(asked).toHaveLength(1);
  });

  test('makes no more than two scans of a burst without a key: the one under way may be too old', async () => {
    await using served = await serving();
    const runs = await Promise.all(Array.from({ length: 20 }, () => ask(served)));
    expect(new Set(runs.map(({ run }) => run.id)).size).toBeLessThanOrEqual(2);
    await settled(served);
    expect(served.engine.scans).toBeLessThanOrEqual(3);
    expect(served.engine.mostAtOnce).toBe(1);
  });

  test('takes another body with the same key as the same request: nothing can be said in it', async () => {
    await using served = await serving();
    const headers = { 'idempotency-key': 'a', 'content-type': 'application/json' };
    const first = await ask(served, { 'idempotency-key': 'a' });
    await settled(served);
    for (const payload of ['{}', 'null']) {
      const url = '/api/v1/scans';
      const again = await served.server.inject({ method: 'POST', url, headers, payload });
      expect([payload, again.statusCode]).toEqual([payload, 202]);
      expect(again.json<ScanRunWire>().id).toBe(first.run.id);
    }
    const url = '/api/v1/scans';
    const payload = '{"rules":["x"]}';
    const refused = await served.server.inject({ method: 'POST', url, headers, payload });
    expect(refused.statusCode).toBe(400);
    expect(served.monitor.runs).toHaveLength(2);
  });

  test('keeps a key that a refused request brought for another', async () => {
    await using served = await serving();
    const url = '/api/v1/scans';
    const headers = { 'idempotency-key': 'a', 'content-type': 'application/json' };
    await served.server.inject({ method: 'POST', url, headers, payload: '{"rules":["x"]}' });
    const { status, run } = await ask(served, { 'idempotency-key': 'a' });
    expect([status, run.reason]).toEqual([202, 'request']);
  });

  test('keeps the keys of callers apart', async () => {
    let name = 'alice';
    await using served = await serving({
      context: {
        authenticator: {
          admit: () => Promise.resolve({ state: 'admitted', caller: { ...OPERATOR, name } }),
        },
      },
    });
    const first = await ask(served, { 'idempotency-key': 'a' });
    await served.scanAgain();
    name = 'bob';
    const second = await ask(served, { 'idempotency-key': 'a' });
    expect(second.run.id).not.toBe(first.run.id);
  });

  test('says so where the scan of a key is not remembered any more', async () => {
    await using served = await serving();
    await ask(served, { 'idempotency-key': 'a' });
    for (let count = 0; count < 201; count += 1) await served.scanAgain();
    const answer = await served.server.inject({
      method: 'POST',
      url: '/api/v1/scans',
      headers: { 'idempotency-key': 'a' },
    });
    expect(answer.statusCode).toBe(410);
    expect(answer.json()).toMatchObject({ error: { code: 'SCAN_FORGOTTEN' } });
  });

  test.each([['x'.repeat(129)], ['with space'], ['ümlaut']])(
    'refuses a key that is none (%j), and starts nothing',
    async (key) => {
      await using served = await serving();
      const answer = await served.server.inject({
        method: 'POST',
        url: '/api/v1/scans',
        headers: { 'idempotency-key': key },
      });
      expect(answer.statusCode).toBe(400);
      expect(served.monitor.runs).toHaveLength(1);
    },
  );

  test.each([
    ['application/json', '{"rules":["x"]}', 400],
    ['application/json', '{', 400],
    ['application/json', '[]', 400],
    ['text/plain', 'now', 415],
    ['application/json', '{}', 202],
  ])('answers a body of %s %j with %i', async (type, payload, status) => {
    await using served = await serving();
    const answer = await served.server.inject({
      method: 'POST',
      url: '/api/v1/scans',
      headers: { 'content-type': type },
      payload,
    });
    expect(answer.statusCode).toBe(status);
  });

  test('asks for the role of an operator', async () => {
    const needed: string[] = [];
    await using served = await serving({
      context: {
        authenticator: {
          admit: (_credentials, { role }) => {
            needed.push(role);
            return Promise.resolve({ state: 'forbidden', reason: 'not for viewers' });
          },
        },
      },
    });
    const answer = await served.server.inject({ method: 'POST', url: '/api/v1/scans' });
    expect(answer.statusCode).toBe(403);
    expect(needed).toEqual(['operator']);
    expect(served.monitor.runs).toHaveLength(1);
  });
});

/** Waits until nothing is under way and nothing waits. */
async function settled({ monitor }: Served): Promise<void> {
  await vi.waitFor(() => {
    expect(monitor.runs.every(({ state }) => state === 'done')).toBe(true);
  });
}

describe('GET /api/v1/scans', () => {
  test('lists them page by page, the newest first, each once', async () => {
    await using served = await serving();
    for (let count = 0; count < 6; count += 1) await served.scanAgain();
    const seen: string[] = [];
    let next: string | null = '/api/v1/scans?limit=3';
    while (next !== null) {
      const answer: LightMyRequestResponse = await served.server.inject({ url: next });
      expect(answer.statusCode).toBe(200);
      const { scans, page } = answer.json<{
        scans: ScanRunWire[];
        page: { next: string | null; total: number };
      }>();
      expect(page.total).toBe(7);
      seen.push(...scans.map(({ id }) => id));
      ({ next } = page);
    }
    expect(seen).toEqual(served.monitor.runs.map(({ id }) => id));
  });

  test.each(['limit=0', 'limit=1001', 'limit=x', 'page=2'])('refuses ?%s', async (query) => {
    await using served = await serving();
    const answer = await served.server.inject({ url: `/api/v1/scans?${query}` });
    expect(answer.statusCode).toBe(400);
  });

  test('says so where the place to go on from is not known', async () => {
    await using served = await serving();
    const answer = await served.server.inject({ url: '/api/v1/scans?cursor=none' });
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({ error: { code: 'SCAN_UNKNOWN' } });
  });
});

describe('GET /api/v1/scans/{id}', () => {
  test('says how it ended, and where its result is for as long as that is served', async () => {
    await using served = await serving();
    const [first] = served.monitor.runs;
    const url = `/api/v1/scans/${first?.id ?? ''}`;
    expect((await served.server.inject({ url })).json()).toMatchObject({
      state: 'done',
      phase: null,
      duration_seconds: 0,
      result: { id: 'result-1', href: '/api/v1/reports/detailed' },
    });
    served.engine.play(aServedScan('result-2'));
    await served.scanAgain();
    expect((await served.server.inject({ url })).json()).toMatchObject({
      result: { id: 'result-1', href: null },
    });
  });

  test('says why it failed', async () => {
    await using served = await serving();
    served.engine.play(FAILED);
    await served.scanAgain();
    const [last] = served.monitor.runs;
    const answer = await served.server.inject({ url: `/api/v1/scans/${last?.id ?? ''}` });
    expect(isRun(answer.json())).toBe(true);
    expect(answer.json()).toMatchObject({
      state: 'failed',
      error: { code: 'TRUENAS_UNREACHABLE', details: { host: 'nas1.example' } },
      result: null,
    });
  });

  test('knows no scan that was not', async () => {
    await using served = await serving();
    const answer = await served.server.inject({ url: '/api/v1/scans/none' });
    expect(answer.statusCode).toBe(404);
  });
});
