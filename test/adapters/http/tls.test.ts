import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer } from 'node:https';
import { type AddressInfo } from 'node:net';
import { type SecureVersion } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { request } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import {
  agentFor,
  isTlsFailure,
  tlsErrorFor,
  type TlsOptions,
} from '../../../src/lib/adapters/http/tls.ts';

const fixture = (name: string) =>
  fileURLToPath(new URL(`../../fixtures/tls/${name}`, import.meta.url));
const pem = (name: string) => readFileSync(fixture(name), 'utf8');

function pinOf(certificate: string): string {
  const spki = new X509Certificate(pem(certificate)).publicKey.export({
    type: 'spki',
    format: 'der',
  });
  return createHash('sha256').update(spki).digest('base64');
}

const STRICT: TlsOptions = {
  verify: true,
  caFile: fixture('ca.pem'),
  pinnedSpkiSha256: [],
  minVersion: 'TLSv1.3',
};

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

interface Listening {
  readonly origin: string;
  /** Requests that got through. */
  readonly seen: string[];
}

async function listen(server: Server, scheme = 'https'): Promise<Listening> {
  const seen: string[] = [];
  server.on('request', (incoming, answer) => {
    seen.push(incoming.url ?? '');
    answer.end('hello');
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { origin: `${scheme}://127.0.0.1:${port}`, seen };
}

function https(
  name: string,
  versions: { minVersion?: SecureVersion; maxVersion?: SecureVersion } = {},
) {
  return listen(
    createServer({ cert: pem(`${name}.pem`), key: pem(`${name}-key.pem`), ...versions }),
  );
}

async function failureOf(origin: string, tls: TlsOptions): Promise<unknown> {
  const agent = agentFor(tls, '127.0.0.1');
  try {
    const answer = await request(origin, { dispatcher: agent });
    return await answer.body.text();
  } catch (cause) {
    return cause;
  } finally {
    await agent.destroy();
  }
}

/** The message a person gets for a connection under these rules. */
async function messageOf(origin: string, tls: TlsOptions): Promise<string> {
  const cause = await failureOf(origin, tls);
  expect(isTlsFailure(cause)).toBe(true);
  return tlsErrorFor('nas1', '127.0.0.1', cause).message;
}

describe('agentFor', () => {
  it('trusts a certificate signed by the configured authority', async () => {
    const { origin } = await https('server');
    expect(await failureOf(origin, STRICT)).toBe('hello');
  });

  it('does not trust that certificate without the authority', async () => {
    const { origin, seen } = await https('server');
    expect(await messageOf(origin, { ...STRICT, caFile: null })).toBe(
      'nas1 (127.0.0.1) cannot be trusted: its certificate comes from an authority that is not trusted here',
    );
    expect(seen).toEqual([]);
  });

  it('says that a certificate signed itself', async () => {
    const { origin } = await https('self-signed');
    expect(await messageOf(origin, { ...STRICT, caFile: null })).toContain('is self-signed');
  });

  it('says that a certificate has expired', async () => {
    const { origin } = await https('expired');
    expect(await messageOf(origin, STRICT)).toContain('has expired');
  });

  it('says that a certificate is for another host', async () => {
    const { origin } = await https('other-host');
    expect(await messageOf(origin, STRICT)).toContain('is for another host name');
  });

  it('refuses a server that speaks only TLS 1.2, and takes it where 1.2 is allowed', async () => {
    const { origin } = await https('server', { maxVersion: 'TLSv1.2' });
    expect(await messageOf(origin, STRICT)).toContain('only an older TLS');
    expect(await failureOf(origin, { ...STRICT, minVersion: 'TLSv1.2' })).toBe('hello');
  });

  it('says that a port does not speak TLS at all', async () => {
    const { origin } = await listen(createHttpServer());
    expect(await messageOf(origin, STRICT)).toContain('does not speak TLS');
  });

  it('accepts a pinned key in place of the chain', async () => {
    const { origin } = await https('self-signed');
    const pinned = { ...STRICT, caFile: null, verify: false };
    for (const pin of [pinOf('self-signed.pem'), `sha256/${pinOf('self-signed.pem')}`]) {
      expect(await failureOf(origin, { ...pinned, pinnedSpkiSha256: [pin] })).toBe('hello');
    }
  });

  it('refuses another key than the pinned one before a request is sent, chain or no chain', async () => {
    const { origin, seen } = await https('server');
    const pins = { pinnedSpkiSha256: [pinOf('self-signed.pem')] };
    for (const tls of [
      { ...STRICT, ...pins },
      { ...STRICT, ...pins, verify: false },
    ]) {
      expect(await messageOf(origin, tls)).toContain(
        `its public key ${pinOf('server.pem')} is none of the pinned ones`,
      );
    }
    expect(seen).toEqual([]);
  });

  it('needs the chain as well as the pin while verification is on', async () => {
    const { origin } = await https('self-signed');
    const tls = { ...STRICT, pinnedSpkiSha256: [pinOf('self-signed.pem')] };
    expect(await messageOf(origin, tls)).toContain('self-signed');
  });

  it('checks nothing where verification is off and nothing is pinned', async () => {
    const { origin } = await https('expired');
    expect(await failureOf(origin, { ...STRICT, verify: false })).toBe('hello');
  });

  it('tells its owner of each connection', async () => {
    const { origin } = await https('server');
    const ports: (number | undefined)[] = [];
    const agent = agentFor(STRICT, '127.0.0.1', {
      connections: 1,
      connectTimeout: 5_000,
      onConnect: (socket) => ports.push(socket.remotePort),
    });
    const answer = await request(origin, { dispatcher: agent });
    await answer.body.dump();
    await agent.destroy();
    expect(ports).toEqual([Number(new URL(origin).port)]);
  });

  it('names a CA file that cannot be read', () => {
    expect(() => agentFor({ ...STRICT, caFile: '/nowhere/ca.pem' }, 'nas1.example')).toThrow(
      'the CA file for nas1.example cannot be read: /nowhere/ca.pem',
    );
  });
});

describe('isTlsFailure', () => {
  it('is false for a connection nobody took', () => {
    expect(isTlsFailure(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }))).toBe(false);
    expect(isTlsFailure('no error at all')).toBe(false);
  });

  it('finds the cause behind other errors', () => {
    const tls = Object.assign(new Error('x'), { code: 'CERT_NOT_YET_VALID' });
    expect(isTlsFailure(new TypeError('fetch failed', { cause: tls }))).toBe(true);
  });
});

describe('tlsErrorFor', () => {
  it('names the code of a refusal it has no words for', () => {
    const cause = Object.assign(new Error('x'), { code: 'CERT_REVOKED' });
    const error = tlsErrorFor('nas1', 'nas1.example', cause);
    expect(error.message).toContain('was refused (CERT_REVOKED)');
    expect(error.details).toEqual({ tls_code: 'CERT_REVOKED' });
    expect(error.remediation).not.toEqual([]);
  });

  it('says so where there is no code', () => {
    expect(tlsErrorFor('nas1', 'h', new Error('x')).message).toContain('no reason given');
  });
});
