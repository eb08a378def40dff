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

/** Aliases of aliases. */
const BOMB = `a: &a [s3cret,s3cret,s3cret,s3cret,s3cret,s3cret,s3cret,s3cret,s3cret]
${['b', 'c', 'd', 'e', 'f', 'g', 'h']
  .map((name, index) => {
    const before = 'abcdefg'.charAt(index);
    return `${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(',')}]`;
  })
  .join('\n')}
`;

describe('a driver file', () => {
  test('may be the configuration of a driver', () => {
    const { secrets, faults } = readDriverFile(CONFIG, 'files', 'values.yaml');
    expect(faults).toEqual([]);
    expect(secrets).toMatchObject([
      {
        kind: 'freenas-api-nfs',
        name: 'values.yaml',
        parent: 'tank/k8s/nfs/vols',
        instanceId: 'prod',
      },
    ]);
  });

  test('may be the values of the chart, with its classes', () => {
    const file = readDriverFile(VALUES, 'files', 'values.yaml');
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
    const file = readDriverFile(
      `nfs:\n${nested}\niscsi:\n${nested}\nother: {a: 1}\n`,
      'files',
      'values.yaml',
    );
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
    const file = readDriverFile(
      [secret, storageClass, other].join('---\n'),
      'files',
      'values.yaml',
    );
    expect(file.faults).toEqual([]);
    expect(file.secrets).toHaveLength(1);
    expect(file.storageClasses).toHaveLength(1);
  });

  test.each([
    ['key: [1-s3cret', 'is not YAML at line 1, column '],
    ['key: *s3cret', 'is not there'],
    [BOMB, 'has too many aliases'],
    [`key: 1-s3cret${' '.repeat(1_048_576)}`, 'is larger than 1 MiB'],
    ['', 'holds neither'],
    ['a: 1-s3cret\n', 'holds neither'],
    ['apiVersion: v1\nkind: Pod\nmetadata: {name: s3cret}\n', 'holds neither'],
    ['driver: freenas-api-nfs\nkey: 1-s3cret\n', 'zfs.datasetParentName'],
    ['apiVersion: storage.k8s.io/v1\nkind: StorageClass\nkey: 1-s3cret\n', 'cannot be read'],
  ])('that is no such thing says so, and not what is in it', (text, fault) => {
    const { faults } = readDriverFile(text, 'files', 'values.yaml');
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(fault);
    expect(JSON.stringify(faults)).not.toContain('s3cret');
  });

  test('of several documents is read as far as it can be', () => {
    const text = `driver: freenas-api-nfs\nkey: "1-s3cret\n---\n${CONFIG}---\nfoo: bar\n`;
    const { secrets, faults } = readDriverFile(text, 'files', 'values.yaml');
    expect(secrets).toMatchObject([{ name: 'values.yaml (document 2)' }]);
    expect(faults).toEqual([
      expect.stringMatching(/^is not YAML at line 3, column \d+ \(document 1\)$/),
    ]);
  });

  test('says in which line of the file it is broken', () => {
    const text = `---\n# first\n---\n${CONFIG}---\nkey: [1-s3cret\n`;
    const { secrets, faults } = readDriverFile(text, 'files', 'values.yaml');
    expect(secrets).toHaveLength(1);
    expect(faults).toEqual([expect.stringMatching(/^is not YAML at line 17, column \d+ \(/)]);
  });

  test.each([`---\n${CONFIG}`, `# x\n---\n${CONFIG}---\n`, `${CONFIG}\n...\n`, `---\r\n${CONFIG}`])(
    'of one document goes by its path alone: %j',
    (text) => {
      const { secrets, faults } = readDriverFile(text, 'files', 'values.yaml');
      expect(faults).toEqual([]);
      expect(secrets.map(({ name }) => name)).toEqual(['values.yaml']);
    },
  );

  test('names what it holds several of by document, by chart, or as manifests do', () => {
    const nested = VALUES.split('\n')
      .map((line) => (line === '' ? '' : `  ${line}`))
      .join('\n');
    const secret = (name: string): string =>
      `apiVersion: v1\nkind: Secret\nmetadata: {name: ${name}, namespace: nas}\nstringData:\n  driver-config-file.yaml: |\n${indented(4)}`;
    const text = [CONFIG, `nfs:\n${nested}\nsmb:\n${nested}`, secret('a'), secret('b')].join(
      '---\n',
    );
    const { secrets } = readDriverFile(text, 'files', 'v.yaml');
    expect(secrets.map(({ namespace, name }) => [namespace, name])).toEqual([
      ['', 'v.yaml (document 1)'],
      ['', 'v.yaml (document 2) (nfs)'],
      ['', 'v.yaml (document 2) (smb)'],
      ['nas', 'a'],
      ['nas', 'b'],
    ]);
  });

  test('with a class that cannot be read says so', () => {
    const text = VALUES.replace('  - name: nas-nfs\n', '  - nam: nas-nfs\n');
    const { faults, secrets } = readDriverFile(text, 'files', 'v.yaml');
    expect(faults).toEqual(['has a StorageClass that cannot be read']);
    expect(secrets).toHaveLength(1);
  });

  test('of a driver that makes nothing on a NAS has nothing to say', () => {
    const file = readDriverFile('driver: local-hostpath\n', 'files', 'values.yaml');
    expect(file).toEqual({ secrets: [], storageClasses: [], snapshotClasses: [], faults: [] });
  });
});
