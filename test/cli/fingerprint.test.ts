import { expect, it } from 'vitest';
import { type ReachableSystem } from '../../src/lib/adapters/config/connection.ts';
import { Secret } from '../../src/lib/adapters/config/secret.ts';
import { scanKey } from '../../src/lib/cli/fingerprint.ts';
import { millis } from '../../src/lib/core/model/units.ts';

function keyOf(apiKey: string | null): Promise<string> {
  const system: ReachableSystem = {
    name: 'nas1',
    url: 'https://nas1.example',
    username: null,
    apiKey: apiKey === null ? null : new Secret(apiKey),
    password: null,
    timeout: millis(1),
    tls: { verify: true, caFile: null, pinnedSpkiSha256: [], minVersion: 'TLSv1.3' },
    transport: 'auto',
    keptIn: null,
  };
  return scanKey([], [system], [], {});
}

it('tells two API keys without a user name apart, which may not see the same', async () => {
  expect(await keyOf('1-abc')).not.toBe(await keyOf('2-abc'));
  expect(await keyOf('1-abc')).not.toBe(await keyOf(null));
});

it('knows nothing of the secret part of a key, whatever its form', async () => {
  expect(await keyOf('1-abc')).toBe(await keyOf('1-def'));
  expect(await keyOf('abc-def')).toBe(await keyOf('ghi-jkl'));
});

it('tells scans apart that looked into different Secrets', async () => {
  const cluster = {
    name: 'prod',
    kubeconfig: '/nowhere',
    context: null,
    inCluster: false,
    namespaces: [],
  };
  const keyWith = (secret: string | null) =>
    scanKey(
      [cluster],
      [],
      [
        {
          driver: 'd',
          cluster: null,
          system: null,
          secret: secret === null ? null : { namespace: 'csi', name: secret },
          parent: 'tank/k8s',
          detachedSnapshotsParent: null,
          instanceId: null,
          exclusive: false,
        },
      ],
      {},
    );
  expect(await keyWith('a')).not.toBe(await keyWith('b'));
  expect(await keyWith('a')).not.toBe(await keyWith(null));
});
