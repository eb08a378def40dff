import { describe, expect, it } from 'vitest';
import {
  withoutLastApplied,
  withoutSecrets,
} from '../../../src/lib/core/cleanup/without-secrets.ts';

describe('a row of TrueNAS', () => {
  it('is kept without what is named like a secret, at any depth', () => {
    const row = {
      id: 3,
      host: { id: 1, hostnqn: 'nqn.a', dhchap_key: 'DHHC-1:1', dhchap_ctrl_key: 'DHHC-1:2' },
      auth: [{ tag: 1, user: 'u', secret: 's', peeruser: 'p', peersecret: 't' }],
      bindpw: 'b',
      passphrase: 'c',
      Password: 'd',
      api_token: { value: 'e' },
    };
    expect(withoutSecrets(row)).toEqual({
      id: 3,
      host: { id: 1, hostnqn: 'nqn.a' },
      auth: [{ tag: 1, user: 'u', peeruser: 'p' }],
    });
  });

  it('keeps everything that it is made again of', () => {
    for (const row of [
      { path: '/mnt/t/a', hosts: ['h'], networks: [], maproot_user: 'root', security: ['SYS'] },
      { name: 's', purpose: 'DEFAULT_SHARE', audit: { enable: false }, options: { aapl: true } },
      { name: 't', groups: [{ portal: 1, initiator: 2, auth: 3, authmethod: 'CHAP' }] },
      { name: 'x', serial: 's', naa: '0x', product_id: null, disk: 'zvol/t/a', filesize: '0' },
      { subnqn: 'nqn.b', allow_any_host: false, ana: null, hosts: [1], ports: [2] },
      { device_path: 'zvol/t/a', device_uuid: 'u', device_nguid: 'n', nsid: 1 },
    ]) {
      expect(withoutSecrets(row)).toEqual(row);
    }
  });
});

describe('a manifest', () => {
  it('is kept without its second copy, and with all that drivers wrote', () => {
    const annotations = { 'volume.kubernetes.io/provisioner-deletion-secret-name': 'a' };
    const spec = {
      csi: {
        nodeStageSecretRef: { name: 's', namespace: 'n' },
        volumeAttributes: { node_attach_driver: 'nfs', key: 'k' },
      },
    };
    const applied = { 'kubectl.kubernetes.io/last-applied-configuration': '{"password":"x"}' };
    const metadata = { name: 'pv', annotations: { ...applied, ...annotations } };
    expect(withoutLastApplied({ kind: 'PersistentVolume', metadata, spec })).toEqual({
      ...{ kind: 'PersistentVolume', spec, metadata: { name: 'pv', annotations } },
    });
  });

  it('is left as it is where it has no annotations', () => {
    for (const manifest of [{}, { metadata: { name: 'pv' } }, { metadata: null }]) {
      expect(withoutLastApplied(manifest)).toEqual(manifest);
    }
  });
});
