import { expect, test } from 'vitest';
import { indexDatasets } from '../../../src/lib/core/correlate/dataset-index.ts';
import { aDataset, aFolder, finished, HANDLE, PARENT, properties } from '../../support/builders.ts';

const volume = aDataset();
const inheriting = aDataset({ id: `${volume.id}/child`, properties: finished(HANDLE) });

test('a name is carried by the dataset it was set on, and not by those that inherit it', () => {
  const index = indexDatasets([aFolder(PARENT), volume, inheriting]);
  expect(index.byVolumeName(HANDLE)).toEqual([volume]);
  expect(index.byVolumeName('pvc-other')).toEqual([]);
  expect(index.ownsVolumeName(volume)).toBe(true);
  expect(index.ownsVolumeName(inheriting)).toBe(false);
  expect(index.ownsVolumeName(aDataset({ properties: properties() }))).toBe(false);
});

test('a mount path leads to the dataset there, or else to the nearest above it', () => {
  const index = indexDatasets([aFolder('tank'), volume]);
  const holding = (path: string) =>
    index.holding(path).map(({ dataset, exact }) => [dataset.id, exact]);
  expect(holding(`/mnt/${volume.id}`)).toEqual([[volume.id, true]]);
  expect(holding(`mnt/${volume.id}/`)).toEqual([[volume.id, true]]);
  expect(holding(`/mnt/${volume.id}/sub/dir`)).toEqual([[volume.id, false]]);
  expect(holding('/mnt/tank/gone')).toEqual([['tank', false]]);
  expect(holding('/srv/tank')).toEqual([]);
  expect(holding('/')).toEqual([]);
});

test('a mount path in other capitals leads nowhere, unless they do not count', () => {
  const twin = aFolder(`tank/${PARENT}`);
  const shout = aFolder(`tank/${PARENT.toUpperCase()}`);
  const index = indexDatasets([aFolder('tank'), twin, shout]);
  const holding = (path: string, anyCase: boolean) =>
    index.holding(path, anyCase).map(({ dataset, exact }) => [dataset.id, exact]);
  const path = `/mnt/TANK/${PARENT}/sub`;
  expect(holding(path, false)).toEqual([]);
  expect(holding(path, true)).toEqual([
    [twin.id, false],
    [shout.id, false],
  ]);
});

test('a mount path leads to every dataset there, on every system: a replica may keep its own', () => {
  const mountpoint = '/mnt/tank/media';
  const datasets = [
    aFolder('tank/media'),
    aFolder('backup/media', { mountpoint }),
    aFolder('tank/media', { system: 'nas2' }),
    aDataset({ id: 'tank/zvol', kind: 'volume' }),
  ];
  const found = indexDatasets(datasets).holding(`${mountpoint}/sub`);
  expect(found.map(({ dataset, exact }) => [dataset.system, dataset.id, exact])).toEqual([
    ['nas1', 'tank/media', false],
    ['nas1', 'backup/media', false],
    ['nas2', 'tank/media', false],
  ]);
});

test('the datasets right below another are known by id, on its own system', () => {
  const index = indexDatasets([
    aFolder(PARENT),
    volume,
    inheriting,
    aFolder(`${PARENT}/far`, { system: 'nas2' }),
  ]);
  expect(index.childrenOf(aFolder(PARENT))).toEqual([volume.id]);
  expect(index.childrenOf(inheriting)).toEqual([]);
});

test('a volume below a parent is found by its handle, whether or not its name leads to it', () => {
  const parent = { system: 'nas1', path: PARENT };
  const hashed = aDataset({ id: `${PARENT}/8479`, properties: finished('pvc-a') });
  const deep = aDataset({ id: `${PARENT}/team/pvc-b`, properties: finished('pvc-b') });
  const other = aDataset({ id: `tank/other/${HANDLE}` });
  const index = indexDatasets([aFolder(PARENT), volume, hashed, deep, other]);
  expect(index.volumeBelow(parent, HANDLE, index.byVolumeName(HANDLE))).toBe(volume);
  expect(index.volumeBelow(parent, HANDLE, index.byVolumeName('renamed'))).toBe(volume);
  expect(index.volumeBelow(parent, '8479', index.byVolumeName('pvc-a'))).toBe(hashed);
  // The name leads elsewhere, and the handle does not lead there.
  expect(index.volumeBelow(parent, 'pvc-b', index.byVolumeName('pvc-b'))).toBeUndefined();
  expect(index.volumeBelow(parent, `${PARENT}/team/pvc-b`, index.byVolumeName('pvc-b'))).toBe(deep);
  expect(
    index.volumeBelow(parent, `tank/other/${HANDLE}`, index.byVolumeName(HANDLE)),
  ).toBeUndefined();
  expect(
    index.volumeBelow({ ...parent, system: 'nas2' }, HANDLE, index.byVolumeName(HANDLE)),
  ).toBeUndefined();
});
