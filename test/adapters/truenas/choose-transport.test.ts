import { type IncomingMessage, type ServerResponse } from 'node:http';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type NasOptions } from '../../../src/lib/adapters/truenas/nas-reader.ts';
import { startTrueNasLab } from '../../../src/lib/lab/truenas/server.ts';
import { type FakeNas, open, patient, SECRET, startFake } from './fake-nas.ts';
import { aSystem, KEY } from './lab-system.ts';

interface Canned {
  readonly status: number;
  readonly type?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const PLAIN_404: Canned = { status: 404, type: 'text/plain', body: '404: Not Found' };
const NGINX_404: Canned = {
  status: 404,
  type: 'text/html',
  body: '<html><head><title>404 Not Found</title></head><body><hr><center>nginx</center></body></html>',
};
const PAGE = '<!DOCTYPE html><html><body>Sign in</body></html>';
const VERSION: Canned = { status: 200, type: 'application/json', body: '"TrueNAS-SCALE-24.10.2"' };
const UNAUTHORIZED: Canned = { status: 401, type: 'text/plain', body: '401: Unauthorized' };

/** Authorization headers that reached the server. */
type Seen = (string | undefined)[];

async function serve(
  answers: { readonly versions: Canned; readonly rest?: Canned; readonly other?: Canned },
  seen: Seen = [],
): Promise<FakeNas> {
  return await startFake({
    refuseUpgrade: true,
    http: (request: IncomingMessage, response: ServerResponse) => {
      seen.push(request.headers.authorization);
      const unsigned = request.headers.authorization === undefined;
      const canned = answerTo(request.url ?? '', unsigned, answers);
      response.writeHead(canned.status, {
        'content-type': canned.type ?? 'text/plain',
        ...canned.headers,
      });
      response.end(canned.body ?? '');
      return true;
    },
  });
}

function answerTo(
  url: string,
  unsigned: boolean,
  answers: { readonly versions: Canned; readonly rest?: Canned; readonly other?: Canned },
): Canned {
  if (url === '/api/versions') return answers.versions;
  if (unsigned) return answers.rest ?? PLAIN_404;
  return url === '/api/v2.0/system/version' ? VERSION : (answers.other ?? PLAIN_404);
}

async function failureOf(nas: FakeNas, options: Partial<NasOptions> = {}): Promise<unknown> {
  const reader = await open(nas.url, options);
  return await reader.identify(patient()).catch((cause: unknown) => cause);
}

const text = (part: string) => expect.stringContaining(part) as unknown;

describe('the choice of a transport', () => {
  it.each([
    ['a plain 404 and a version', PLAIN_404, VERSION],
    ['the 404 page of nginx and a refusal', NGINX_404, UNAUTHORIZED],
    [
      'a JSON 404 and a 403',
      { status: 404, type: 'application/json', body: '{}' },
      { status: 403 },
    ],
  ])('is REST after %s, and only then is the key shown', async (_name, versions, rest) => {
    const seen: Seen = [];
    const nas = await serve({ versions, rest }, seen);
    const reader = await open(nas.url);
    expect(await reader.identify(patient())).toMatchObject({
      transport: 'rest',
      version: '24.10.2',
    });
    expect(seen.slice(0, 2)).toEqual([undefined, undefined]);
    expect(seen[2]).toBe(`Bearer ${SECRET}`);
  });

  it.each([
    [
      'a gateway error',
      { status: 502, type: 'text/html', body: PAGE },
      'TRUENAS_UNREACHABLE',
      'HTTP 502',
    ],
    ['a plain 503', { status: 503 }, 'TRUENAS_UNREACHABLE', 'HTTP 503'],
    [
      'a login page',
      { status: 200, type: 'text/html', body: PAGE },
      'TRUENAS_PROTOCOL',
      'with a web page',
    ],
    [
      'a 404 page of somebody else',
      { status: 404, type: 'text/html', body: PAGE },
      'TRUENAS_PROTOCOL',
      'with a web page',
    ],
    [
      'JSON of another kind',
      { status: 200, body: '{"a":1}' },
      'TRUENAS_PROTOCOL',
      'not of TrueNAS',
    ],
    ['a refusal', { status: 403 }, 'TRUENAS_PROTOCOL', 'HTTP 403'],
    ['no version at all', { status: 200, body: '[]' }, 'TRUENAS_PROTOCOL', 'lists no API version'],
  ])('is never REST after %s', async (_name, versions: Canned, code, message) => {
    const seen: Seen = [];
    const nas = await serve({ versions, rest: VERSION }, seen);
    expect(await failureOf(nas)).toMatchObject({ code, message: text(message) });
    // A gateway may be asked again, but never with the key.
    expect(new Set(seen)).toEqual(new Set([undefined]));
  });

  it.each([
    [
      'a page',
      { status: 200, type: 'text/html', body: PAGE },
      'TRUENAS_PROTOCOL',
      'with a web page',
    ],
    [
      'a login page with 401',
      { status: 401, type: 'text/html', body: PAGE },
      'TRUENAS_PROTOCOL',
      'web page',
    ],
    ['another 404', PLAIN_404, 'TRUENAS_PROTOCOL', 'has no REST API'],
    ['an object', { status: 200, body: '{}' }, 'TRUENAS_PROTOCOL', 'not of TrueNAS'],
    ['a gateway error', { status: 504 }, 'TRUENAS_UNREACHABLE', 'HTTP 504'],
  ])(
    'does not show the key where REST answers with %s',
    async (_name, rest: Canned, code, message) => {
      const seen: Seen = [];
      const nas = await serve({ versions: PLAIN_404, rest }, seen);
      expect(await failureOf(nas)).toMatchObject({ code, message: text(message) });
      expect(new Set(seen)).toEqual(new Set([undefined]));
    },
  );

  it('names where a redirect leads, without what else is in it', async () => {
    const location = 'https://sso.example/login?token=abc';
    const nas = await serve({ versions: { status: 302, headers: { location } } });
    const error = await failureOf(nas);
    expect(error).toMatchObject({
      code: 'TRUENAS_PROTOCOL',
      details: { location: 'https://sso.example' },
    });
    expect(JSON.stringify(error)).not.toContain('abc');
    const relative = await serve({ versions: { status: 307, headers: { location: '/ui/' } } });
    expect(await failureOf(relative)).toMatchObject({
      details: { location: 'a relative address' },
    });
    const bare = await serve({ versions: { status: 307 } });
    expect(await failureOf(bare)).toMatchObject({ details: {} });
  });

  it('can be forced to REST, which then asks nothing else', async () => {
    const nas = await serve({ versions: { status: 500 }, rest: UNAUTHORIZED });
    const reader = await open(nas.url, { transport: 'rest' });
    expect(await reader.identify(patient())).toMatchObject({ transport: 'rest' });
    expect(nas.calls).not.toContain('GET /api/versions');
  });

  it('can be forced to JSON-RPC, which an old system does not have', async () => {
    const nas = await serve({ versions: PLAIN_404, rest: VERSION });
    expect(await failureOf(nas, { transport: 'jsonrpc' })).toMatchObject({
      code: 'TRUENAS_PROTOCOL',
      message: text('has no JSON-RPC API'),
    });
  });

  it('says that 26 has no REST', async () => {
    const lab = await startTrueNasLab(aSystem('26'), { now: () => new Date(0) });
    onTestFinished(() => lab.close());
    const reader = await open(lab.url, { apiKey: KEY, transport: 'rest' });
    await expect(reader.identify(patient())).rejects.toMatchObject({
      message: text('has no REST API'),
    });
  });

  it('is unreachable, and not old, where the lab times out or fails', async () => {
    for (const versionsStatus of ['timeout', 502, 'html'] as const) {
      const lab = await startTrueNasLab(aSystem('25.10'), {
        now: () => new Date(0),
        faults: { versionsStatus },
      });
      onTestFinished(() => lab.close());
      const reader = await open(lab.url, { apiKey: KEY, timeout: 300 as NasOptions['timeout'] });
      await expect(reader.identify(patient())).rejects.toMatchObject({
        code: versionsStatus === 'html' ? 'TRUENAS_PROTOCOL' : 'TRUENAS_UNREACHABLE',
      });
      expect(lab.calls).toEqual([]);
    }
  });
});

describe('a system that cannot be reached', () => {
  it('is named with the reason when nobody listens', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const reader = await open(`http://127.0.0.1:${port}`);
    await expect(reader.identify(patient())).rejects.toMatchObject({
      code: 'TRUENAS_UNREACHABLE',
      message: `nas1 (127.0.0.1:${port}) cannot be reached: it refuses connections at that port (ECONNREFUSED)`,
    });
  });

  it('is named with the reason when it hangs up', async () => {
    const server = createServer((socket) => {
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    const reader = await open(`http://127.0.0.1:${port}`);
    await expect(reader.identify(patient())).rejects.toMatchObject({
      message: 'nas1 (127.0.0.1) cannot be reached: it closed the connection',
    });
  });
});

describe('a lab behind TLS', () => {
  const fixture = (name: string) =>
    fileURLToPath(new URL(`../../fixtures/tls/${name}`, import.meta.url));
  const tls = {
    cert: readFileSync(fixture('server.pem'), 'utf8'),
    key: readFileSync(fixture('server-key.pem'), 'utf8'),
  };
  const rules = {
    verify: true,
    caFile: fixture('ca.pem'),
    pinnedSpkiSha256: [],
    minVersion: 'TLSv1.3',
  } as const;

  it.each(['24.10', '26'] as const)(
    'is read on %s where its authority is trusted',
    async (version) => {
      const lab = await startTrueNasLab(aSystem(version), { now: () => new Date(0), tls });
      onTestFinished(() => lab.close());
      const reader = await open(lab.url, { apiKey: KEY, tls: rules });
      expect((await reader.list('nfsShares', patient())).coverage.state).toBe('complete');
    },
  );

  it('is not spoken to where it is not', async () => {
    const lab = await startTrueNasLab(aSystem('25.10'), { now: () => new Date(0), tls });
    onTestFinished(() => lab.close());
    const reader = await open(lab.url, { apiKey: KEY, tls: { ...rules, caFile: null } });
    await expect(reader.identify(patient())).rejects.toMatchObject({ code: 'TLS_UNTRUSTED' });
    expect(lab.calls).toEqual([]);
  });
});

describe('REST answers', () => {
  const serveRoute = (other: Canned) => serve({ versions: PLAIN_404, rest: VERSION, other });

  it.each([
    ['a plain 404', PLAIN_404, 'has no /sharing/nfs'],
    [
      'a validation error',
      { status: 422, body: '{"message":"bad filter","errno":22}' },
      'failed /sharing/nfs: bad filter',
    ],
    ['an exception', { status: 500, body: 'oops' }, 'failed /sharing/nfs: HTTP 500'],
    ['a page', { status: 200, type: 'text/html', body: PAGE }, 'with a web page'],
    ['a page with 403', { status: 403, type: 'text/html', body: PAGE }, 'with a web page'],
    [
      'half of an answer',
      { status: 200, type: 'application/json', body: '[{"id":' },
      'not of TrueNAS',
    ],
    [
      'an object in place of a list',
      { status: 200, body: '{}' },
      'unknown shape: a list was expected',
    ],
    ['a gateway error', { status: 502 }, 'HTTP 502'],
  ])('%s is a failed source', async (_name, other: Canned, reason) => {
    const reader = await open((await serveRoute(other)).url);
    expect(await reader.list('nfsShares', patient())).toEqual({
      items: [],
      coverage: { state: 'failed', reason: text(reason) },
    });
  });

  it.each([
    ['a plain 404', PLAIN_404],
    ['an exception', { status: 500, body: '{"message":"no"}' }],
    ['a page with 404', { status: 404, type: 'text/html', body: PAGE }],
    ['a list', { status: 200, body: '[]' }],
  ])('%s is no absence', async (_name, other: Canned) => {
    const reader = await open((await serveRoute(other)).url);
    const result = await reader.lookUpDatasets(['tank/a'], patient());
    expect(result.absent.size).toBe(0);
    expect(result.coverage.state).toBe('failed');
  });

  it('a JSON 404 is one', async () => {
    const reader = await open((await serveRoute({ status: 404, body: '{"message":"no"}' })).url);
    const result = await reader.lookUpDatasets(['tank/a'], patient());
    expect([...result.absent]).toEqual(['tank/a']);
  });

  it('a JSON 404 of a whole list is no absence', async () => {
    const reader = await open((await serveRoute({ status: 404, body: '{"message":"no"}' })).url);
    const ids = Array.from({ length: 300 }, (_, index) => `tank/a-${index}`);
    const datasets = await reader.lookUpDatasets(ids, patient());
    const snapshots = await reader.lookUpSnapshots(
      ids.map((id) => `tank/a@${id.slice(5)}`),
      patient(),
    );
    for (const { absent, coverage } of [datasets, snapshots]) {
      expect(absent.size).toBe(0);
      expect(coverage.state).toBe('failed');
    }
  });

  it('asks for no one-time password with a key', async () => {
    const body = 'HTTP Basic Auth is unavailable when OTP is enabled';
    const nas = await startFake({
      refuseUpgrade: true,
      http: (request, response) => {
        response.statusCode = request.url === '/api/versions' ? 404 : 401;
        response.end(body);
        return true;
      },
    });
    const options = { apiKey: null, password: 'hunter2' };
    expect(await failureOf(nas, options)).toMatchObject({
      code: 'TRUENAS_UNAUTHORIZED',
      message: text('one-time password'),
    });
  });
});
