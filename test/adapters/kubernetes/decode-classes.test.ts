import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeStorageClass } from '../../../src/lib/adapters/kubernetes/decode-classes.ts';
import { type JsonRecord } from '../../../src/lib/adapters/kubernetes/json.ts';

const metadata = { name: 'a', uid: 'u', creationTimestamp: '2026-11-01T00:00:00Z' };

function recordedClasses(): readonly JsonRecord[] {
  const url = new URL('../../fixtures/real-chain/k8s-storageclasses.json', import.meta.url);
  return (JSON.parse(readFileSync(url, 'utf8')) as { items: JsonRecord[] }).items;
}

function aClass(members: object, annotations: object = {}) {
  return decodeStorageClass(
    { metadata: { ...metadata, annotations }, provisioner: 'x', ...members },
    'prod',
  );
}

describe('decodeStorageClass', () => {
  it('reads the classes of the recorded chain', () => {
    const [item] = recordedClasses();
    expect(decodeStorageClass(item ?? {}, 'prod')).toMatchObject({
      provisioner: item?.['provisioner'],
      reclaimPolicy: item?.['reclaimPolicy'],
    });
  });

  it('knows the defaults of Kubernetes', () => {
    expect(aClass({})).toMatchObject({
      bindingMode: 'Immediate',
      reclaimPolicy: 'Delete',
      allowsExpansion: false,
      isDefault: false,
      parameters: {},
      parameterNames: [],
      mountOptions: [],
    });
  });

  it('knows a class that waits for a pod', () => {
    expect(aClass({ volumeBindingMode: 'WaitForFirstConsumer' })).toMatchObject({
      bindingMode: 'WaitForFirstConsumer',
    });
  });

  it('knows a class whose volumes may grow', () => {
    expect(aClass({ allowVolumeExpansion: true })).toMatchObject({ allowsExpansion: true });
  });

  it.each([
    [{ 'storageclass.kubernetes.io/is-default-class': 'true' }, true],
    [{ 'storageclass.beta.kubernetes.io/is-default-class': 'true' }, true],
    [{ 'storageclass.kubernetes.io/is-default-class': 'false' }, false],
    [{ 'storageclass.kubernetes.io/is-default-class': 'yes' }, false],
  ])('with %j is the default: %s', (annotations, isDefault) => {
    expect(aClass({}, annotations)).toMatchObject({ isDefault });
  });

  it('keeps the names of all parameters, and the values of harmless ones', () => {
    const parameters = {
      fsType: 'ext4',
      'csi.storage.k8s.io/fstype': 'xfs',
      'csi.storage.k8s.io/node-stage-secret-name': 'chap',
      'csi.storage.k8s.io/node-stage-secret-namespace': 'democratic-csi',
      detachedVolumesFromSnapshots: 'true',
      'democratic-csi.org/prod/detachedVolumesFromVolumes': 'false',
      'iscsi.chapPassword': 'PLANTED',
      compression: 'LZ4',
      datasetPath: 'k8s/vols',
      comment: 'PLANTED',
      fsTypo: 'PLANTED',
    };
    const decoded = aClass({ parameters });
    expect(decoded?.parameterNames).toEqual(Object.keys(parameters));
    expect(decoded?.parameters).toEqual({
      fsType: 'ext4',
      'csi.storage.k8s.io/fstype': 'xfs',
      'csi.storage.k8s.io/node-stage-secret-name': 'chap',
      'csi.storage.k8s.io/node-stage-secret-namespace': 'democratic-csi',
      detachedVolumesFromSnapshots: 'true',
      'democratic-csi.org/prod/detachedVolumesFromVolumes': 'false',
      compression: 'LZ4',
      datasetPath: 'k8s/vols',
    });
    expect(JSON.stringify(decoded)).not.toContain('PLANTED');
  });

  it('keeps mount options, but no accounts or passwords', () => {
    const mountOptions = [
      'noatime',
      'nfsvers=4.2, hard',
      'username=PLANTED',
      'vers=3.0,password=PLANTED,PLANTED-too',
      'credentials=/etc/PLANTED',
      7,
      '',
    ];
    expect(aClass({ mountOptions })).toMatchObject({
      mountOptions: [
        'noatime',
        'nfsvers=4.2',
        'hard',
        'username',
        'vers=3.0',
        'password',
        'credentials',
      ],
    });
  });

  it.each([[{ metadata }], [{ provisioner: 'x' }]])('cannot read %j', (item) => {
    expect(decodeStorageClass(item, 'prod')).toBeUndefined();
  });
});
