import { describe, expect, test } from 'vitest';
import { NO_DRIVER_SETTINGS } from '../../../../src/lib/core/model/driver-settings.ts';
import { type Inventory } from '../../../../src/lib/core/model/inventory.ts';
import {
  refToExtent,
  refToNamespace,
  refToNfsShare,
  refToSmbShare,
  refToSubsystem,
  refToTarget,
  refToVolume,
} from '../../../../src/lib/core/model/subjects.ts';
import {
  aDataset,
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
  PARENT,
  type SmallWorld,
} from '../../../support/builders.ts';
import { findingOf, planFor, reasonOf } from '../../../support/plan-builders.ts';

const place = { system: 'nas1', path: `${PARENT}/${HANDLE}` };
const path = `/mnt/${place.path}`;

describe('enable-share', () => {
  test.each([
    ['nfs-share', refToNfsShare(anNfsShare()), { nfsShares: [anNfsShare({ enabled: false })] }],
    ['smb-share', refToSmbShare(anSmbShare()), { smbShares: [anSmbShare({ enabled: false })] }],
    ['iscsi-extent', refToExtent(anExtent()), { iscsiExtents: [anExtent({ enabled: false })] }],
    [
      'nvmet-namespace',
      refToNamespace(aNamespace()),
      { nvmetNamespaces: [aNamespace({ enabled: false })] },
    ],
  ])('switches %s on', (kind, subject, world) => {
    const plan = planFor(anInventory(world), [findingOf('enable-share', subject)]);
    expect(plan.steps.map(({ change }) => change)).toEqual([
      expect.objectContaining({ type: 'set-enabled', kind, enabled: true }),
    ]);
    expect(plan.items[0]?.intent).toBe('repair');
  });

  test('is not planned of what is on, nor of what is open', () => {
    const on = anInventory({ nfsShares: [anNfsShare()] });
    const finding = findingOf('enable-share', refToNfsShare(anNfsShare()));
    expect(reasonOf(planFor(on, [finding]))).toBe('it is enabled already');
    const target = findingOf('enable-share', refToTarget(aTarget()), { place });
    const world = anInventory({ iscsiTargets: [aTarget()], datasets: [aDataset()] });
    expect(reasonOf(planFor(world, [target]))).toBe('it has a group already');
  });

  test('gives a target no groups that nobody names', () => {
    const closed = aTarget({ groups: [] });
    const finding = findingOf('enable-share', refToTarget(closed), { place });
    const world = anInventory({ iscsiTargets: [closed], datasets: [aDataset()] });
    expect(reasonOf(planFor(world, [finding]))).toMatch(/^through which portal/);
  });

  test('shows a subsystem on no port that nobody names, nor on one of several', () => {
    const closed = aSubsystem({ ports: [] });
    const finding = findingOf('enable-share', refToSubsystem(closed), { place });
    const zvol = aDataset({ kind: 'volume' });
    const alone = anInventory({ nvmetSubsystems: [closed], datasets: [zvol] });
    expect(reasonOf(planFor(alone, [finding]))).toMatch(/^on which port it is shown is not known/);
    const beside = aDataset({ id: `${PARENT}/pvc-2`, kind: 'volume' });
    const twoPorts = anInventory({
      nvmetSubsystems: [closed, aSubsystem({ id: 6, name: 'pvc-2', ports: [1, 2] })],
      nvmetNamespaces: [aNamespace({ devicePath: `zvol/${beside.id}`, subsystemId: 6 })],
      datasets: [zvol, beside],
    });
    expect(reasonOf(planFor(twoPorts, [finding]))).toMatch(/^its neighbours are on several ports/);
  });
});

describe('restore-share by NFS', () => {
  const volume = aPv();
  const finding = findingOf('restore-share', refToVolume(volume), { place });
  const dataset = aDataset();
  /** Without the share of the volume that is always there beside it. */
  const world = (over: SmallWorld = {}, beside = true): Inventory => {
    const all = anInventory({ persistentVolumes: [volume], datasets: [dataset], ...over });
    if (beside) return all;
    const systems = all.systems.map((system) => ({
      ...system,
      lists: {
        ...system.lists,
        nfsShares: { coverage: { state: 'complete' } as const, items: [] },
      },
    }));
    return { ...all, systems };
  };
  const secret = (over: Partial<typeof NO_DRIVER_SETTINGS>) =>
    aDriverSecret({ parent: PARENT, settings: { ...NO_DRIVER_SETTINGS, ...over } });
  const fieldsOf = (inventory: Inventory) =>
    planFor(inventory, [finding]).steps.map(({ change }) =>
      change.type === 'create-object' ? change.fields : change.type,
    );

  test('shares it as the configuration of its driver says', () => {
    const userMapping = { ...NO_DRIVER_SETTINGS.userMapping, maprootUser: 'root' };
    const driverSecrets = [secret({ allowedNetworks: ['10.0.0.0/8'], userMapping })];
    expect(fieldsOf(world({ driverSecrets }, false))).toEqual([
      expect.objectContaining({
        path,
        networks: ['10.0.0.0/8'],
        hosts: [],
        enabled: true,
        maproot_user: 'root',
        comment: `democratic-csi (org.democratic-csi.nfs): ${place.path}`,
      }),
    ]);
  });

  test('else as its neighbours are shared', () => {
    const neighbour = aDataset({ id: `${PARENT}/pvc-2` });
    const nfsShares = [anNfsShare({ id: 5, path: `/mnt/${neighbour.id}`, comment: neighbour.id })];
    expect(fieldsOf(world({ datasets: [dataset, neighbour], nfsShares }))).toEqual([
      expect.objectContaining({ networks: [], hosts: [] }),
    ]);
  });

  test('is left to people where the neighbours differ, or there are none', () => {
    const neighbour = aDataset({ id: `${PARENT}/pvc-2` });
    const nfsShares = [anNfsShare({ id: 5, path: `/mnt/${neighbour.id}`, hosts: ['a'] })];
    const differing = world({ datasets: [dataset, neighbour], nfsShares });
    expect(reasonOf(planFor(differing, [finding]))).toMatch(/^who may mount it is not known/);
    expect(reasonOf(planFor(world({}, false), [finding]))).toMatch(
      /^who may mount it is not known/,
    );
  });

  test('never exports to everybody because a configuration names nobody that can be read', () => {
    const driverSecrets = [secret({})];
    expect(reasonOf(planFor(world({ driverSecrets }, false), [finding]))).toMatch(
      /^who may mount it is not known/,
    );
  });

  test('is left to people where the volume mounts another path', () => {
    const moved = world({ datasets: [aDataset({ mountpoint: '/mnt/elsewhere' })] });
    expect(reasonOf(planFor(moved, [finding]))).toMatch(/^its PersistentVolume mounts /);
  });
});

describe('restore-share by iSCSI', () => {
  const volume = anIscsiPv();
  const zvol = aDataset({ kind: 'volume' });
  const finding = findingOf('restore-share', refToVolume(volume), { place });
  const settings = { ...NO_DRIVER_SETTINGS, targetGroups: [A_GROUP] };
  const driver = volume.source.kind === 'csi' ? volume.source.driver : null;
  const known: SmallWorld = {
    persistentVolumes: [volume],
    datasets: [zvol],
    driverSecrets: [aDriverSecret({ parent: PARENT, driver, settings })],
  };
  const kinds = (world: SmallWorld) =>
    planFor(anInventory(world), [finding]).steps.map(({ change }) =>
      'kind' in change ? change.kind : change.type,
    );

  test('makes extent, target and mapping, in this order, through the portal of its driver', () => {
    const { steps } = planFor(anInventory(known), [finding]);
    expect(steps.map(({ change }) => change)).toMatchObject([
      { kind: 'iscsi-extent', fields: { disk: `zvol/${place.path}`, type: 'DISK' } },
      {
        kind: 'iscsi-target',
        fields: { groups: [{ portal: 1, initiator: null, auth: null, authmethod: 'NONE' }] },
      },
      { kind: 'iscsi-mapping', fields: { lunid: 0 } },
    ]);
    expect(steps.every(({ before }) => before[0]?.identity === null)).toBe(true);
  });

  test('maps an extent that is there, as its finding may say too', () => {
    const extent = anExtent();
    const world = { ...known, iscsiExtents: [extent], iscsiTargets: [aTarget()] };
    expect(kinds(world)).toContain('iscsi-mapping');
    expect(kinds(world)).not.toContain('iscsi-extent');
    const unmapped = findingOf('restore-share', refToExtent(extent), { place });
    expect(planFor(anInventory(world), [unmapped]).items).toHaveLength(1);
  });

  test('makes one repair of two findings about one share', () => {
    const extent = anExtent();
    const world = { ...known, iscsiExtents: [extent], iscsiTargets: [aTarget()] };
    const unmapped = findingOf('restore-share', refToExtent(extent), {
      place,
      id: 'ffffffffffffffff',
    });
    const plan = planFor(anInventory(world), [finding, unmapped]);
    expect(plan.items).toHaveLength(1);
    expect(plan.left_out[0]?.reason).toMatch(/is about the same and comes first/);
  });

  test.each<[string, SmallWorld, RegExp]>([
    ['its portal is not known', { ...known, driverSecrets: [] }, /^through which portal/],
    [
      'its extent is served as another target',
      { ...known, iscsiExtents: [anExtent()], iscsiTargetExtents: [aMapping()] },
      /is mapped to another target$/,
    ],
    [
      'the name of its extent is taken',
      {
        ...known,
        iscsiExtents: [anExtent({ name: anExtent().name, path: 'zvol/tank/other' })],
      },
      /^there is an extent /,
    ],
  ])('is left to people where %s', (_, world, reason) => {
    expect(reasonOf(planFor(anInventory(world), [finding]))).toMatch(reason);
  });
});
