import { expect, test } from 'vitest';
import { type Inventory } from '../../../../src/lib/core/model/inventory.ts';
import { iscsiExtentDangling } from '../../../../src/lib/core/rules/orphans/iscsi-extent-dangling.ts';
import {
  aCluster,
  aDataset,
  aDriver,
  aFolder,
  aMapping,
  anExtent,
  anInventory,
  anIscsiPv,
  aPool,
  aPv,
  aSystem,
  aTarget,
  clusterWith,
  HANDLE,
  PARENT,
  systemWith,
  type SmallWorld,
} from '../../../support/builders.ts';
import {
  findingsOf,
  systemListsReadAgain,
  testRule,
  withoutList,
} from '../../../support/rule-tester.ts';

const name = `csi-${HANDLE}`;
const exported = {
  iscsiExtents: [anExtent()],
  iscsiTargets: [aTarget()],
  iscsiTargetExtents: [aMapping()],
};

const session = {
  system: 'nas1',
  initiator: 'iqn.node-1',
  target: `iqn.2005-10.org.freenas.ctl:${name}`,
};

/** The zvol is on another system. */
function beside(world: SmallWorld = {}): Inventory {
  const inventory = anInventory({ ...exported, ...world });
  const other = systemWith(
    { datasets: [aDataset({ system: 'nas2', kind: 'volume' })] },
    aSystem({ name: 'nas2', hostId: 'other' }),
  );
  return { ...inventory, systems: [...inventory.systems, other] };
}

testRule(iscsiExtentDangling, {
  safe: 'every',
  certain: {
    'an extent whose zvol is gone': [anInventory(exported), [name]],
    'an extent that is mapped to nothing': [anInventory({ iscsiExtents: [anExtent()] }), [name]],
    'an extent written as a device': [
      anInventory({ iscsiExtents: [anExtent({ path: `/dev/zvol/${PARENT}/${HANDLE}` })] }),
      [name],
    ],
    'an extent whose zvol is there on another system, where its driver does not work': [
      beside({ drivers: [aDriver({ system: 'nas1' })] }),
      [name],
    ],
    'an extent of which nobody is logged in, while somebody is to another target': [
      anInventory({ ...exported, iscsiSessions: [{ ...session, target: 'another' }] }),
      [name],
    ],
  },
  likely: {
    // It may be a replica with the settings of the system it stands in for, to which this zvol is yet to come.
    'an extent whose zvol is there on another system, and nothing says where the driver works': [
      beside(),
      [name],
      'owner-registered',
    ],
    'an extent below a parent that others may use too': [
      anInventory({ ...exported, drivers: [aDriver({ exclusive: false })] }),
      [name],
      'owner-registered',
    ],
    'a second cluster that shows not a single volume': [
      {
        ...anInventory(exported),
        clusters: [
          ...anInventory(exported).clusters,
          clusterWith({}, aCluster({ name: 'dev', uid: 'dev' })),
        ],
      },
      [name],
      'owner-registered',
    ],
    'an extent somebody is logged in to: its zvol was renamed': [
      anInventory({
        ...exported,
        datasets: [aFolder('tank/moved'), aDataset({ id: `tank/moved/${HANDLE}`, kind: 'volume' })],
        iscsiSessions: [session],
      }),
      [name],
      'no-iscsi-session',
    ],
    'sessions that may not be listed': [
      withoutList(anInventory(exported), 'iscsiSessions'),
      [name],
      'no-iscsi-session',
    ],
    'an extent of which a volume has the path for a handle, declared or not': [
      anInventory({
        ...exported,
        persistentVolumes: [
          aPv({
            source: {
              kind: 'csi',
              driver: 'csi.truenas.io',
              handle: `${PARENT}/${HANDLE}`,
              attributes: { protocol: 'iscsi' },
            },
          }),
        ],
      }),
      [name],
      'no-volume-refers',
    ],
    'an extent of which a volume names the target': [
      anInventory({ ...exported, persistentVolumes: [anIscsiPv()] }),
      [name],
      'no-volume-refers',
    ],
    'a target of another name and case that a volume names': [
      anInventory({
        iscsiExtents: [anExtent({ name: 'disk-1' })],
        iscsiTargets: [aTarget({ name: `CSI-${HANDLE}` })],
        iscsiTargetExtents: [aMapping()],
        persistentVolumes: [anIscsiPv()],
      }),
      ['disk-1'],
      'no-volume-refers',
    ],
    'a target with a colon in its name that a volume names': [
      anInventory({
        iscsiExtents: [anExtent({ name: 'disk-1' })],
        iscsiTargets: [aTarget({ name: 'rack:7' })],
        iscsiTargetExtents: [aMapping()],
        persistentVolumes: [
          anIscsiPv({
            source: { kind: 'iscsi', portal: 'nas1', iqn: 'iqn.2005-10.org.x:rack:7', lun: 0 },
          }),
        ],
      }),
      ['disk-1'],
      'no-volume-refers',
    ],
    'one of two targets it is mapped to that a volume names, a third being gone': [
      anInventory({
        iscsiExtents: [anExtent({ name: 'disk-1' })],
        iscsiTargets: [aTarget(), aTarget({ id: 20, name: 'second' })],
        iscsiTargetExtents: [
          aMapping({ id: 1, target: 99 }),
          aMapping({ id: 2 }),
          aMapping({ id: 3, target: 20 }),
        ],
        persistentVolumes: [anIscsiPv()],
      }),
      ['disk-1'],
      'no-volume-refers',
    ],
    ...Object.fromEntries(
      (['persistentVolumes', 'iscsiTargets', 'iscsiTargetExtents'] as const).map((list) => [
        `${list} that may not be listed`,
        [withoutList(anInventory(exported), list), [name], 'no-volume-refers'] as const,
      ]),
    ),
    'a parent that was only inferred': [
      anInventory({ ...exported, drivers: [] }),
      [name],
      'below-declared-parent',
    ],
    'the disk of a virtual machine that is gone': [
      anInventory({ iscsiExtents: [anExtent({ name: 'vm', path: 'zvol/tank/vms/vm' })] }),
      ['vm'],
      'below-declared-parent',
    ],
  },
  silent: {
    'an extent of a zvol that is there': anInventory({
      ...exported,
      datasets: [aDataset({ kind: 'volume' })],
    }),
    'a zvol whose path has a space': anInventory({
      iscsiExtents: [anExtent({ path: `zvol/${PARENT}/my+disk` })],
      datasets: [aDataset({ id: `${PARENT}/my disk`, kind: 'volume' })],
    }),
    'an extent of a snapshot, which is no dataset': anInventory({
      iscsiExtents: [anExtent({ path: `zvol/${PARENT}/${HANDLE}@before` })],
    }),
    'a file whose path looks like that of a zvol': anInventory({
      iscsiExtents: [anExtent({ type: 'FILE' })],
    }),
    'a file': anInventory({
      iscsiExtents: [anExtent({ type: 'FILE', path: `/mnt/${PARENT}/disk.img` })],
    }),
    'an extent of a locked zvol': anInventory({ iscsiExtents: [anExtent({ locked: true })] }),
    'an extent on a pool that is exported': anInventory({
      iscsiExtents: [anExtent()],
      pools: [aPool({ name: 'other' })],
    }),
    'an extent of a zvol that the API hides': anInventory({
      iscsiExtents: [anExtent({ path: `zvol/${PARENT}/.ix-virt/disk` })],
    }),
  },
});

test('outside every parent a dangling extent is no more than a remark', () => {
  const [finding] = findingsOf(
    iscsiExtentDangling,
    anInventory({ iscsiExtents: [anExtent({ path: 'zvol/tank/vms/vm' })] }),
  );
  expect(finding?.severity).toBe('info');
});

test('the mapping goes before the extent, and the target only after both', () => {
  const [finding] = findingsOf(iscsiExtentDangling, anInventory(exported));
  expect(finding?.remedy).toMatchObject({ action: 'delete-iscsi-extent', safe: true });
  expect(finding?.remedy.steps).toEqual([
    `Check that extent 19 is still ${name}: ids are used again.`,
    'Delete its mapping to the target, then the extent without the remove option.',
    'Delete the target if no other extent is mapped to it; leave portals, initiator groups and credentials alone.',
  ]);
});

test('the second read asks again who is logged in', () => {
  expect(systemListsReadAgain(iscsiExtentDangling, anInventory(exported))).toContain(
    'iscsiSessions',
  );
});
