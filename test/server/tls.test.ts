import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { type IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type PeerCertificate, type SecureVersion, type TLSSocket } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CertificateFiles } from '../../src/lib/adapters/certificate/certificate-files.ts';
import { millis } from '../../src/lib/core/model/units.ts';
import { type LogLevel } from '../../src/lib/ports/logger.ts';
import { LIMITS } from '../../src/lib/server/limits.ts';
import { type Reached, serving } from '../support/serving.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures/tls');
const CA = readFileSync(join(FIXTURES, 'ca.pem'));

interface Site {
  readonly directory: string;
  readonly files: CertificateFiles;
  readonly logged: { level: LogLevel; message: string }[];
  readonly put: (name: string, keyOf?: string) => Promise<void>;
}

async function site(name = 'server', now = '2026-11-22T00:00:00Z'): Promise<Site> {
  const directory = await mkdtemp(join(tmpdir(), 'tls-'));
  const put = async (cert: string, keyOf = cert): Promise<void> => {
    await copyFile(join(FIXTURES, `${cert}.pem`), join(directory, 'tls.crt'));
    await copyFile(join(FIXTURES, `${keyOf}-key.pem`), join(directory, 'tls.key'));
  };
  await put(name);
  const logged: Site['logged'] = [];
  const files = await open(directory, logged, now);
  return { directory, files, logged, put };
}

async function open(
  directory: string,
  logged: Site['logged'],
  now = '2026-11-22T00:00:00Z',
): Promise<CertificateFiles> {
  onTestFinished(async () => {
    await rm(directory, { recursive: true, force: true });
  });
  const files = await CertificateFiles.open({
    files: { certFile: join(directory, 'tls.crt'), keyFile: join(directory, 'tls.key') },
    clock: { now: () => new Date(now) },
    logger: { log: (level, message) => logged.push({ level, message }) },
    every: millis(20),
  });
  onTestFinished(() => {
    files.close();
  });
  return files;
}

async function handshake(
  { port }: Reached,
  versions: { minVersion?: SecureVersion; maxVersion?: SecureVersion } = {},
): Promise<{ certificate: PeerCertificate; protocol: string | null }> {
  const socket: TLSSocket = connect({
    port,
    host: '127.0.0.1',
    rejectUnauthorized: false,
    ...versions,
  });
  await once(socket, 'secureConnect');
  const found = { certificate: socket.getPeerCertificate(), protocol: socket.getProtocol() };
  socket.destroy();
  return found;
}

/** Over a connection whose certificate is checked. */
async function health({ port }: Reached): Promise<{ status: number; hsts: unknown }> {
  const asked = request({ port, host: '127.0.0.1', path: '/health', ca: CA, agent: false }).end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  response.resume();
  return {
    status: response.statusCode ?? 0,
    hsts: response.headers['strict-transport-security'],
  };
}

describe('over TLS', () => {
  it('serves those who check its certificate, and says to come this way again', async () => {
    const served = await serving({ certificate: (await site()).files });
    expect(await health(served)).toStrictEqual({ status: 200, hsts: 'max-age=15552000' });
  });

  it('prefers 1.3, takes 1.2, and nothing older', async () => {
    const served = await serving({ certificate: (await site()).files });
    expect((await handshake(served)).protocol).toBe('TLSv1.3');
    expect((await handshake(served, { maxVersion: 'TLSv1.2' })).protocol).toBe('TLSv1.2');
    await expect(
      handshake(served, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1' }),
    ).rejects.toThrow();
  });

  it('lets go of whoever connects and says nothing', async () => {
    const served = await serving({
      certificate: (await site()).files,
      limits: { ...LIMITS, handshakeTimeout: 150 },
    });
    const socket = await served.open();
    socket.resume();
    await once(socket, 'close');
    expect((await health(served)).status).toBe(200);
  });

  it('shows a new certificate without a restart', async () => {
    const { files, put, logged } = await site();
    const served = await serving({ certificate: files });
    expect((await handshake(served)).certificate.subject.CN).not.toBe('nas.invalid');
    const before = (await handshake(served)).certificate.fingerprint256;
    await put('other-host');
    await expect
      .poll(async () => (await handshake(served)).certificate.fingerprint256)
      .not.toBe(before);
    expect(logged.map(({ message }) => message)).toStrictEqual(['the certificate was renewed']);
  });

  it('sees a mounted Secret change, which is a link above the files', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'tls-'));
    const version = async (name: string, cert: string): Promise<void> => {
      await mkdir(join(directory, name));
      await copyFile(join(FIXTURES, `${cert}.pem`), join(directory, name, 'tls.crt'));
      await copyFile(join(FIXTURES, `${cert}-key.pem`), join(directory, name, 'tls.key'));
      await symlink(name, join(directory, '..data_tmp'));
      await rename(join(directory, '..data_tmp'), join(directory, '..data'));
    };
    await version('..one', 'server');
    await symlink('..data/tls.crt', join(directory, 'tls.crt'));
    await symlink('..data/tls.key', join(directory, 'tls.key'));
    const served = await serving({ certificate: await open(directory, []) });
    const before = (await handshake(served)).certificate.fingerprint256;
    await version('..two', 'other-host');
    await expect
      .poll(async () => (await handshake(served)).certificate.fingerprint256)
      .not.toBe(before);
  });
});

describe('a new pair that cannot be used', () => {
  it.each<[string, (site: Site) => Promise<void>, string]>([
    [
      'is of two certificates',
      ({ put }) => put('server', 'other-host'),
      'is not that of the certificate',
    ],
    ['has expired', ({ put }) => put('expired'), 'has expired'],
    [
      'is gone',
      async ({ directory }) => {
        await rm(join(directory, 'tls.key'));
      },
      'cannot be read (ENOENT)',
    ],
    [
      'is no certificate',
      async ({ directory }) => {
        await writeFile(join(directory, 'tls.crt'), 'hello');
      },
      'the certificate is not PEM',
    ],
    [
      'is no key',
      async ({ directory }) => {
        await writeFile(join(directory, 'tls.key'), 'hello-secret');
      },
      'the key is not PEM',
    ],
  ])(
    'keeps the one before, says so once, and is mended by the next: %s',
    async (_, spoil, reason) => {
      const at = await site();
      const served = await serving({ certificate: at.files });
      const before = (await handshake(served)).certificate.fingerprint256;
      await spoil(at);
      await expect.poll(() => at.logged.length).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(at.logged.map(({ level }) => level)).toStrictEqual(['error']);
      const { message } = at.logged[0] ?? { message: '' };
      expect(message).toContain(reason);
      expect(message).toContain('which are read again by themselves');
      for (const file of ['tls.crt', 'tls.key'])
        expect(message).toContain(join(at.directory, file));
      expect(message).not.toContain('hello-secret');
      expect((await handshake(served)).certificate.fingerprint256).toBe(before);
      await at.put('other-host');
      await expect
        .poll(async () => (await handshake(served)).certificate.fingerprint256)
        .not.toBe(before);
    },
  );
});

describe('to begin with', () => {
  it.each<[string, string, string]>([
    ['server', 'other-host', 'server.tls: the key is not that of the certificate'],
    ['server', 'nothing', 'cannot be read (ENOENT)'],
  ])('there has to be a pair: %s and the key of %s', async (cert, key, reason) => {
    const opening = CertificateFiles.open({
      files: {
        certFile: join(FIXTURES, `${cert}.pem`),
        keyFile: join(FIXTURES, `${key}-key.pem`),
      },
      clock: { now: () => new Date() },
      logger: { log: () => undefined },
    });
    await expect(opening).rejects.toThrow(reason);
    await expect(opening).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('says that it expires soon, or has expired', async () => {
    expect((await site('server', '2026-01-01T00:00:00Z')).logged).toStrictEqual([]);
    const end = execFileSync(
      'openssl',
      ['x509', '-noout', '-enddate', '-in', join(FIXTURES, 'server.pem')],
      { encoding: 'utf8' },
    );
    const validTo = new Date(end.trim().replace('notAfter=', '')).getTime();
    const soon = await site('server', new Date(validTo - 86_400_000).toISOString());
    expect(soon.logged.map(({ level }) => level)).toStrictEqual(['warn']);
    expect(soon.logged[0]?.message).toContain('expires soon');
    const { logged } = await site('expired');
    expect(logged.map(({ level }) => level)).toStrictEqual(['error']);
  });
});
