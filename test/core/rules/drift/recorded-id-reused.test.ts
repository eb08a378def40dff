import { expect, test } from 'vitest';
import { type Inventory } from '../../../../src/lib/core/model/inventory.ts';
import { type DriverProperties } from '../../../../src/lib/core/model/truenas.ts';
import { recordedIdReused } from '../../../../src/lib/core/rules/drift/recorded-id-reused.ts';
import {
  aDataset,
  aMapping,
  aNamespace,
  anExtent,
  anInventory,
  anNfsShare,
  anSmbShare,
  aSubsystem,
  aTarget,
  finished,
  HANDLE,
  JUST_NOW,
  PARENT,
  type SmallWorld,
} from '../../../support/builders.ts';
import { checkOf, findingsOf, testRule } from '../../../support/rule-tester.ts';

const name = `${PARENT}/${HANDLE}`;
const filesystem = (over: Partial<DriverProperties>, world: SmallWorld = {}): Inventory =>
  anInventory({ datasets: [aDataset({ properties: finished(HANDLE, over) })], ...world });
const zvol = (over: Partial<DriverProperties>, world: SmallWorld = {}): Inventory =>
  anInventory({
    datasets: [aDataset({ kind: 'volume', properties: finished(HANDLE, over) })],
    ...world,
  });
const office = '/mnt/tank/office';

testRule(recordedIdReused, {
  safe: 'every',
  certain: {
    'an NFS share id that is the office’s now': [
      filesystem({ nfsShareId: '42' }, { nfsShares: [anNfsShare({ path: office })] }),
      [name],
    ],
    'an SMB share id that is the office’s now': [
      filesystem({ smbShareId: '7' }, { smbShares: [anSmbShare({ path: office })] }),
      [name],
    ],
    'target and extent ids of another disk': [
      zvol(
        { iscsiTargetId: '17', iscsiExtentId: '19' },
        {
          iscsiTargets: [aTarget({ name: 'vm' })],
          iscsiExtents: [anExtent({ name: 'vm', path: 'zvol/tank/vms/vm' })],
        },
      ),
      [name],
    ],
    'an extent id of a file': [
      zvol(
        { iscsiExtentId: '19' },
        { iscsiExtents: [anExtent({ name: 'vm', type: 'FILE', path: '/mnt/tank/vm.img' })] },
      ),
      [name],
    ],
    'subsystem and namespace ids of another disk': [
      zvol(
        { nvmetSubsystemId: '5', nvmetNamespaceId: '9' },
        {
          nvmetSubsystems: [aSubsystem({ name: 'vm' })],
          nvmetNamespaces: [aNamespace({ subsystem: 'vm', devicePath: 'zvol/tank/vms/vm' })],
        },
      ),
      [name],
    ],
  },
  likely: {
    'a parent that was only inferred': [
      {
        ...filesystem({ nfsShareId: '42' }, { nfsShares: [anNfsShare({ path: office })] }),
        drivers: [],
      },
      [name],
      'below-declared-parent',
    ],
  },
  silent: {
    'the share of the volume': filesystem({ nfsShareId: '42' }, { nfsShares: [anNfsShare()] }),
    'an id of nothing, as a blocked deletion leaves it': filesystem({
      nfsShareId: '42',
      smbShareId: '7',
    }),
    'ids of nothing on a zvol': zvol({
      iscsiTargetId: '17',
      iscsiExtentId: '19',
      nvmetSubsystemId: '5',
      nvmetNamespaceId: '9',
    }),
    'an id that is no number': filesystem(
      { nfsShareId: 'none' },
      { nfsShares: [anNfsShare({ path: office })] },
    ),
    'a share of the place the volume was moved from': filesystem(
      { nfsShareId: '42' },
      { nfsShares: [anNfsShare({ path: `/mnt/tank/before/${HANDLE}` })] },
    ),
    'a share of another mount point': anInventory({
      datasets: [
        aDataset({ mountpoint: '/mnt/moved', properties: finished(HANDLE, { nfsShareId: '42' }) }),
      ],
      nfsShares: [anNfsShare({ path: '/mnt/moved' })],
    }),
    'the target and the extent of the volume': zvol(
      { iscsiTargetId: '17', iscsiExtentId: '19' },
      { iscsiTargets: [aTarget()], iscsiExtents: [anExtent()] },
    ),
    'a target of another name that serves the zvol': zvol(
      { iscsiTargetId: '17' },
      {
        iscsiTargets: [aTarget({ name: 'by-hand' })],
        iscsiExtents: [anExtent()],
        iscsiTargetExtents: [aMapping()],
      },
    ),
    'an extent of the volume’s name on another zvol, which is another finding': zvol(
      { iscsiExtentId: '19' },
      { iscsiExtents: [anExtent({ path: 'zvol/tank/k8s/pvc-other' })] },
    ),
    'a subsystem of another name that serves the zvol': zvol(
      { nvmetSubsystemId: '5', nvmetNamespaceId: '9' },
      {
        nvmetSubsystems: [aSubsystem({ name: 'by-hand' })],
        nvmetNamespaces: [aNamespace({ subsystem: 'by-hand' })],
      },
    ),
    'a child of a volume, which shows its ids': anInventory({
      datasets: [
        aDataset({ properties: finished(HANDLE, { nfsShareId: '42' }) }),
        aDataset({ id: `${name}/sub`, properties: finished(HANDLE, { nfsShareId: '42' }) }),
      ],
      nfsShares: [anNfsShare()],
    }),
    'a replica elsewhere, which carries the ids of its source': anInventory({
      datasets: [
        aDataset({
          id: `tank/backup/${HANDLE}`,
          properties: finished(HANDLE, { nfsShareId: '42' }),
        }),
      ],
      nfsShares: [anNfsShare({ path: office })],
    }),
    'a volume that was just made': anInventory({
      datasets: [
        aDataset({ createdAt: JUST_NOW, properties: finished(HANDLE, { nfsShareId: '42' }) }),
      ],
      nfsShares: [anNfsShare({ path: office })],
    }),
  },
});

test('says whose the id is, and to delete nothing by it', () => {
  const [finding] = findingsOf(
    recordedIdReused,
    filesystem({ nfsShareId: '42' }, { nfsShares: [anNfsShare({ path: office })] }),
  );
  expect(finding?.reason).toContain('NFS share 42 exports /mnt/tank/office');
  expect(finding?.remedy.action).toBe('repair-properties');
  expect(finding?.remedy.steps.at(-1)).toContain('Delete nothing');
});

test('says which id is whose, and that every id is its own where it is', () => {
  const seen = (path: string) =>
    checkOf(
      recordedIdReused,
      filesystem({ nfsShareId: '42' }, { nfsShares: [anNfsShare({ path })] }),
      name,
      'id-of-another',
    );
  expect(seen(office)).toEqual(['passed', `NFS share 42 exports ${office}`]);
  expect(seen(`/mnt/${name}`)).toEqual(['failed', 'every recorded id is its own, or of nothing']);
});
