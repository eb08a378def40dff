import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer } from 'node:https';
import { type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { request } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { agentFor, type TlsOptions } from '../../../src/lib/adapters/http/tls.ts';
import { tlsFactsOf } from '../../../src/lib/adapters/http/tls-facts.ts';

const fixture = (name: string) =>
  fileURLToPath(new URL(`../../fixtures/tls/${name}`, import.meta.url));
const pem = (name: string) => readFileSync(fixture(name), 'utf8');

const STRICT: TlsOptions = {
  verify: true,
  caFile: fixture('ca.pem'),
  pinnedSpkiSha256: [],
  minVersion: 'TLSv1.2',
};

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

function spkiOf(certificate: string): string {
  const { publicKey } = new X509Certificate(pem(certificate));
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64');
}

/** What a connection shows to a client with these rules. */
async function factsOf(server: Server, scheme: string, tls: TlsOptions) {
  server.on('request', (_incoming, answer) => answer.end('hello'));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const facts: (ReturnType<typeof tlsFactsOf> | undefined)[] = [];
  const agent = agentFor(tls, '127.0.0.1', {
    onConnect: (socket) => facts.push(tlsFactsOf(socket, tls)),
  });
  const answer = await request(`${scheme}://127.0.0.1:${port}`, { dispatcher: agent });
  await answer.body.dump();
  await agent.destroy();
  return facts[0];
}

const https = (name: string, options: object = {}) =>
  createServer({ cert: pem(`${name}.pem`), key: pem(`${name}-key.pem`), ...options });

describe('tlsFactsOf', () => {
  it('tells of a certificate that is trusted', async () => {
    expect(await factsOf(https('server'), 'https', STRICT)).toEqual({
      protocol: 'TLSv1.3',
      subject: 'localhost',
      issuer: 'truenas-monitor test CA',
      validFrom: new Date('2020-01-01T00:00:00Z'),
      validTo: new Date('2060-01-01T00:00:00Z'),
      trusted: true,
      distrust: null,
      verified: true,
      pinned: null,
      spki: spkiOf('server.pem'),
    });
  });

  it('says why a certificate is not trusted where that ends nothing', async () => {
    const lax = { ...STRICT, verify: false };
    const distrust = async (name: string, tls: TlsOptions) => {
      const facts = await factsOf(https(name), 'https', tls);
      return [facts?.trusted, facts?.verified, facts?.distrust];
    };

    expect(await distrust('expired', lax)).toEqual([false, false, 'CERT_HAS_EXPIRED']);
    expect(await distrust('self-signed', { ...lax, caFile: null })).toEqual([
      false,
      false,
      'DEPTH_ZERO_SELF_SIGNED_CERT',
    ]);
    expect(await distrust('other-host', lax)).toEqual([
      false,
      false,
      'ERR_TLS_CERT_ALTNAME_INVALID',
    ]);
  });

  it('tells whether the key is a pinned one, however the pin is written', async () => {
    const pins = [`sha256/${spkiOf('server.pem')}`, 'another'];
    const facts = await factsOf(https('server'), 'https', { ...STRICT, pinnedSpkiSha256: pins });

    expect(facts?.pinned).toBe(true);
  });

  it('tells an older protocol', async () => {
    const facts = await factsOf(https('server', { maxVersion: 'TLSv1.2' }), 'https', STRICT);

    expect(facts?.protocol).toBe('TLSv1.2');
  });

  it('is null without TLS', async () => {
    expect(await factsOf(createHttpServer(), 'http', STRICT)).toBeNull();
  });
});
