import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { type LightMyRequestResponse } from 'fastify';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  type RowKeys,
  servedList,
  type ServedList,
} from '../../../src/lib/core/serve/served-rows.ts';
import { packing } from '../../../src/lib/server/answer/packing.ts';
import { type ServedScan } from '../../../src/lib/core/serve/served-scan.ts';
import { portOf } from '../../support/event-listener.ts';
import { type Served, serveScans, VIEWER } from '../../support/served.ts';
import { aServedScan } from '../../support/served-scans.ts';

const PATH = '/api/v1/resources/pvs';
const PATIENCE = { timeout: 10_000, interval: 20 };

interface Answer {
  readonly items: readonly { readonly name: string }[];
  readonly page: { readonly total: number; readonly next: string | null };
}

interface Row {
  readonly name: string;
  readonly namespace: string | null;
}

function withVolumes(rows: ServedList): ServedScan {
  const scan = aServedScan('first');
  return { ...scan, lists: { ...scan.lists, 'resources/pvs': rows } };
}

function rowsOf(rows: Iterable<Row & { readonly more?: string }>): ServedList {
  const keyed = [...rows].map((row): [RowKeys, unknown] => [
    { namespace: row.namespace, labels: {}, createdAt: null, home: 'prod' },
    row,
  ]);
  return servedList(keyed, packing);
}

const ROWS = 6_000;
/** What no sort of compression makes much smaller, and no buffer of a system takes in. */
const MORE = 5_000;

/** A list of some 30 MB, and how many rows of it were taken so far. */
function aLargeList(): { readonly rows: ServedList; readonly taken: () => number } {
  const noise = randomBytes((ROWS * MORE * 3) / 4).toString('base64');
  const made = rowsOf(
    Array.from({ length: ROWS }, (_, at) => ({
      name: `pv-${String(at)}`,
      namespace: 'a',
      more: noise.slice(at * MORE, (at + 1) * MORE),
    })),
  );
  let reads = 0;
  const rows = {
    keys: made.keys,
    text: made.text,
    // Looked at once to choose among the rows, and once for each that is cut out of the text.
    get ends() {
      reads += 1;
      return made.ends;
    },
  };
  return { rows, taken: () => Math.max(0, reads - 1) };
}

interface Reading {
  readonly served: Served;
  readonly taken: () => number;
  readonly socket: Socket;
}

/** Asks for all of a large list, and does not read the answer. */
async function askAndWait(...headers: readonly string[]): Promise<Reading> {
  const { rows, taken } = aLargeList();
  const served = await serveScans({ results: [withVolumes(rows)] });
  onTestFinished(async () => {
    await served[Symbol.asyncDispose]();
  });
  const port = await portOf(served);
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  onTestFinished(() => {
    socket.destroy();
  });
  await once(socket, 'connect');
  socket.pause();
  const head = [
    `GET ${PATH}?limit=all HTTP/1.1`,
    'Host: 127.0.0.1',
    'Connection: close',
    ...headers,
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  await standsStill(taken);
  return { served, taken, socket };
}

/** Waits until no row has been taken for a while. */
async function standsStill(taken: () => number): Promise<void> {
  for (let before = 0, now = -1; before !== now || now === 0;) {
    before = taken();
    await wait(150);
    now = taken();
  }
}

describe('limit=all', () => {
  it.each([
    ['as it is', []],
    ['compressed', ['Accept-Encoding: gzip']],
  ])('is made as fast as it is read, and is whole in the end: %s', async (_how, headers) => {
    const { taken, socket } = await askAndWait(...headers);
    // What the system holds for a connection is some megabytes.
    expect(taken()).toBeGreaterThan(0);
    expect(taken()).toBeLessThan(ROWS / 2);
    const answer = await bodyOf(socket);
    expect(taken()).toBe(ROWS);
    const body = headers.length === 0 ? answer : gunzipSync(answer);
    const { items } = JSON.parse(body.toString('utf8')) as Answer; // by the schemas that are tested elsewhere
    expect(items.map(({ name }) => name)).toEqual(
      Array.from({ length: ROWS }, (_, at) => `pv-${String(at)}`),
    );
  });

  it('ends where its reader goes away half-way, which is nobody’s fault', async () => {
    const { served, taken, socket } = await askAndWait();
    const before = taken();
    expect(before).toBeLessThan(ROWS / 2);
    socket.destroy();
    await standsStill(taken);
    expect(taken()).toBeLessThan(before + 500);
    await vi.waitFor(() => {
      expect(served.logged.map(({ message }) => message)).toContain(
        'a request ended before it was whole, or answered',
      );
    }, PATIENCE);
    expect(served.logged.filter(({ level }) => level === 'error' || level === 'warn')).toEqual([]);
    expect(served.server.server.listening).toBe(true);
    const { statusCode } = await served.server.inject(`${PATH}?limit=1`);
    expect(statusCode).toBe(200);
  });

  it('is the same rows as page by page, and as lines', async () => {
    const all = Array.from({ length: 25 }, (_, at) => ({
      name: `pv-${String(at)}`,
      namespace: at % 2 === 0 ? 'a' : null,
    }));
    await using served = await serveScans({ results: [withVolumes(rowsOf(all))] });
    const whole = await ask(served, `${PATH}?limit=all`);
    expect(whole).toMatchObject({ items: all, page: { total: 25, next: null } });
    const rows: unknown[] = [];
    for (let next: string | null = `${PATH}?limit=10`; next !== null;) {
      const { items, page }: Answer = await ask(served, next);
      rows.push(...items);
      next = page.next;
    }
    expect(rows).toEqual(all);
    const headers = { accept: 'application/x-ndjson' };
    const lines = await served.server.inject({ url: `${PATH}?limit=all`, headers });
    expect(lines.body).toBe(all.map((row) => `${JSON.stringify(row)}\n`).join(''));
  });

  it('is a list also where there is nothing', async () => {
    await using served = await serveScans({ results: [withVolumes(rowsOf([]))] });
    const empty = await ask(served, `${PATH}?limit=all`);
    expect(empty).toMatchObject({ items: [], page: { total: 0, next: null } });
    const headers = { accept: 'application/x-ndjson' };
    const lines = await served.server.inject({ url: `${PATH}?limit=all`, headers });
    expect([lines.statusCode, lines.body]).toEqual([200, '']);
  });
});

describe('a caller that is limited to namespaces', () => {
  const caller = { ...VIEWER, name: 'dev', namespaces: new Set(['a', 'b']) };
  const list = rowsOf([
    { name: 'pv-1', namespace: 'a' },
    { name: 'pv-2', namespace: 'c' },
    { name: 'pv-3', namespace: null },
    { name: 'pv-4', namespace: 'b' },
    { name: 'pv-5', namespace: 'a' },
  ]);

  async function limited(): Promise<Served> {
    const served = await serveScans({ results: [withVolumes(list)], caller });
    onTestFinished(async () => {
      await served[Symbol.asyncDispose]();
    });
    return served;
  }

  it('gets the rows that lie in these, and is told of no others, however it asks', async () => {
    const served = await limited();
    for (const query of ['limit=all', 'limit=1000', 'namespace=a,b&limit=all']) {
      const { items, page } = await ask(served, `${PATH}?${query}`);
      expect(items.map(({ name }) => name)).toEqual(['pv-1', 'pv-4', 'pv-5']);
      expect(page.total).toBe(3);
    }
    const headers = { accept: 'application/x-ndjson' };
    const lines = await served.server.inject({ url: `${PATH}?limit=all`, headers });
    expect(lines.body.match(/pv-\d/g)).toEqual(['pv-1', 'pv-4', 'pv-5']);
  });

  it('is refused a namespace of others, whether there is one of that name or not', async () => {
    const served = await limited();
    for (const name of ['c', 'no-such', '']) {
      const answer = await served.server.inject(`${PATH}?namespace=a&namespace=${name}`);
      expect([name, answer.statusCode]).toEqual([name, name === '' ? 400 : 403]);
      expect(answer.body).not.toContain('pv-');
    }
  });

  it('is refused lists of what lies in no namespace', async () => {
    const served = await limited();
    for (const path of ['resources/storageclasses', 'truenas/pools']) {
      const answer = await served.server.inject(`/api/v1/${path}?limit=all`);
      expect(answer.statusCode, path).toBe(403);
      expect(answer.json()).toMatchObject({ error: { code: 'FORBIDDEN' } });
    }
  });

  it('gets nothing where it may see no namespace at all', async () => {
    const served = await limited();
    served.caller = { ...caller, namespaces: new Set() };
    const { items, page } = await ask(served, `${PATH}?limit=all`);
    expect([items, page.total]).toEqual([[], 0]);
  });

  it('cannot go on with the page of somebody who sees more, nor is told that it has that already', async () => {
    const served = await limited();
    served.caller = VIEWER;
    const first = await served.server.inject(`${PATH}?limit=2`);
    const { page } = first.json<Answer>();
    served.caller = caller;
    const next = await served.server.inject(page.next ?? '');
    expect([next.statusCode, codeOf(next)]).toEqual([400, 'BAD_CURSOR']);
    const headers = { 'if-none-match': String(first.headers.etag) };
    const again = await served.server.inject({ url: `${PATH}?limit=2`, headers });
    expect(again.statusCode).toBe(200);
    expect(again.headers.vary).toContain('authorization');
  });
});

/** What comes in chunks until the connection is closed. */
async function bodyOf(socket: Socket): Promise<Buffer> {
  const parts: Buffer[] = [];
  socket.on('data', (part: Buffer) => parts.push(part));
  socket.resume();
  await once(socket, 'close');
  const all = Buffer.concat(parts);
  const chunks: Buffer[] = [];
  for (let at = all.indexOf('\r\n\r\n') + 4; ;) {
    const begin = all.indexOf('\r\n', at) + 2;
    const size = parseInt(all.toString('latin1', at, begin), 16);
    if (size === 0) return Buffer.concat(chunks);
    chunks.push(all.subarray(begin, begin + size));
    at = begin + size + 2;
  }
}

async function ask({ server }: Served, path: string): Promise<Answer> {
  const answer = await server.inject(path);
  expect(answer.statusCode, answer.body.slice(0, 300)).toBe(200);
  return answer.json<Answer>();
}

function codeOf(answer: LightMyRequestResponse): string {
  return answer.json<{ readonly error: { readonly code: string } }>().error.code;
}
