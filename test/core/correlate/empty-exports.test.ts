import { expect, test } from 'vitest';
import { correlate } from '../../../src/lib/core/correlate/correlate.ts';
import { type Inventory } from '../../../src/lib/core/model/inventory.ts';
import { type PersistentVolume } from '../../../src/lib/core/model/kubernetes.ts';
import { DEFAULT_POLICY } from '../../../src/lib/core/model/policy.ts';
import {
  aDataset,
  aMapping,
  anExtent,
  anInventory,
  anIscsiPv,
  anNfsShare,
  aPv,
  aTarget,
  clusterWith,
  PARENT,
  systemWith,
} from '../../support/builders.ts';

type World = NonNullable<Parameters<typeof anInventory>[0]>;

/** Lists of TrueNAS that are not taken at their word, each with what is said of it. */
function mistrusted(world: World): Record<string, string> {
  const inventory: Inventory = {
    ...anInventory(),
    clusters: [clusterWith(world)],
    systems: [systemWith(world)],
  };
  const { statuses } = correlate(inventory, DEFAULT_POLICY);
  return Object.fromEntries(
    statuses.flatMap(({ name, coverage }) =>
      coverage.state === 'complete' || !('reason' in coverage) ? [] : [[name, coverage.reason]],
    ),
  );
}

const names = ['a', 'b', 'c'];
const datasets = names.map((name) => aDataset({ id: `${PARENT}/${name}` }));
const said =
  'the list is empty, yet 3 bound PersistentVolumes are mounted through it: a key without the right to see it?';

const volumes = (make: (over: Partial<PersistentVolume>) => PersistentVolume, few = names) =>
  few.map((name) => make({ name }));

test('no NFS share at all, though three bound volumes are mounted by one, was not seen', () => {
  expect(mistrusted({ datasets, persistentVolumes: volumes(aPv) })).toEqual({ nfsShares: said });
});

test('two may have lost theirs, and one share shows that shares can be seen', () => {
  expect(mistrusted({ datasets, persistentVolumes: volumes(aPv, ['a', 'b']) })).toEqual({});
  expect(
    mistrusted({ datasets, persistentVolumes: volumes(aPv), nfsShares: [anNfsShare()] }),
  ).toEqual({});
});

test('volumes that nobody mounts, or whose data is gone as well, say nothing of shares', () => {
  const released = volumes((over) => aPv({ ...over, phase: 'Released' }));
  expect(mistrusted({ datasets, persistentVolumes: released })).toEqual({});
  const elsewhere = mistrusted({ datasets: [aDataset()], persistentVolumes: volumes(aPv) });
  expect(elsewhere['nfsShares']).toBeUndefined();
});

test('of iSCSI each list that is empty, and none that is not', () => {
  const zvols = datasets.map((each) => ({ ...each, kind: 'volume' as const, mountpoint: null }));
  const world = { datasets: zvols, persistentVolumes: volumes(anIscsiPv) };
  expect(Object.keys(mistrusted(world)).sort()).toEqual([
    'iscsiExtents',
    'iscsiTargetExtents',
    'iscsiTargets',
  ]);
  const known = { iscsiTargets: [aTarget()], iscsiTargetExtents: [aMapping()] };
  expect(mistrusted({ ...world, ...known })).toEqual({ iscsiExtents: said });
  expect(mistrusted({ ...world, ...known, iscsiExtents: [anExtent()] })).toEqual({});
});

test.each([
  ['smb', 'smbShares', { share: 'x' }],
  ['nvmeof', 'nvmetNamespaces', { nqn: 'nqn.2011-06.com.truenas:uuid:1:x' }],
])('volumes over %s miss %s', (protocol, list, names_) => {
  const attributes = { ...names_, node_attach_driver: protocol };
  const persistentVolumes = names.map((handle) => {
    const driver = 'org.democratic-csi.nfs';
    return aPv({ name: handle, source: { kind: 'csi', driver, handle, attributes } });
  });
  expect(mistrusted({ datasets, persistentVolumes })[list]).toBe(said);
});

test('what zfs-generic exports no list of TrueNAS shows', () => {
  const persistentVolumes = names.map((handle) => {
    const driver = 'org.democratic-csi.nfs';
    const attributes = { node_attach_driver: 'iscsi', provisioner_driver: 'zfs-generic-iscsi' };
    return aPv({ name: handle, source: { kind: 'csi', driver, handle, attributes } });
  });
  expect(mistrusted({ datasets, persistentVolumes })).toEqual({});
});
