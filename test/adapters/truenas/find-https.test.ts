import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findHttps, type HttpsFound } from '../../../src/lib/adapters/truenas/find-https.ts';
import { ConfigError } from '../../../src/lib/core/model/errors.ts';
import { millis } from '../../../src/lib/core/model/units.ts';
import { type TrueNasVersion } from '../../../src/lib/lab/scenario/world.ts';
import { startTrueNasLab, type TrueNasLab } from '../../../src/lib/lab/truenas/server.ts';
import { AT_ONCE, patient } from './fake-nas.ts';
import { aSystem } from './lab-system.ts';

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../fixtures/tls/${name}`, import.meta.url));
const TLS = {
  cert: readFileSync(fixture('server.pem'), 'utf8'),
  key: readFileSync(fixture('server-key.pem'), 'utf8'),
};

async function aLab(version: TrueNasVersion, tls: boolean): Promise<TrueNasLab> {
  const options = { now: () => new Date('2026-11-22T01:00:00Z'), ...(tls ? { tls: TLS } : {}) };
  const lab = await startTrueNasLab(aSystem(version), options);
  onTestFinished(() => lab.close());
  return lab;
}

function search(urls: readonly string[], caFile: string | null, signal = patient()) {
  const tls = { verify: true, caFile, pinnedSpkiSha256: [], minVersion: 'TLSv1.3' as const };
  const logger = { log: () => undefined };
  const asked = { name: 'nas1', urls, tls, timeout: millis(5_000), transport: 'auto' as const };
  return findHttps({ ...asked, logger }, signal, AT_ONCE);
}

/** Where plain http is spoken, as an https address. */
const secured = (lab: TrueNasLab): string => lab.url.replace('http:', 'https:');

function failuresOf(found: HttpsFound): string {
  return found.kind === 'none' ? found.failures.join('\n') : `found ${found.url}`;
}

describe('the https address of a system', () => {
  it.each(['24.10', '25.10'] as const)(
    'is the first at which TrueNAS %s answers, to whom no secret is shown',
    async (version) => {
      const [plain, lab] = [await aLab(version, false), await aLab(version, true)];
      const urls = [secured(plain), 'https://127.0.0.1:1', lab.url];
      await expect(search(urls, fixture('ca.pem'))).resolves.toEqual({
        kind: 'found',
        url: lab.url,
      });
      expect(lab.calls.filter(({ method }) => method.startsWith('auth.'))).toEqual([]);
    },
  );

  it('may have a certificate that is not trusted, which the login is left to explain', async () => {
    const lab = await aLab('25.10', true);
    await expect(search([lab.url], null)).resolves.toEqual({ kind: 'found', url: lab.url });
  });

  it('is none where plain http is spoken, nobody answers, or a web page does', async () => {
    const plain = await aLab('25.10', false);
    const web = createServer(TLS, (_request, response) => {
      response.setHeader('content-type', 'text/html').end('<html>hello</html>');
    });
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      web.closeAllConnections();
      web.close();
    });
    const { port } = web.address() as AddressInfo; // it listens on a port
    const urls = [secured(plain), 'https://127.0.0.1:1', `https://127.0.0.1:${port}`];
    const failures = failuresOf(await search(urls, fixture('ca.pem')));
    expect(failures).toContain(`${urls[0] ?? ''}: nas1 (127.0.0.1) cannot be trusted`);
    expect(failures).toContain('that port does not speak TLS');
    expect(failures).toContain('https://127.0.0.1:1: nas1 (127.0.0.1:1) cannot be reached');
    expect(failures).toContain(`${urls[2] ?? ''}: nas1 (127.0.0.1) answered /api/versions`);
  });

  it('is not looked for by rules that cannot be kept, nor after an interruption', async () => {
    await expect(search(['https://127.0.0.1:1'], '/nowhere')).rejects.toThrow(ConfigError);
    const reason = new Error('interrupted');
    await expect(search(['https://127.0.0.1:1'], null, AbortSignal.abort(reason))).rejects.toBe(
      reason,
    );
  });
});
