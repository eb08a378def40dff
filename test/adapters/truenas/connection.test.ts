import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type NasOptions } from '../../../src/lib/adapters/truenas/nas-reader.ts';
import { millis } from '../../../src/lib/core/model/units.ts';
import { type TrueNasVersion } from '../../../src/lib/lab/scenario/world.ts';
import { type TrueNasFaults } from '../../../src/lib/lab/truenas/faults.ts';
import { startTrueNasLab } from '../../../src/lib/lab/truenas/server.ts';
import { open, patient } from './fake-nas.ts';
import { aSystem, KEY } from './lab-system.ts';

const fixture = (name: string) =>
  fileURLToPath(new URL(`../../fixtures/tls/${name}`, import.meta.url));
const pem = (name: string) => readFileSync(fixture(name), 'utf8');

const spkiOf = (name: string) =>
  createHash('sha256')
    .update(new X509Certificate(pem(name)).publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64');

const STRICT: NasOptions['tls'] = {
  verify: true,
  caFile: fixture('ca.pem'),
  pinnedSpkiSha256: [],
  minVersion: 'TLSv1.3',
};

async function reach(
  version: TrueNasVersion,
  certificate: string | null,
  options: Partial<NasOptions> = {},
  faults: TrueNasFaults = {},
) {
  const lab = await startTrueNasLab(aSystem(version), {
    now: () => new Date('2026-11-22T01:02:03Z'),
    faults,
    ...(certificate !== null && {
      tls: { cert: pem(`${certificate}.pem`), key: pem(`${certificate}-key.pem`) },
    }),
  });
  onTestFinished(() => lab.close());
  return { lab, nas: await open(lab.url, { apiKey: KEY, tls: STRICT, ...options }) };
}

describe.each([
  ['24.10', '24.10'],
  ['25.10', '25.10'],
  ['26', '26'],
] as const)('the connection to TrueNAS %s', (_name, version) => {
  it('is nothing yet before anything was asked', async () => {
    const { lab, nas } = await reach(version, 'server');
    expect(nas.connection()).toEqual({
      side: 'truenas',
      name: 'nas1',
      host: new URL(lab.url).host,
      secure: true,
      loopback: true,
      tls: null,
      requests: 0,
      latency: null,
      failure: null,
    });
  });

  it('tells of the certificate, and how long answers took', async () => {
    const { nas } = await reach(version, 'server', {}, { latencyMs: 20 });
    await nas.identify(patient());
    const before = nas.connection().requests;
    await nas.list('pools', patient());
    const { tls, requests, latency } = nas.connection();
    expect(tls).toMatchObject({
      protocol: 'TLSv1.3',
      subject: 'localhost',
      issuer: 'truenas-monitor test CA',
      validTo: new Date('2060-01-01T00:00:00Z'),
      trusted: true,
      distrust: null,
      verified: true,
      pinned: null,
      spki: spkiOf('server.pem'),
    });
    expect(before).toBeGreaterThan(2);
    expect(requests).toBe(before + 1);
    expect(latency?.p50).toBeGreaterThanOrEqual(15);
    expect(latency?.p95).toBeGreaterThanOrEqual(latency?.p50 ?? 0);
  });

  it('tells of a certificate that is pinned and not trusted', async () => {
    const tls = { ...STRICT, verify: false, pinnedSpkiSha256: [spkiOf('self-signed.pem')] };
    const { nas } = await reach(version, 'self-signed', { tls: { ...tls, caFile: null } });
    await nas.identify(patient());
    expect(nas.connection().tls).toMatchObject({
      trusted: false,
      distrust: 'DEPTH_ZERO_SELF_SIGNED_CERT',
      verified: false,
      pinned: true,
    });
  });

  it('has no certificate to tell of where none was accepted', async () => {
    const { nas } = await reach(version, 'expired');
    await expect(nas.identify(patient())).rejects.toThrow('has expired');
    expect(nas.connection()).toMatchObject({ tls: null, requests: 0, latency: null });
  });

  it('counts a refusal as an answer, and needs no TLS on this machine', async () => {
    const deniedMethods = ['pool.query'];
    const { nas } = await reach(version, null, {}, { deniedMethods });
    await nas.identify(patient());
    const before = nas.connection();
    expect(before).toMatchObject({ secure: false, tls: null });
    expect((await nas.list('pools', patient())).coverage.state).toBe('failed');
    expect(nas.connection().requests).toBe(before.requests + 1);
  });

  it('counts no answer that never came', async () => {
    const lostAnswers = ['pool.query'];
    const { nas } = await reach(version, null, { timeout: millis(300) }, { lostAnswers });
    await nas.identify(patient());
    const before = nas.connection().requests;
    expect((await nas.list('pools', patient())).coverage.state).toBe('failed');
    expect(nas.connection().requests).toBe(before);
  });
});

it('names no port that is the usual one, and brackets an IPv6 address before one', async () => {
  const hostOf = async (url: string) => (await open(url)).connection().host;
  expect(await hostOf('https://nas1.example')).toBe('nas1.example');
  expect(await hostOf('https://nas1.example:443')).toBe('nas1.example');
  expect(await hostOf('https://nas1.example:8443')).toBe('nas1.example:8443');
  expect(await hostOf('https://[fd00::1]')).toBe('fd00::1');
  expect(await hostOf('https://[fd00::1]:8443')).toBe('[fd00::1]:8443');
});
