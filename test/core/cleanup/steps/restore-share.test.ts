import { describe, expect, test } from 'vitest';
import { type Inventory } from '../../../../src/lib/core/model/inventory.ts';
import { NO_DRIVER_SETTINGS } from '../../../../src/lib/core/model/driver-settings.ts';
import { refToExtent, refToVolume } from '../../../../src/lib/core/model/subjects.ts';
import {
  aDataset,
  aDriver,
  aDriverSecret,
  aMapping,
  aNamespace,
  anExtent,
  anInventory,
  anIscsiPv,
  anNfsShare,
  anSmbShare,
  aPv,
  aSubsystem,
  aTarget,
  A_GROUP,
  HANDLE,
  NOW,
  PARENT,
  type SmallWorld,
} from '../../../support/builders.ts';
import { findingOf, planFor, reasonOf } from '../../../support/plan-builders.ts';

const place = { system: 'nas1', path: `${PARENT}/${HANDLE}` };
const path = `/mnt/${place.path}`;
const csi = (attributes: Readonly<Record<string, string>>, driver = 'org.democratic-csi.nfs') =>
  aPv({ source: { kind: 'csi', driver, handle: HANDLE, attributes } });
const finding = findingOf('restore-share', refToVolume(aPv()), { place });
const reasonIn = (world: SmallWorld) => reasonOf(planFor(anInventory(world), [finding]));
const changesIn = (world: Inventory) => planFor(world, [finding]).steps.map(({ change }) => change);

describe('restore-share', () => {
  const datasets = [aDataset()];

  test('is not planned of a volume whose dataset is not known, or on a system nobody looked at', () => {
    const world = anInventory({ persistentVolumes: [aPv()], datasets });
    for (const nowhere of [null, { ...place, system: 'nas2' }]) {
      const plan = planFor(world, [{ ...finding, place: nowhere }]);
      expect(reasonOf(plan)).toBe('it was not seen in this scan');
    }
  });

  test.each<[string, SmallWorld, string]>([
    [
      'its volume is gone',
      { persistentVolumes: [] },
      'which PersistentVolume it is for is not known',
    ],
    [
      'its volume is going',
      { persistentVolumes: [aPv({ deletedAt: NOW })] },
      'its PersistentVolume is being deleted',
    ],
    [
      'its volume says no protocol',
      { persistentVolumes: [csi({ share: path })] },
      'by what protocol it is mounted is not known',
    ],
    [
      'its volume was written by hand, without a driver',
      { persistentVolumes: [aPv({ source: { kind: 'nfs', server: 'nas1.example', path } })] },
      'by what protocol it is mounted is not known',
    ],
    [
      'its volume does not say its share',
      { persistentVolumes: [csi({ protocol: 'nfs' })] },
      `its PersistentVolume mounts what it does not say, and ${place.path} is mounted at ${path}`,
    ],
    [
      'its dataset is not mounted',
      { persistentVolumes: [aPv()], datasets: [aDataset({ mountpoint: null })] },
      `its PersistentVolume mounts ${path}, and ${place.path} is mounted at no place`,
    ],
  ])('is left to people where %s', (_, world, reason) => {
    expect(reasonIn({ datasets, ...world })).toBe(reason);
  });

  test('is left to people of a zvol that several volumes stand for', () => {
    const extent = anExtent();
    const unmapped = findingOf('restore-share', refToExtent(extent), { place });
    const world = anInventory({
      persistentVolumes: [anIscsiPv(), { ...anIscsiPv(), name: 'pvc-copy' }],
      datasets: [aDataset({ kind: 'volume' })],
      iscsiExtents: [extent],
    });
    expect(reasonOf(planFor(world, [unmapped]))).toBe(
      'which PersistentVolume it is for is not known',
    );
  });
});

describe('restore-share by NFS', () => {
  const neighbour = aDataset({ id: `${PARENT}/pvc-2` });
  const shared = { nfsShares: [anNfsShare({ id: 5, path: `/mnt/${neighbour.id}` })] };

  test('shares a volume of csi.truenas.io, which names its path in its own way', () => {
    const attributes = { protocol: 'nfs', nfsServer: '10.10.0.5', nfsPath: path };
    const volume = csi(attributes, 'csi.truenas.io');
    const world = anInventory({
      persistentVolumes: [volume],
      datasets: [aDataset(), neighbour],
      drivers: [aDriver(), aDriver({ driver: 'csi.truenas.io' })],
      ...shared,
    });
    expect(changesIn(world)).toMatchObject([
      { kind: 'nfs-share', fields: { path, comment: `CSI volume ${place.path}` } },
    ]);
  });

  test('writes the comment of no other driver on what tns-csi shares', () => {
    const volume = csi({ protocol: 'nfs', share: path, server: '10.10.0.5' }, 'tns.csi.io');
    const world = anInventory({
      persistentVolumes: [volume],
      datasets: [aDataset(), neighbour],
      drivers: [aDriver(), aDriver({ driver: 'tns.csi.io' })],
      ...shared,
    });
    expect(changesIn(world)).toMatchObject([{ fields: { comment: `tns.csi.io: ${place.path}` } }]);
  });

  const admitting = (over: Parameters<typeof aDriverSecret>[0]) =>
    aDriverSecret({
      parent: PARENT,
      settings: { ...NO_DRIVER_SETTINGS, allowedHosts: ['worker-1'] },
      ...over,
    });

  test.each([
    ['names no parent', [admitting({ parent: null })]],
    ['is of another driver', [admitting({ driver: 'another' })]],
    ['is one of two', [admitting({}), admitting({ name: 'second' })]],
  ])('shares as its neighbours are where the configuration of a driver %s', (_, driverSecrets) => {
    const datasets = [aDataset(), neighbour];
    const world = anInventory({ persistentVolumes: [aPv()], datasets, driverSecrets, ...shared });
    expect(changesIn(world)).toMatchObject([{ fields: { hosts: [] } }]);
  });

  test('shares as its neighbours are where no configuration could be read', () => {
    const world = anInventory({ persistentVolumes: [aPv()], datasets: [aDataset(), neighbour] });
    const clusters = world.clusters.map(({ lists, ...cluster }) => ({
      ...cluster,
      lists: Object.fromEntries(Object.entries(lists).filter(([list]) => list !== 'driverSecrets')),
    }));
    expect(changesIn({ ...world, clusters })).toMatchObject([{ fields: { hosts: [] } }]);
  });
});

describe('restore-share by SMB', () => {
  const volume = csi({ node_attach_driver: 'smb', share: HANDLE });
  const neighbour = aDataset({ id: `${PARENT}/pvc-2` });
  const shareBeside = anSmbShare({
    name: 'pvc-2',
    path: `/mnt/${neighbour.id}`,
    readonly: true,
    settings: '{"purpose":"DEFAULT_SHARE","browsable":false}',
  });
  const world: SmallWorld = {
    persistentVolumes: [volume],
    datasets: [aDataset(), neighbour],
    smbShares: [shareBeside],
  };

  test('shares it under its name, with all that its neighbours are set to', () => {
    const [step] = planFor(anInventory(world), [finding]).steps;
    expect(step?.change).toMatchObject({
      kind: 'smb-share',
      fields: {
        name: HANDLE,
        path,
        purpose: 'DEFAULT_SHARE',
        browsable: false,
        readonly: true,
        enabled: true,
        comment: `democratic-csi (org.democratic-csi.nfs): ${place.path}`,
      },
    });
    expect(step?.before).toMatchObject([{ target: { where: { name: HANDLE } }, identity: null }]);
  });

  test.each<[string, SmallWorld, RegExp]>([
    [
      'its volume does not say its share',
      { persistentVolumes: [csi({ node_attach_driver: 'smb' })] },
      /^its PersistentVolume does not say its share$/,
    ],
    [
      'its dataset is not mounted',
      { datasets: [aDataset({ mountpoint: null }), neighbour] },
      /is not mounted$/,
    ],
    [
      'it is shared under another name',
      { smbShares: [anSmbShare({ id: 8, name: 'photos' }), shareBeside] },
      /^it is shared under another name, photos$/,
    ],
    [
      'its name is taken, in whatever letters',
      { smbShares: [{ ...shareBeside, name: HANDLE.toUpperCase() }] },
      /^there is an SMB share PVC-.*, of \/mnt\/tank\/k8s\/pvc-2$/,
    ],
    ['its neighbours are not shared', { smbShares: [] }, /^how it is shared is not known/],
    [
      'its neighbours differ',
      {
        datasets: [aDataset(), neighbour, aDataset({ id: `${PARENT}/pvc-3` })],
        smbShares: [
          shareBeside,
          { ...shareBeside, id: 9, path: `/mnt/${PARENT}/pvc-3`, readonly: false },
        ],
      },
      /^how it is shared is not known/,
    ],
  ])('is left to people where %s', (_, over, reason) => {
    expect(reasonIn({ ...world, ...over })).toMatch(reason);
  });
});

describe('restore-share by iSCSI', () => {
  const iscsi = (attributes: Readonly<Record<string, string>>) =>
    csi({ node_attach_driver: 'iscsi', ...attributes });
  const source = anIscsiPv().source;
  const iqn = source.kind === 'csi' ? (source.attributes['iqn'] ?? '') : '';
  const settings = { ...NO_DRIVER_SETTINGS, targetGroups: [A_GROUP] };
  const world: SmallWorld = {
    persistentVolumes: [iscsi({ iqn, lun: '4' })],
    datasets: [aDataset({ kind: 'volume' })],
    driverSecrets: [aDriverSecret({ parent: PARENT, settings })],
  };

  test.each([
    [{ lun: '4' }, 4],
    [{ lun: 'four' }, 0],
    [{}, 0],
  ])('serves it as the LUN its volume says, or as 0: %j', (attributes, lunid) => {
    const persistentVolumes = [iscsi({ iqn, ...attributes })];
    const changes = changesIn(anInventory({ ...world, persistentVolumes }));
    expect(changes.at(-1)).toMatchObject({ kind: 'iscsi-mapping', fields: { lunid } });
  });

  test('calls the extent of a volume of csi.truenas.io after as much of its path as TrueNAS takes', () => {
    const path = `${PARENT}/${'deep/'.repeat(6)}${HANDLE}`;
    const volume = csi({ protocol: 'iscsi', iqn, targetIQN: iqn }, 'csi.truenas.io');
    const deep = anInventory({
      persistentVolumes: [volume],
      datasets: [aDataset({ id: path, kind: 'volume' })],
      iscsiTargets: [aTarget()],
    });
    const { steps } = planFor(deep, [{ ...finding, place: { ...place, path } }]);
    expect(steps[0]?.change).toMatchObject({ fields: { name: path.slice(0, 64) } });
  });

  test('maps it to a target that is there, whether or not anybody says through which portal', () => {
    const target = aTarget();
    const over = { iscsiTargets: [target], iscsiExtents: [anExtent()], driverSecrets: [] };
    const { steps } = planFor(anInventory({ ...world, ...over }), [finding]);
    expect(steps.map(({ change }) => change)).toMatchObject([{ kind: 'iscsi-mapping' }]);
    expect(steps[0]?.before.slice(1)).toMatchObject([
      { target: { kind: 'iscsi-target', where: { id: 17 } }, identity: { name: target.name } },
      { target: { kind: 'iscsi-extent', where: { id: 19 } }, identity: { path: anExtent().path } },
    ]);
  });

  test.each<[string, SmallWorld, RegExp]>([
    ['its dataset is a filesystem', { datasets: [aDataset()] }, /is no zvol$/],
    [
      'its volume does not say its target',
      { persistentVolumes: [iscsi({})] },
      /^its PersistentVolume does not say its target$/,
    ],
    [
      'its name is longer than TrueNAS takes',
      { persistentVolumes: [iscsi({ iqn: `iqn.2005-10.org.freenas.ctl:${'n'.repeat(65)}` })] },
      /^TrueNAS takes no extent name as long as nnn/,
    ],
    [
      'its zvol has several extents',
      { iscsiExtents: [anExtent(), anExtent({ id: 20, name: 'second' })] },
      /^its zvol has several extents$/,
    ],
    [
      'its LUN is another zvol by now',
      {
        iscsiTargets: [aTarget()],
        iscsiExtents: [anExtent({ id: 20, name: 'other', path: 'zvol/tank/other' })],
        iscsiTargetExtents: [aMapping({ extent: 20, lun: 4 })],
      },
      /^target .* serves something else as LUN 4$/,
    ],
    [
      'an NVMe-oF subsystem serves its zvol',
      {
        nvmetSubsystems: [aSubsystem({ name: 'rescue' })],
        nvmetNamespaces: [aNamespace({ subsystem: 'rescue' })],
      },
      /^NVMe-oF subsystem rescue serves its zvol$/,
    ],
  ])('is left to people where %s', (_, over, reason) => {
    expect(reasonIn({ ...world, ...over })).toMatch(reason);
  });

  test('maps beside what its target serves as another LUN', () => {
    const over: SmallWorld = {
      iscsiTargets: [aTarget()],
      iscsiExtents: [anExtent({ id: 20, name: 'other', path: 'zvol/tank/other' })],
      iscsiTargetExtents: [aMapping({ extent: 20, lun: 0 })],
    };
    expect(changesIn(anInventory({ ...world, ...over })).at(-1)).toMatchObject({
      fields: { lunid: 4 },
    });
  });
});
