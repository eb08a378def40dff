import { describe, expect, test } from 'vitest';
import { readDriverFile } from '../../../src/lib/adapters/kubernetes/driver-files.ts';

const CONFIG = `driver: freenas-api-nfs
instance_id: prod
httpConnection:
  protocol: https
  host: nas1.example
  apiKey: 1-s3cret
zfs:
  datasetParentName: tank/k8s/nfs/vols
  detachedSnapshotsDatasetParentName: tank/k8s/nfs/snaps
nfs:
  shareHost: nas1.example
`;

const indented = (by: number): string =>
  CONFIG.split('\n')
    .map((line) => (line === '' ? '' : ' '.repeat(by) + line))
    .join('\n');

const VALUES = `csiDriver:
  name: org.democratic-csi.nfs
storageClasses:
  - name: nas-nfs
    defaultClass: true
    reclaimPolicy: Delete
    allowVolumeExpansion: true
    parameters: {fsType: nfs}
volumeSnapshotClasses:
  - name: nas-nfs-snap
    parameters: {detachedSnapshots: "true"}
driver:
  config:
${indented(4)}`;

describe('a driver file', () => {
  test('may be the configuration of a driver', () => {
    const { secrets, faults } = readDriverFile(CONFIG, 'files');
    expect(faults).toEqual([]);
    expect(secrets).toMatchObject([
      { kind: 'freenas-api-nfs', driver: null, parent: 'tank/k8s/nfs/vols', instanceId: 'prod' },
    ]);
  });

  test('may be the values of the chart, with its classes', () => {
    const file = readDriverFile(VALUES, 'files');
    expect(file.faults).toEqual([]);
    expect(file.secrets).toMatchObject([{ driver: 'org.democratic-csi.nfs' }]);
    expect(file.storageClasses).toMatchObject([
      { name: 'nas-nfs', provisioner: 'org.democratic-csi.nfs', parameterNames: ['fsType'] },
    ]);
    expect(file.snapshotClasses).toMatchObject([
      { name: 'nas-nfs-snap', driver: 'org.democratic-csi.nfs', detached: true },
    ]);
  });

  test('may be the values of a chart of one’s own, with several drivers', () => {
    const nested = VALUES.split('\n')
      .map((line) => (line === '' ? '' : `  ${line}`))
      .join('\n');
    const file = readDriverFile(`nfs:\n${nested}\niscsi:\n${nested}\nother: {a: 1}\n`, 'files');
    expect(file.secrets).toHaveLength(2);
    expect(file.faults).toEqual([]);
  });

  test('may be manifests', () => {
    const secret = `apiVersion: v1
kind: Secret
metadata: {name: config}
data:
  driver-config-file.yaml: ${Buffer.from(CONFIG).toString('base64')}
`;
    const storageClass = `apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: nas-nfs}
provisioner: org.democratic-csi.nfs
`;
    const other = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n';
    const file = readDriverFile([secret, storageClass, other].join('---\n'), 'files');
    expect(file.faults).toEqual([]);
    expect(file.secrets).toHaveLength(1);
    expect(file.storageClasses).toHaveLength(1);
  });

  test.each([
    ['key: [1-s3cret', 'is not YAML'],
    ['', 'holds neither'],
    ['a: 1-s3cret\n', 'holds neither'],
    ['apiVersion: v1\nkind: Pod\nmetadata: {name: s3cret}\n', 'holds neither'],
    ['driver: freenas-api-nfs\nkey: 1-s3cret\n', 'zfs.datasetParentName'],
    ['apiVersion: storage.k8s.io/v1\nkind: StorageClass\nkey: 1-s3cret\n', 'cannot be read'],
  ])('that is no such thing says so, and not what is in it', (text, fault) => {
    const { faults } = readDriverFile(text, 'files');
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(fault);
    expect(JSON.stringify(faults)).not.toContain('s3cret');
  });

  test('of a driver that makes nothing on a NAS has nothing to say', () => {
    const file = readDriverFile('driver: local-hostpath\n', 'files');
    expect(file).toEqual({ secrets: [], storageClasses: [], snapshotClasses: [], faults: [] });
  });
});
