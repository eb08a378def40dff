import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../src/lib/server/limits.ts';
import { readAll, say, type Reached, type ReachedAnswer, serving } from '../support/serving.ts';

function formOf(answer: string): ReachedAnswer['body']['error'] {
  return (JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)) as ReachedAnswer['body']).error;
}

function get(path: string, ...headers: string[]): string {
  return [`GET ${path} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...headers, '', ''].join(
    '\r\n',
  );
}

/** That nobody else notices. */
async function isWell({ ask, logged }: Reached): Promise<void> {
  expect((await ask('/health')).status).toBe(200);
  expect(logged).toStrictEqual([]);
}

describe('request ids', () => {
  it('are taken from whoever sends a plain one', async () => {
    const { ask } = await serving();
    const { headers, body } = await ask('/nothing', { headers: { 'x-request-id': 'run-17.a:b' } });
    expect([headers.get('x-request-id'), body.error.request_id]).toStrictEqual([
      'run-17.a:b',
      'run-17.a:b',
    ]);
  });

  it.each([
    ['a quote and a bracket', 'a"}{'],
    ['blanks', 'a b'],
    ['an escape', 'a\\r\\nset-cookie: x=1'],
    ['a percent escape', '%0d%0aset-cookie:x=1'],
    ['too much', 'a'.repeat(65)],
    ['letters of elsewhere', '\u00e4\u00f6'],
    ['nothing', ''],
  ])('are made anew where they hold %s', async (_, id) => {
    const { ask } = await serving();
    const { headers, text } = await ask('/nothing', { headers: { 'x-request-id': id } });
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers.has('set-cookie')).toBe(false);
    if (id !== '') expect(text).not.toContain(id);
  });

  it('cannot carry a line break into the answer', async () => {
    const served = await serving();
    const answer = await say(served, get('/nothing', 'X-Request-Id: a\rSet-Cookie: x=1'));
    expect(answer).toContain('400 Bad Request');
    expect(answer.toLowerCase()).not.toContain('set-cookie');
    await isWell(served);
  });
});

describe('what is no request', () => {
  it.each([
    ['something else', 'hello\r\n\r\n', 400, 'NOT_HTTP'],
    ['TLS', '\x16\x03\x01\x02\x00\x01', 400, 'NOT_HTTP'],
    ['a header without a name', 'GET / HTTP/1.1\r\n: x\r\n\r\n', 400, 'NOT_HTTP'],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
      400,
      'NOT_HTTP',
    ],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
      'NOT_HTTP',
    ],
    [
      'a very long address',
      get(`/api/v1/orphans?q=${'a'.repeat(20_000)}`),
      431,
      'HEADERS_TOO_LARGE',
    ],
    ['a very long header', get('/health', `X-A: ${'a'.repeat(20_000)}`), 431, 'HEADERS_TOO_LARGE'],
  ])('is answered in the form of every error: %s', async (_, text, status, code) => {
    const served = await serving();
    const answer = await say(served, text);
    expect([answer.slice(9, 12), formOf(answer).code]).toStrictEqual([String(status), code]);
    expect(answer).toContain(`x-request-id: ${formOf(answer).request_id}`);
    await isWell(served);
  });
});

describe('a connection that is asked to be closed', () => {
  it.each(['/health', '/nothing', '/api/v1/events', '/api/v1/orphans'])(
    'is closed with the answer: %s',
    async (path) => {
      const served = await serving();
      const open = wait(2_000, 'it was left open', { ref: false });
      expect(await Promise.race([say(served, get(path)), open])).toMatch(
        /^HTTP.*^connection: .*close/ims,
      );
    },
  );
});

describe('tricks with paths', () => {
  it.each([
    ['/%ZZ', 400],
    ['/api/v1/%E0%A4%A', 400],
    ['/../../etc/passwd', 404],
    ['/api/v1/../../etc/passwd', 404],
    ['/%2e%2e/%2e%2e/etc/passwd', 404],
    ['/api/v1/orphans%00', 404],
    ['/api\\v1\\orphans', 404],
    ['//api/v1/orphans', 404],
    ['/API/V1/ORPHANS', 404],
    ['/api/v1/orphans/x;a=b', 404],
    [`/${'a/'.repeat(2_000)}`, 404],
    ['/__proto__', 404],
  ])('lead nowhere: %s', async (path, status) => {
    const served = await serving();
    const answer = await say(served, get(path));
    const { code, request_id: id, message } = formOf(answer);
    expect([answer.slice(9, 12), code !== '', id !== '']).toStrictEqual([
      String(status),
      true,
      true,
    ]);
    expect(message).not.toContain('etc');
    await isWell(served);
  });
});

describe('bodies', () => {
  const json = { 'content-type': 'application/json' };

  it.each<[string, Record<string, string>, string, number]>([
    ['no JSON', json, '{"a":', 400],
    ['nothing at all', json, '', 400],
    ['a key that changes what all objects are', json, '{"__proto__":{"a":1}}', 400],
    ['another type', { 'content-type': 'application/xml' }, '<a/>', 415],
    ['plain text, as a form elsewhere could send it', { 'content-type': 'text/plain' }, '{}', 415],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'a=b', 415],
    ['a type that is none', { 'content-type': 'json' }, '{}', 415],
    ['too much', json, JSON.stringify('a'.repeat(LIMITS.bodyBytes)), 413],
  ])('are refused with %s', async (_, headers, body, status) => {
    const served = await serving();
    const answer = await served.ask('/test/viewer', { method: 'POST', headers, body });
    expect(answer.status).toBe(status);
    expect(answer.body.error.code).not.toBe('');
    await isWell(served);
  });

  it.each(['gzip', 'GZIP', 'br', 'identity, gzip', 'x'])(
    'are refused where they are packed, and not read as they come: %s',
    async (encoding) => {
      const served = await serving();
      for (const body of ['{}', gzipSync('{}').toString('latin1'), '']) {
        const headers = { ...json, 'content-encoding': encoding };
        const answer = await served.ask('/test/viewer', { method: 'POST', headers, body });
        expect([answer.status, answer.body.error.code]).toStrictEqual(
          body === '' ? [400, 'BAD_REQUEST'] : [415, 'UNSUPPORTED_CONTENT_ENCODING'],
        );
        if (body !== '') expect(answer.headers.get('accept-encoding')).toBe('identity');
      }
      await isWell(served);
    },
  );

  it('are refused packed in chunks, and read where it is said that they are not packed', async () => {
    const served = await serving();
    const post = (...headers: string[]): string =>
      [
        'POST /test/viewer HTTP/1.1',
        'Host: localhost',
        'Connection: close',
        'Content-Type: application/json',
        'Transfer-Encoding: chunked',
        ...headers,
        '',
        '2\r\n{}\r\n0\r\n\r\n',
      ].join('\r\n');
    const packed = await say(served, post('Content-Encoding: gzip'));
    expect([packed.slice(9, 12), formOf(packed).code]).toStrictEqual([
      '415',
      'UNSUPPORTED_CONTENT_ENCODING',
    ]);
    expect((await say(served, post('Content-Encoding: identity'))).slice(9, 12)).toBe('200');
    await isWell(served);
  });

  it('are not read of whoever may not ask', async () => {
    const served = await serving({
      authenticator: {
        admit: async () => await Promise.resolve({ state: 'unknown', reason: 'who is it' }),
      },
    });
    const answer = await served.ask('/test/viewer', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"a":',
    });
    expect(answer.status).toBe(401);
  });
});

describe('slow clients', () => {
  const limits = { ...LIMITS, headersTimeout: 300, requestTimeout: 600, checkEvery: 50 };

  it('are not waited for while they send headers, and others are served meanwhile', async () => {
    const served = await serving({ limits });
    const slow = await Promise.all(Array.from({ length: 50 }, async () => await served.open()));
    const answers = slow.map(async (socket) => await readAll(socket));
    const dripping = setInterval(() => {
      for (const socket of slow) if (socket.writable) socket.write('X-A: a\r\n');
    }, 40);
    for (const socket of slow) socket.write('GET /health HTTP/1.1\r\nHost: localhost\r\n');
    for (let at = 0; at < 10; at += 1) {
      expect((await served.ask('/health')).status).toBe(200);
    }
    const texts = await Promise.all(answers);
    clearInterval(dripping);
    expect(new Set(texts.map((text) => text.slice(9, 12)))).toStrictEqual(new Set(['408']));
    expect(formOf(texts[0] ?? '').code).toBe('REQUEST_TOO_SLOW');
  });

  it('are not waited for while they send a body', async () => {
    const served = await serving({ limits });
    const socket = await served.open();
    const answer = readAll(socket);
    socket.write(
      'POST /test/viewer HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n',
    );
    const dripping = setInterval(() => {
      if (socket.writable) socket.write(' ');
    }, 40);
    expect((await answer).slice(9, 12)).toBe('408');
    clearInterval(dripping);
    await isWell(served);
  });

  it('that say nothing are let go', async () => {
    const served = await serving({ limits: { ...limits, idleTimeout: 200 } });
    const socket = await served.open();
    await once(socket, 'close');
    await isWell(served);
  });

  it('take up no more than their share of connections', async () => {
    const served = await serving({ limits: { ...LIMITS, connectionsPerAddress: 5 } });
    const sockets = await Promise.all(Array.from({ length: 8 }, async () => await served.open()));
    await wait(200);
    expect(sockets.filter(({ closed, destroyed }) => !closed && !destroyed).length).toBe(5);
    for (const socket of sockets) socket.destroy();
    await expect.poll(async () => (await served.ask('/health')).status).toBe(200);
  });
});

describe('what browsers are told', () => {
  it.each(['/health', '/nothing', '/test/viewer'])('comes with every answer: %s', async (path) => {
    const { ask } = await serving();
    const { headers } = await ask(path, { headers: { origin: 'https://evil.example' } });
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(headers.has('x-powered-by')).toBe(false);
    expect(headers.has('access-control-allow-origin')).toBe(false);
    // Said over plain HTTP it means nothing.
    expect(headers.has('strict-transport-security')).toBe(false);
  });

  it('is that pages elsewhere may not ask for anything beforehand', async () => {
    const { ask } = await serving();
    const { status, headers } = await ask('/test/admin', {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    });
    expect([status, headers.has('access-control-allow-origin')]).toStrictEqual([405, false]);
  });
});
