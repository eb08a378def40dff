import { expect, test } from 'vitest';
import {
  findResourceType,
  refKey,
  RESOURCE_TYPES,
  subjectKey,
  TYPE_NAMES,
} from '../../../src/lib/core/model/resource-ref.ts';
import {
  refToClaim,
  refToDataset,
  refToExtent,
  refToNfsShare,
  refToSnapshot,
  refToVolume,
} from '../../../src/lib/core/model/subjects.ts';
import {
  aClaim,
  aDataset,
  anExtent,
  anNfsShare,
  aPv,
  aZfsSnapshot,
} from '../../support/builders.ts';

test.each([
  ['pv', 'PersistentVolume'],
  ['PVs', 'PersistentVolume'],
  ['pvc', 'PersistentVolumeClaim'],
  ['vsc', 'VolumeSnapshotContent'],
  ['snapshots', 'ZfsSnapshot'],
  ['PersistentVolumeClaims', 'PersistentVolumeClaim'],
  ['nfsshare', 'NfsShare'],
  ['zvols', 'Zvol'],
  ['pod', undefined],
  ['', undefined],
  ['constructor', undefined],
  ['__proto__', undefined],
])('the type called %s is %s', (text, expected) => {
  expect(findResourceType(text)).toBe(expected);
});

test('every name of a type is understood', () => {
  expect(new Set(TYPE_NAMES.map(findResourceType))).toEqual(new Set(RESOURCE_TYPES));
});

test('a subject is named by type, namespace and name, and by an id where the name is not enough', () => {
  expect([
    subjectKey(refToVolume(aPv({ name: 'a' }))),
    subjectKey(refToClaim(aClaim())),
    subjectKey(refToNfsShare(anNfsShare({ path: '/mnt/x' }))),
    subjectKey(refToExtent(anExtent({ name: 'e' }))),
    subjectKey(refToSnapshot(aZfsSnapshot({ dataset: 'd', name: 's' }))),
  ]).toEqual([
    'PersistentVolume//a',
    'PersistentVolumeClaim/media/library',
    'NfsShare///mnt/x/42',
    'IscsiExtent//e/19',
    'ZfsSnapshot//d@s',
  ]);
});

test('a zvol is not a dataset of the same path, nor one of another system', () => {
  const keys = [aDataset(), aDataset({ kind: 'volume' }), aDataset({ system: 'nas2' })].map(
    (dataset) => refKey(refToDataset(dataset)),
  );
  expect(new Set(keys).size).toBe(3);
});

test('a volume of one cluster is not that of another', () => {
  expect(refKey(refToVolume(aPv()))).not.toBe(refKey(refToVolume(aPv({ cluster: 'dev' }))));
});
