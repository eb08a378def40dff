import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, exportSPKI, type JWK, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { KEY_TIMES, type KeyTimes } from '../../../src/lib/adapters/jwt/issuer-keys.ts';
import { jwtVerifier } from '../../../src/lib/adapters/jwt/verifier.ts';
import { DEFAULT_SERVE, type JwtSettings } from '../../../src/lib/core/serve/settings.ts';
import { millis } from '../../../src/lib/core/model/units.ts';
import { type Unavailable } from '../../../src/lib/ports/authentication.ts';
import { JwtAuthenticator } from '../../../src/lib/server/auth/jwt-authenticator.ts';
import { type Reached, serving } from '../../support/serving.ts';

const ISSUER = 'https://issuer.example/realms/storage';
const AUDIENCE = 'truenas-monitor';

interface Key {
  readonly secret: KeyObject;
  readonly open: KeyObject;
  readonly jwk: JWK;
}

let first: Key;
let second: Key;
let small: Key;

async function rsa(kid: string, modulusLength = 2048): Promise<Key> {
  const { privateKey: secret, publicKey: open } = generateKeyPairSync('rsa', { modulusLength });
  return { secret, open, jwk: { ...(await exportJWK(open)), kid, use: 'sig' } };
}

beforeAll(async () => {
  first = await rsa('first');
  second = await rsa('second');
  small = await rsa('small', 1024);
});

/** An issuer's address with its keys, which can be changed while it runs. */
interface Issuer {
  keys: unknown[];
  answer: RequestListener | null;
  asked: number;
  readonly url: string;
  readonly close: () => Promise<void>;
}

async function anIssuer(keys: unknown[]): Promise<Issuer> {
  const server = createServer((request, response) => {
    issuer.asked += 1;
    if (issuer.answer !== null) issuer.answer(request, response);
    else response.end(JSON.stringify({ keys: issuer.keys }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const issuer: Issuer = {
    keys,
    answer: null,
    asked: 0,
    url: `http://127.0.0.1:${String(port)}/keys`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  onTestFinished(issuer.close);
  return issuer;
}

interface Site extends Reached {
  readonly told: Unavailable[];
  /** Moves the clock of the server. */
  readonly pass: (span: number) => void;
}

async function site(
  settings: Partial<JwtSettings> = {},
  times: Partial<KeyTimes> = {},
): Promise<Site> {
  let passed = 0;
  const clock = { now: () => new Date(Date.now() + passed) };
  const jwt: JwtSettings = {
    ...DEFAULT_SERVE.server.auth.jwt,
    issuer: ISSUER,
    audience: AUDIENCE,
    ...settings,
  };
  const told: Unavailable[] = [];
  const authenticator = new JwtAuthenticator({
    verifier: jwtVerifier(jwt, clock, { ...KEY_TIMES, ...times }),
    settings: jwt,
    onUnavailable: (unavailable) => told.push(unavailable),
  });
  const served = await serving({
    authenticator,
    settings: { rateLimit: { max: 10_000, window: millis(60_000) } },
  });
  return {
    ...served,
    told,
    pass: (span) => {
      passed += span;
    },
  };
}

interface TokenOptions {
  readonly by?: Key;
  readonly header?: Record<string, unknown>;
  readonly expires?: string | number;
}

async function aToken(
  claims: JWTPayload = {},
  { by = first, header = {}, expires = '10m' }: TokenOptions = {},
): Promise<string> {
  return await new SignJWT({
    iss: ISSUER,
    aud: AUDIENCE,
    sub: 'anna@example.com',
    roles: ['viewer'],
    ...claims,
  })
    .setProtectedHeader({ alg: 'RS256', kid: by.jwk.kid ?? '', ...header })
    .setExpirationTime(expires)
    .sign(by.secret);
}

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

async function status(at: Site, token: string, path = '/test/viewer'): Promise<number> {
  return (await at.ask(path, { token })).status;
}

describe('a good token', () => {
  it('lets its subject in, in the highest role it names', async () => {
    const { url } = await anIssuer([first.jwk]);
    const { ask } = await site({ jwksUrl: url });
    const token = await aToken({ roles: ['viewer', 'approver', 'something'] });
    const { status: code, body } = await ask('/test/operator', { token, method: 'POST' });
    expect(code).toBe(200);
    expect(body.caller).toStrictEqual({
      name: 'anna@example.com',
      groups: [],
      role: 'approver',
      namespaces: null,
      actor: { kind: 'token', name: 'anna@example.com', issuer: ISSUER },
    });
    expect((await ask('/test/admin', { token })).status).toBe(403);
  });

  it.each<[string, Partial<JwtSettings>, JWTPayload, string | number]>([
    ['a claim with blanks', { rolesClaim: 'scope' }, { scope: 'openid operator' }, 'operator'],
    [
      'a path',
      { rolesClaim: 'realm_access.roles' },
      { realm_access: { roles: ['admin'] } },
      'admin',
    ],
    [
      'a name with dots',
      { rolesClaim: 'https://a.example/r' },
      { 'https://a.example/r': 'admin' },
      'admin',
    ],
    ['words of its own', { roles: { storage: 'operator' } }, { roles: ['storage'] }, 'operator'],
    ['a word that means less here', { roles: { admin: 'viewer' } }, { roles: ['admin'] }, 'viewer'],
    ['no role', {}, { roles: [] }, 403],
    ['something else', {}, { roles: { admin: true } }, 403],
    ['what every object has', {}, { roles: ['constructor', '__proto__', 'toString'] }, 403],
    ['a path through what every object has', { rolesClaim: 'constructor.name' }, {}, 403],
  ])('has its roles in %s', async (_, settings, claims, expected) => {
    const { url } = await anIssuer([first.jwk]);
    const { ask } = await site({ jwksUrl: url, ...settings });
    const { status: code, body } = await ask('/test/viewer', { token: await aToken(claims) });
    expect(code === 200 ? body.caller.role : code).toBe(expected);
  });

  it.each<[string, JWTPayload, readonly string[] | null | number]>([
    ['to those', { ns: ['media', 'web'] }, ['media', 'web']],
    ['to all', { ns: '*' }, null],
    ['to none where it says nothing', {}, 403],
  ])('limits to namespaces: %s', async (_, claims, expected) => {
    const { url } = await anIssuer([first.jwk]);
    const { ask } = await site({ jwksUrl: url, namespacesClaim: 'ns' });
    const { status: code, body } = await ask('/test/viewer', { token: await aToken(claims) });
    expect(code === 200 ? body.caller.namespaces : code).toStrictEqual(expected);
  });

  it.each(['JWT', 'at+jwt', 'application/at+jwt'])('may say it is %s', async (typ) => {
    const { url } = await anIssuer([first.jwk]);
    const at = await site({ jwksUrl: url });
    expect(await status(at, await aToken({}, { header: { typ } }))).toBe(200);
  });

  it('may be for several', async () => {
    const { url } = await anIssuer([first.jwk]);
    const at = await site({ jwksUrl: url });
    expect(await status(at, await aToken({ aud: ['account', AUDIENCE] }))).toBe(200);
  });

  it('may come from a clock that is a little off', async () => {
    const { url } = await anIssuer([first.jwk]);
    const at = await site({ jwksUrl: url, clockTolerance: millis(30_000) });
    const now = Math.floor(Date.now() / 1000);
    expect(await status(at, await aToken({ nbf: now + 20 }, { expires: now + 600 }))).toBe(200);
    expect(await status(at, await aToken({}, { expires: now - 20 }))).toBe(200);
    expect(await status(at, await aToken({ nbf: now + 90 }, { expires: now + 600 }))).toBe(401);
    expect(await status(at, await aToken({}, { expires: now - 90 }))).toBe(401);
  });
});

describe('a bad token', () => {
  const cases: [string, () => Promise<string> | string, string][] = [
    ['one that expired', () => aToken({}, { expires: 1_700_000_000 }), 'the token has expired'],
    [
      'one without an end',
      async () => {
        const { iss, aud, sub } = { iss: ISSUER, aud: AUDIENCE, sub: 'anna' };
        return await new SignJWT({ iss, aud, sub, roles: ['admin'] })
          .setProtectedHeader({ alg: 'RS256', kid: 'first' })
          .sign(first.secret);
      },
      'the claim exp of the token is missing or wrong',
    ],
    [
      'another audience',
      () => aToken({ aud: 'grafana' }),
      'the token was made for another audience',
    ],
    [
      'another issuer',
      () => aToken({ iss: 'https://evil.example' }),
      'the token is by another issuer',
    ],
    [
      'an issuer with a slash',
      () => aToken({ iss: `${ISSUER}/` }),
      'the token is by another issuer',
    ],
    ['no subject', () => aToken({ sub: '' }), 'the token is not valid'],
    [
      'another key of the same name',
      () => aToken({}, { by: { ...second, jwk: first.jwk } }),
      'the token is not valid',
    ],
    ['a key nobody knows', () => aToken({}, { by: second }), 'the token is not valid'],
    [
      'one made to log out',
      () => aToken({}, { header: { typ: 'logout+jwt' } }),
      'the token was made for something else',
    ],
    [
      'a header nobody understands',
      () =>
        aToken({}, { header: { crit: ['b64', 'x'], x: 1 } }).catch(
          () => `${part({ alg: 'RS256', kid: 'first', crit: ['x'], x: 1 })}.${part({})}.AAAA`,
        ),
      'the token is not valid',
    ],
    [
      'one without a signature',
      () =>
        new UnsecuredJWT({ roles: ['admin'] })
          .setIssuer(ISSUER)
          .setAudience(AUDIENCE)
          .setSubject('anna')
          .setExpirationTime('1h')
          .encode(),
      'the token is not valid',
    ],
    [
      'no algorithm in capitals',
      () =>
        `${part({ alg: 'NONE' })}.${part({ iss: ISSUER, aud: AUDIENCE, sub: 'anna', exp: 4e9, roles: ['admin'] })}.`,
      'the token is not valid',
    ],
    [
      'the public key as a shared one',
      async () => {
        const head = `${part({ alg: 'HS256', kid: 'first', typ: 'JWT' })}.${part({ iss: ISSUER, aud: AUDIENCE, sub: 'anna', exp: 4e9, roles: ['admin'] })}`;
        const signature = createHmac('sha256', await exportSPKI(first.open)).update(head);
        return `${head}.${signature.digest('base64url')}`;
      },
      'the token is not valid',
    ],
    [
      'an algorithm that is not pinned',
      async () =>
        await new SignJWT({ roles: ['admin'] })
          .setProtectedHeader({ alg: 'PS512', kid: 'first' })
          .setIssuer(ISSUER)
          .setAudience(AUDIENCE)
          .setSubject('anna')
          .setExpirationTime('1h')
          .sign(first.secret),
      'the token is not valid',
    ],
    [
      'a key it brings itself',
      async () =>
        await new SignJWT({ roles: ['admin'] })
          .setProtectedHeader({ alg: 'RS256', jwk: second.jwk })
          .setIssuer(ISSUER)
          .setAudience(AUDIENCE)
          .setSubject('anna')
          .setExpirationTime('1h')
          .sign(second.secret),
      'the token is not valid',
    ],
    [
      'a changed role',
      async () => {
        const [head = '', , signature = ''] = (await aToken()).split('.');
        return `${head}.${part({ iss: ISSUER, aud: AUDIENCE, sub: 'anna', exp: 4e9, roles: ['admin'] })}.${signature}`;
      },
      'the token is not valid',
    ],
    ['no token at all', () => 'abc', 'the token is not valid'],
    ['dots', () => '....', 'the token is not valid'],
    ['an encrypted one', () => 'a.b.c.d.e', 'the token is not valid'],
    [
      'what is no JSON',
      () => `${Buffer.from('{"alg":').toString('base64url')}.e30.AAAA`,
      'the token is not valid',
    ],
  ];

  it.each(cases)('is refused: %s', async (_, make, reason) => {
    const { url } = await anIssuer([first.jwk]);
    const { ask, logged } = await site({ jwksUrl: url });
    const token = await make();
    const { status: code, body, text } = await ask('/test/viewer', { token });
    expect([code, body.error.message]).toStrictEqual([401, reason]);
    expect(text).not.toContain(token);
    expect(logged).toStrictEqual([]);
  });

  it('is one by a key that is too short', async () => {
    const { url } = await anIssuer([small.jwk]);
    const at = await site({ jwksUrl: url });
    const head = `${part({ alg: 'RS256', kid: 'small' })}.${part({ iss: ISSUER, aud: AUDIENCE, sub: 'anna', exp: 4e9, roles: ['admin'] })}`;
    const { sign } = await import('node:crypto');
    const signature = sign('sha256', Buffer.from(head), small.secret).toString('base64url');
    expect(await status(at, `${head}.${signature}`)).toBe(401);
  });

  it('is one by a key that is for something else', async () => {
    const { url } = await anIssuer([{ ...first.jwk, use: 'enc' }]);
    const at = await site({ jwksUrl: url });
    expect(await status(at, await aToken())).toBe(401);
  });
});

describe('the keys of the issuer', () => {
  it('are asked for once for many tokens', async () => {
    const issuer = await anIssuer([first.jwk]);
    const at = await site({ jwksUrl: issuer.url });
    const token = await aToken();
    await Promise.all(Array.from({ length: 20 }, async () => await status(at, token)));
    expect(issuer.asked).toBe(1);
  });

  it('are asked for again when a token names a new one, but not for each made up one', async () => {
    const issuer = await anIssuer([first.jwk]);
    const at = await site({ jwksUrl: issuer.url }, { cooldown: millis(10_000) });
    expect(await status(at, await aToken())).toBe(200);
    issuer.keys = [first.jwk, second.jwk];
    const fresh = await aToken({}, { by: second });
    expect(await status(at, fresh)).toBe(401);
    at.pass(10_000);
    expect(await status(at, fresh)).toBe(200);
    for (const kid of ['a', 'b', 'c']) {
      expect(await status(at, await aToken({}, { header: { kid } }))).toBe(401);
    }
    expect(issuer.asked).toBe(2);
  });

  it('that were withdrawn are good for a while only', async () => {
    const issuer = await anIssuer([first.jwk, second.jwk]);
    const at = await site({ jwksUrl: issuer.url });
    const token = await aToken({}, { expires: '10h' });
    expect(await status(at, token)).toBe(200);
    issuer.keys = [second.jwk];
    at.pass(KEY_TIMES.freshFor);
    expect(await status(at, token)).toBe(401);
  });

  it('stay known while it is away, for a day', async () => {
    const issuer = await anIssuer([first.jwk]);
    const at = await site({ jwksUrl: issuer.url });
    const token = await aToken({}, { expires: '100h' });
    expect(await status(at, token)).toBe(200);
    await issuer.close();
    at.pass(KEY_TIMES.freshFor);
    expect(await status(at, token)).toBe(200);
    expect(await status(at, await aToken({}, { by: second }))).toBe(401);
    at.pass(KEY_TIMES.keptFor);
    expect(await status(at, token)).toBe(503);
  });

  it.each<[string, RequestListener | null, string]>([
    ['an error', (_, response) => response.writeHead(500).end('no'), 'answered 500'],
    [
      'a redirect',
      (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
      'answered 302',
    ],
    ['a page', (_, response) => response.end('<html>'), 'not JSON'],
    [
      'too much',
      (_, response) => response.end(`{"keys":[${'1,'.repeat(400_000)}1]}`),
      'larger than',
    ],
    ['nothing, ever', () => undefined, 'no answer in time'],
    ['no keys', (_, response) => response.end('{"keys":[]}'), 'there are none'],
    ['something else', (_, response) => response.end('[1]'), 'there are none'],
    [
      'a shared key',
      (_, response) => response.end('{"keys":[{"kty":"oct","k":"AAAA"}]}'),
      'not public',
    ],
  ])('let nobody in where its address answers with %s', async (_, answer, reason) => {
    const issuer = await anIssuer([]);
    issuer.answer = answer;
    const { ask, told } = await site({ jwksUrl: issuer.url }, { timeout: millis(300) });
    const { status: code, body } = await ask('/test/viewer', { token: await aToken() });
    expect([code, body.error.code]).toStrictEqual([503, 'AUTH_UNAVAILABLE']);
    expect(told[0]?.reason).toContain(reason);
    expect(body.error.message).not.toContain('127.0.0.1');
  });

  it('are never fetched in the clear from elsewhere', async () => {
    const { ask, told } = await site({ jwksUrl: 'http://issuer.example/keys' });
    expect((await ask('/test/viewer', { token: await aToken() })).status).toBe(503);
    expect(told[0]?.reason).toContain('only fetched over https');
  });

  it('are found by trying where a token does not name its own', async () => {
    const { url } = await anIssuer([first.jwk, second.jwk]);
    const at = await site({ jwksUrl: url });
    const token = await new SignJWT({ roles: ['viewer'] })
      .setProtectedHeader({ alg: 'RS256' })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setSubject('anna')
      .setExpirationTime('1h')
      .sign(second.secret);
    expect(await status(at, token)).toBe(200);
  });

  it('are read from a file, and again when it has changed', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'keys-'));
    onTestFinished(async () => {
      await rm(directory, { recursive: true });
    });
    const file = join(directory, 'keys.json');
    await writeFile(file, JSON.stringify({ keys: [first.jwk] }));
    const at = await site({ jwksFile: file });
    expect(await status(at, await aToken())).toBe(200);
    await writeFile(file, JSON.stringify({ keys: [second.jwk] }));
    at.pass(KEY_TIMES.cooldown);
    expect(await status(at, await aToken({}, { by: second }))).toBe(200);
    expect(await status(at, await aToken())).toBe(401);
  });

  it('that are private are believed by nobody, whose document has to be replaced', async () => {
    const jwk = await exportJWK(first.secret);
    const { url } = await anIssuer([{ ...jwk, kid: 'first' }]);
    const { ask, told } = await site({ jwksUrl: url });
    expect((await ask('/test/viewer', { token: await aToken() })).status).toBe(503);
    expect(JSON.stringify(told)).not.toContain(String(jwk.d));
  });
});

it('there is no verifier that trusts anybody', () => {
  const { jwt } = DEFAULT_SERVE.server.auth;
  const clock = { now: () => new Date() };
  expect(() => jwtVerifier({ ...jwt, issuer: null, jwksFile: '/keys' }, clock)).toThrow(
    'no issuer',
  );
  expect(() => jwtVerifier({ ...jwt, issuer: ISSUER }, clock)).toThrow('no keys');
});
