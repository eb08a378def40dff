import { expect, test } from 'vitest';
import { correlate } from '../../../src/lib/core/correlate/correlate.ts';
import { type PersistentVolume } from '../../../src/lib/core/model/kubernetes.ts';
import { DEFAULT_POLICY } from '../../../src/lib/core/model/policy.ts';
import { aDataset, aDriver, anInventory, aPv, HANDLE } from '../../support/builders.ts';

const first = aPv();
const second = aPv({ name: 'restored', source: first.source });

function sharersOf(pv: PersistentVolume, world: Parameters<typeof anInventory>[0]): string[] {
  const { volumeLinks } = correlate(anInventory(world), DEFAULT_POLICY).derived;
  return volumeLinks
    .backed([pv])
    .flatMap((backed) => volumeLinks.sharersOf(backed))
    .map(({ cluster, name }) => `${cluster}/${name}`);
}

test('volumes whose handle leads to one dataset share it, whichever cluster they are in', () => {
  const elsewhere = aPv({ cluster: 'dev', name: 'third', source: first.source });
  const world = { datasets: [aDataset()], persistentVolumes: [first, second, elsewhere] };
  expect(sharersOf(first, world)).toEqual(['prod/restored', 'dev/third']);
  expect(sharersOf(elsewhere, world)).toEqual([`prod/${HANDLE}`, 'prod/restored']);
});

test('a volume alone with its dataset shares it with nobody', () => {
  const world = { datasets: [aDataset()], persistentVolumes: [first] };
  expect(sharersOf(first, world)).toEqual([]);
});

test('one handle without a dataset is shared within a cluster, and not across', () => {
  const elsewhere = aPv({ cluster: 'dev', name: 'third', source: first.source });
  const world = { persistentVolumes: [first, second, elsewhere] };
  expect(sharersOf(first, world)).toEqual(['prod/restored']);
  expect(sharersOf(elsewhere, world)).toEqual([]);
});

test('one short handle of two drivers is two volumes', () => {
  const other = aPv({
    name: 'other',
    source: { kind: 'csi', driver: 'second.csi', handle: HANDLE, attributes: {} },
  });
  const world = { drivers: [aDriver()], persistentVolumes: [first, other] };
  expect(sharersOf(first, world)).toEqual([]);
});

test('static volumes of one path share no handle', () => {
  const source = { kind: 'nfs', server: 'nas', path: '/mnt/tank/media' } as const;
  const one = aPv({ name: 'one', source });
  expect(sharersOf(one, { persistentVolumes: [one, aPv({ name: 'two', source })] })).toEqual([]);
});
