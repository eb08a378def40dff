import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import Serve from '../../../src/commands/serve.ts';
import { Sandbox } from '../../support/run-command.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures/tls');

interface Files {
  readonly cert: string;
  readonly key: string;
}

/** Writes what is no certificate with its key. Returns what nobody may be shown of it. */
type Spoil = (files: Files) => Promise<string>;

async function keyText(path: string): Promise<string> {
  // The first line of what is between the marks.
  return (await readFile(path, 'utf8')).split('\n')[1] ?? '';
}

const SPOILT: readonly (readonly [what: string, spoil: Spoil, reason: RegExp])[] = [
  [
    'no such certificate',
    async ({ key }) => {
      await copyFile(join(FIXTURES, 'server-key.pem'), key);
      return await keyText(key);
    },
    /server\.tls: \S*tls\.crt cannot be read \(ENOENT\)/,
  ],
  [
    'no such key',
    async ({ cert }) => {
      await copyFile(join(FIXTURES, 'server.pem'), cert);
      return 'PRIVATE';
    },
    /server\.tls: \S*tls\.key cannot be read \(ENOENT\)/,
  ],
  [
    'a directory in place of the key',
    async ({ cert, key }) => {
      await copyFile(join(FIXTURES, 'server.pem'), cert);
      await mkdir(key);
      return 'PRIVATE';
    },
    /server\.tls: \S*tls\.key cannot be read \(EISDIR\)/,
  ],
  [
    'a certificate that is not PEM',
    async ({ cert, key }) => {
      await writeFile(cert, 'hello');
      await copyFile(join(FIXTURES, 'server-key.pem'), key);
      return await keyText(key);
    },
    /server\.tls: the certificate is not PEM/,
  ],
  [
    'a key that is not PEM',
    async ({ cert, key }) => {
      await copyFile(join(FIXTURES, 'server.pem'), cert);
      await writeFile(key, 'something-that-only-the-owner-knows');
      return 'something-that-only-the-owner-knows';
    },
    /server\.tls: the key is not PEM, or has a passphrase/,
  ],
  [
    'a key with a passphrase',
    async ({ cert, key }) => {
      await copyFile(join(FIXTURES, 'server.pem'), cert);
      const plain = createPrivateKey(await readFile(join(FIXTURES, 'server-key.pem')));
      await writeFile(
        key,
        plain.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }),
      );
      return await keyText(key);
    },
    /server\.tls: the key is not PEM, or has a passphrase/,
  ],
  [
    'the key of another certificate',
    async ({ cert, key }) => {
      await copyFile(join(FIXTURES, 'server.pem'), cert);
      await copyFile(join(FIXTURES, 'other-host-key.pem'), key);
      return await keyText(key);
    },
    /server\.tls: the key is not that of the certificate/,
  ],
  [
    'the two confused',
    async ({ cert, key }) => {
      await copyFile(join(FIXTURES, 'server-key.pem'), cert);
      await copyFile(join(FIXTURES, 'server.pem'), key);
      return await keyText(cert);
    },
    /server\.tls: the certificate is not PEM/,
  ],
  [
    'a key of another sort',
    async ({ cert, key }) => {
      await copyFile(join(FIXTURES, 'server.pem'), cert);
      const { privateKey } = generateKeyPairSync('ed25519');
      await writeFile(key, privateKey.export({ type: 'pkcs8', format: 'pem' }));
      return await keyText(key);
    },
    /server\.tls: the key is not that of the certificate/,
  ],
];

describe('serve with a certificate it cannot serve with', () => {
  it.each(SPOILT)(
    'ends with 2, and says what is wrong with which file: %s',
    async (_, spoil, reason) => {
      await using sandbox = await Sandbox.create();
      const files = { cert: sandbox.path('tls.crt'), key: sandbox.path('tls.key') };
      const secret = await spoil(files);
      const config = sandbox.path('config.yaml');
      const written = {
        kubernetes: { name: 'prod', kubeconfig: sandbox.path('kubeconfig') },
        truenas: { url: 'https://127.0.0.1:1', username: 'monitor', api_key: '1-nothing' },
        metrics: { port: null },
        server: { listen: '127.0.0.1:0', tls: { cert_file: files.cert, key_file: files.key } },
      };
      await writeFile(config, JSON.stringify(written), { mode: 0o600 });
      const { exitCode, stdout, stderr } = await sandbox.run(Serve, ['--config', config]);
      const said = stderr.replace(/\s+/g, ' ');
      expect([exitCode, stdout]).toEqual([2, '']);
      expect(said).toMatch(reason);
      // Where it is to be mended.
      expect(said).toContain(files.cert);
      expect(said).toContain(files.key);
      expect(secret.length).toBeGreaterThan(5);
      expect(stderr).not.toContain(secret);
    },
  );
});
