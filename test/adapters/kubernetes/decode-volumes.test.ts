import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CSI_ATTRIBUTES } from '../../../src/lib/adapters/kubernetes/allow-list.ts';
import {
  decodePersistentVolume,
  decodePersistentVolumeClaim,
  decodeVolumeSource,
} from '../../../src/lib/adapters/kubernetes/decode-volumes.ts';
import { type JsonRecord } from '../../../src/lib/adapters/kubernetes/json.ts';

function recorded(name: string): readonly JsonRecord[] {
  const url = new URL(`../../fixtures/real-chain/k8s-${name}.json`, import.meta.url);
  return (JSON.parse(readFileSync(url, 'utf8')) as { items: JsonRecord[] }).items;
}

const metadata = { name: 'a', uid: 'u', namespace: 'n' };
const nfs = { server: 'nas1', path: '/mnt/tank/a' };

describe('decodePersistentVolume', () => {
  it('reads a volume as the real driver made it', () => {
    const [volume] = recorded('persistentvolumes');
    expect(decodePersistentVolume(volume ?? {}, 'prod')).toEqual({
      cluster: 'prod',
      name: 'pvc-3a06635b-061e-47fd-ab23-c301e0e83a1e',
      namespace: null,
      uid: 'e23846e2-4873-4c7d-afec-557bdf0fcdba',
      resourceVersion: '334',
      createdAt: new Date('2026-11-22T01:04:33Z'),
      deletedAt: null,
      labels: {},
      annotations: { 'pv.kubernetes.io/provisioned-by': 'org.democratic-csi.iscsi' },
      finalizers: ['kubernetes.io/pv-protection'],
      owners: [],
      capacity: { bytes: 1_073_741_824, approximate: false },
      reclaimPolicy: 'Retain',
      storageClass: 'freenas-iscsi',
      phase: 'Released',
      phaseSince: new Date('2026-11-22T01:04:34Z'),
      statusMessage: null,
      writable: true,
      claim: {
        namespace: 'databases',
        name: 'data-old-0',
        uid: '3a06635b-061e-47fd-ab23-c301e0e83a1e',
      },
      source: {
        kind: 'csi',
        driver: 'org.democratic-csi.iscsi',
        handle: 'pvc-3a06635b-061e-47fd-ab23-c301e0e83a1e',
        attributes: {
          interface: '',
          iqn: 'iqn.2005-10.org.freenas.ctl:csi-pvc-3a06635b-061e-47fd-ab23-c301e0e83a1e-cl',
          lun: '0',
          node_attach_driver: 'iscsi',
          portal: '127.0.0.1:3260',
          portals: '',
          provisioner_driver: 'freenas-api-iscsi',
          'storage.kubernetes.io/csiProvisionerIdentity':
            '1795309440446-1857-org.democratic-csi.iscsi',
        },
      },
    });
  });

  it('reads every volume of the recorded chain with all its attributes', () => {
    for (const item of recorded('persistentvolumes')) {
      const { source } = decodePersistentVolume(item, 'prod') ?? {};
      expect(source).toMatchObject({
        kind: 'csi',
        attributes: (item['spec'] as { csi: { volumeAttributes: object } }).csi.volumeAttributes,
      });
    }
  });

  it('keeps why a volume failed', () => {
    const status = { phase: 'Failed', reason: 'VolumeFailedDelete', message: 'dataset is busy' };
    expect(decodePersistentVolume({ metadata, spec: { nfs }, status }, 'prod')).toMatchObject({
      phase: 'Failed',
      statusMessage: 'VolumeFailedDelete: dataset is busy',
    });
  });

  it.each([
    [{ nfs }, null],
    [{ nfs, accessModes: ['ReadWriteOnce'] }, true],
    [{ nfs, accessModes: ['ReadOnlyMany'] }, false],
    [{ nfs, accessModes: ['ReadOnlyMany', 'ReadWriteMany'] }, true],
    [{ nfs: { ...nfs, readOnly: true }, accessModes: ['ReadWriteMany'] }, false],
  ])('tells from its modes and its source whether one may write: %j', (spec, writable) => {
    expect(decodePersistentVolume({ metadata, spec }, 'prod')).toMatchObject({ writable });
  });

  it('takes what it does not know for unknown, and what is missing for the careful default', () => {
    const item = { metadata, spec: { nfs }, status: { phase: 'Exploded', message: 'x' } };
    expect(decodePersistentVolume(item, 'prod')).toMatchObject({
      capacity: null,
      reclaimPolicy: 'Retain',
      storageClass: null,
      phase: 'Unknown',
      phaseSince: null,
      statusMessage: 'x',
      claim: null,
    });
  });

  it('finds the class of a volume from before it had a field', () => {
    const annotations = { 'volume.beta.kubernetes.io/storage-class': 'old' };
    const item = { metadata: { ...metadata, annotations }, spec: { nfs } };
    expect(decodePersistentVolume(item, 'prod')).toMatchObject({ storageClass: 'old' });
    const claim = { metadata: { ...metadata, annotations }, spec: {} };
    expect(decodePersistentVolumeClaim(claim, 'prod')).toMatchObject({ storageClass: 'old' });
  });

  it.each([[{}], [{ metadata }], [{ metadata, spec: {} }], [{ spec: { nfs } }]])(
    'cannot read %j',
    (item) => {
      expect(decodePersistentVolume(item, 'prod')).toBeUndefined();
    },
  );
});

describe('decodeVolumeSource', () => {
  it.each([
    [{ nfs }, { kind: 'nfs', ...nfs }],
    [
      { iscsi: { targetPortal: '10.0.0.1:3260', iqn: 'iqn.x:a', lun: 3, chapAuthSession: true } },
      { kind: 'iscsi', portal: '10.0.0.1:3260', iqn: 'iqn.x:a', lun: 3 },
    ],
    [
      { iscsi: { targetPortal: '10.0.0.1:3260', iqn: 'iqn.x:a' } },
      { kind: 'iscsi', portal: '10.0.0.1:3260', iqn: 'iqn.x:a', lun: 0 },
    ],
    [
      { capacity: {}, nodeAffinity: {}, claimRef: {}, hostPath: { path: '/x' } },
      { kind: 'other', type: 'hostPath' },
    ],
    [{ hostPath: {} }, { kind: 'other', type: 'hostPath' }],
    [
      { hostPath: { path: '/mnt/tank//k8s/a/', type: 'Directory' } },
      { kind: 'path', type: 'hostPath', path: '/mnt/tank/k8s/a' },
    ],
    [{ local: { path: '/mnt/tank/a' } }, { kind: 'path', type: 'local', path: '/mnt/tank/a' }],
    [{ local: { path: '/mnt/../var/a' } }, { kind: 'other', type: 'local' }],
    [{ fc: { targetWWNs: ['x'], lun: 0 } }, { kind: 'other', type: 'fc' }],
    [
      { csi: { driver: 'd', volumeHandle: 'h', volumeAttributes: { password: 'x', lun: 1 } } },
      { kind: 'csi', driver: 'd', handle: 'h', attributes: {} },
    ],
    [
      {
        csi: {
          driver: 'nfs.csi.k8s.io',
          volumeHandle: 'h',
          volumeAttributes: {
            Share: '/mnt/a',
            subDir: 'b',
            Password: 'x',
            server: 'c',
            Server: 'd',
          },
        },
      },
      {
        kind: 'csi',
        driver: 'nfs.csi.k8s.io',
        handle: 'h',
        attributes: { share: '/mnt/a', subdir: 'b', server: 'c' },
      },
    ],
  ])('reads %j', (spec, expected) => {
    expect(decodeVolumeSource(spec, 'volume')).toEqual(expected);
  });

  it.each([
    ['fstab/cifs', { networkPath: '//nas/k8s/a', mountOptions: 'password=x' }, '//nas/k8s/a'],
    ['microsoft.com/smb', { source: '\\\\nas\\k8s\\a' }, '//nas/k8s/a'],
    ['juliohm/cifs', { server: 'nas', share: '/k8s', opts: 'password=x' }, '//nas/k8s'],
    ['fstab/cifs', { networkPath: '//user:x@nas/k8s' }, '//nas/k8s'],
  ])('reads an SMB share mounted by %s with %j, and no password', (driver, options, source) => {
    const flexVolume = { driver, options, secretRef: { name: 'x' } };
    expect(decodeVolumeSource({ flexVolume }, 'volume')).toEqual({ kind: 'smb', source });
  });

  it.each([
    [{ server: 'nas', share: '/mnt/tank/a', mountOptions: 'ro' }],
    [{ server: 'nas', path: '/mnt/tank/a' }],
    [{ source: 'nas:/mnt/tank/a' }],
  ])('reads an NFS export mounted by a plug-in with %j', (options) => {
    expect(decodeVolumeSource({ flexVolume: { driver: 'k8s/nfs', options } }, 'pod')).toEqual({
      kind: 'nfs',
      server: 'nas',
      path: '/mnt/tank/a',
    });
  });

  it.each([
    ['fstab/cifs', {}],
    ['fstab/cifs', { networkPath: 'nas' }],
    ['fstab/cifs', { networkPath: '//user:pass/word@nas/k8s' }],
    ['fstab/cifs', { server: 'nas' }],
    ['k8s/nfs', { server: 'nas', share: 'a' }],
  ])('says that what %s mounts with %j could not be read', (driver, options) => {
    expect(decodeVolumeSource({ flexVolume: { driver, options } }, 'volume')).toEqual({
      kind: 'unread',
      type: 'flexVolume',
    });
  });

  it('leaves plug-ins alone that mount from no server', () => {
    const flexVolume = { driver: 'ceph.rook.io/rook', options: { networkPath: '//nas/a' } };
    expect(decodeVolumeSource({ flexVolume }, 'volume')).toEqual({
      kind: 'other',
      type: 'flexVolume',
    });
  });

  it.each([
    [{ csi: { driver: 'd' } }],
    [{ csi: { volumeHandle: 'h' } }],
    [{ nfs: { server: 'nas1' } }],
    [{ nfs: { path: '/mnt' } }],
    [{ nfs: 'rubbish' }],
    [{ nfs: 'rubbish', hostPath: {} }],
    [{ iscsi: { iqn: 'x' } }],
    [{ iscsi: { targetPortal: 'x' } }],
    [{ iscsi: { targetPortal: 'x', iqn: 'y', lun: 'z' } }],
    [{ capacity: { storage: '1Gi' } }],
  ])('cannot tell where the data of %j is', (spec) => {
    expect(decodeVolumeSource(spec, 'volume')).toBeUndefined();
  });

  it('reads a volume of a pod, which has no handle yet', () => {
    expect(decodeVolumeSource({ csi: { driver: 'd' } }, 'pod')).toMatchObject({ handle: '' });
  });

  it.each([
    'password',
    'chapSecret',
    'secret',
    'chapPassword',
    'iscsi.chapSecret',
    'apiKey',
    'token',
  ])('lets no attribute named %s pass', (key) => {
    expect(CSI_ATTRIBUTES).not.toContain(key);
  });
});

describe('decodePersistentVolumeClaim', () => {
  it('reads the claims of the recorded chain', () => {
    const claims = recorded('persistentvolumeclaims').map((item) =>
      decodePersistentVolumeClaim(item, 'prod'),
    );
    expect(claims[0]).toEqual({
      cluster: 'prod',
      name: 'data-postgres-0',
      namespace: 'databases',
      uid: '7df5372e-f56c-4334-be7d-34e13b79e08d',
      resourceVersion: '304',
      createdAt: new Date('2026-11-22T01:03:57Z'),
      deletedAt: null,
      labels: {},
      annotations: {
        'pv.kubernetes.io/bind-completed': 'yes',
        'pv.kubernetes.io/bound-by-controller': 'yes',
        'volume.beta.kubernetes.io/storage-provisioner': 'org.democratic-csi.iscsi',
        'volume.kubernetes.io/storage-provisioner': 'org.democratic-csi.iscsi',
      },
      finalizers: ['kubernetes.io/pvc-protection'],
      phase: 'Bound',
      storageClass: 'freenas-iscsi',
      volumeName: 'pvc-7df5372e-f56c-4334-be7d-34e13b79e08d',
      requested: { bytes: 2_147_483_648, approximate: false },
      capacity: { bytes: 2_147_483_648, approximate: false },
      owners: [],
      unused: null,
      unusedSince: null,
      resizing: false,
    });
    expect(claims).not.toContain(undefined);
  });

  it.each([
    ['True', true],
    ['False', false],
    ['Unknown', null],
  ])('knows of condition Unused %s whether a pod uses it', (status, unused) => {
    const lastTransitionTime = '2026-11-01T00:00:00Z';
    const conditions = [{ type: 'Unused', status, lastTransitionTime }];
    const item = { metadata, spec: {}, status: { conditions } };
    expect(decodePersistentVolumeClaim(item, 'prod')).toMatchObject({
      unused,
      unusedSince: new Date(lastTransitionTime),
    });
  });

  it.each([
    [{ conditions: [{ type: 'Resizing', status: 'True' }] }, true],
    [{ conditions: [{ type: 'FileSystemResizePending', status: 'True' }] }, true],
    [{ allocatedResourceStatuses: { storage: 'NodeResizePending' } }, true],
    [{ allocatedResourceStatuses: { storage: 'ControllerResizeInfeasible' } }, false],
    [{ conditions: [{ type: 'Resizing', status: 'False' }] }, false],
  ])('knows from %j whether it is being expanded: %s', (status, resizing) => {
    const item = { metadata, spec: {}, status };
    expect(decodePersistentVolumeClaim(item, 'prod')).toMatchObject({ resizing });
  });

  it('reads a claim that has only just been made', () => {
    expect(decodePersistentVolumeClaim({ metadata, spec: {} }, 'prod')).toMatchObject({
      phase: 'Unknown',
      storageClass: null,
      volumeName: null,
      requested: null,
      capacity: null,
    });
  });

  it.each([[{ metadata }], [{ metadata: { name: 'a', uid: 'u' }, spec: {} }]])(
    'cannot read %j',
    (item) => {
      expect(decodePersistentVolumeClaim(item, 'prod')).toBeUndefined();
    },
  );
});
