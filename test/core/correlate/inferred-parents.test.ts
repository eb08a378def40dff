import { expect, test } from 'vitest';
import { indexDatasets } from '../../../src/lib/core/correlate/dataset-index.ts';
import { inferredParentsOf } from '../../../src/lib/core/correlate/inferred-parents.ts';
import { type PersistentVolume } from '../../../src/lib/core/model/kubernetes.ts';
import { aDataset, aFolder, aPv, finished, HANDLE } from '../../support/builders.ts';

function parentsOf(
  pv: PersistentVolume,
  datasets: readonly ReturnType<typeof aDataset>[],
  systems: readonly string[] = ['nas1'],
): string[] {
  return inferredParentsOf(pv, systems, indexDatasets(datasets)).map(
    ({ system, path }) => `${system} ${path}`,
  );
}

const naming = (attributes: Readonly<Record<string, string>>, handle = HANDLE) =>
  aPv({ name: HANDLE, source: { kind: 'csi', driver: 'my.csi', handle, attributes } });
const folders = ['tank', 'tank/k8s', 'tank/other'].map((id) => aFolder(id));

test('a share speaks for the dataset above it, be the volume itself gone', () => {
  const pv = naming({ share: `/mnt/tank/k8s/${HANDLE}` });
  expect(parentsOf(pv, folders)).toEqual(['nas1 tank/k8s']);
  expect(parentsOf(pv, [...folders, aFolder('tank/k8s', { system: 'nas2' })])).toEqual([
    'nas1 tank/k8s',
    'nas2 tank/k8s',
  ]);
});

test('a share that does not end in the handle, or lies outside the pools, speaks for nothing', () => {
  expect(parentsOf(naming({ share: '/mnt/tank/k8s/media' }), folders)).toEqual([]);
  expect(parentsOf(naming({ share: `/export/tank/k8s/${HANDLE}` }), folders)).toEqual([]);
  expect(parentsOf(naming({ share: `/mnt/${HANDLE}` }), folders)).toEqual([]);
});

test('a share of a parent that is not there speaks for nothing: it may be another NAS', () => {
  expect(parentsOf(naming({ share: `/mnt/tank/gone/${HANDLE}` }), folders)).toEqual([]);
});

test('a dataset that carries the name of the volume speaks for the one above it', () => {
  const volume = aDataset({ id: `tank/k8s/${HANDLE}`, properties: finished(HANDLE) });
  expect(parentsOf(naming({}), [...folders, volume])).toEqual(['nas1 tank/k8s']);
});

test('a dataset of that name that was moved and renamed speaks for nothing', () => {
  const moved = aDataset({ id: 'tank/other/moved', properties: finished(HANDLE) });
  expect(parentsOf(naming({}), [...folders, moved])).toEqual([]);
});

test('a handle that is a path speaks for the dataset above it, on every system that has that', () => {
  const pv = naming({ share: `/mnt/tank/other/${HANDLE}` }, `tank/k8s/${HANDLE}`);
  const both = [...folders, aFolder('tank/k8s', { system: 'nas2' })];
  expect(parentsOf(pv, both, ['nas1', 'nas2', 'nas3'])).toEqual(['nas1 tank/k8s', 'nas2 tank/k8s']);
});

test('a volume not of CSI speaks for nothing', () => {
  const source = { kind: 'nfs', server: 'nas1', path: `/mnt/tank/k8s/${HANDLE}` } as const;
  expect(parentsOf(aPv({ source }), folders)).toEqual([]);
});
