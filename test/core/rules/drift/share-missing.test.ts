import { expect, test } from 'vitest';
import { type PersistentVolume } from '../../../../src/lib/core/model/kubernetes.ts';
import { shareMissing } from '../../../../src/lib/core/rules/drift/share-missing.ts';
import {
  aDataset,
  aMapping,
  aNamespace,
  anExtent,
  anInventory,
  anIscsiPv,
  anNfsShare,
  anSmbShare,
  aPool,
  aPv,
  aSubsystem,
  aTarget,
  HANDLE,
  JUST_NOW,
} from '../../../support/builders.ts';
import { checkOf, findingsOf, testRule, withoutList } from '../../../support/rule-tester.ts';

const nfs = { datasets: [aDataset()], persistentVolumes: [aPv()] };
/** A volume of the driver above, by its attributes. */
function pvWith(attributes: Readonly<Record<string, string>>): PersistentVolume {
  return aPv({
    source: { kind: 'csi', driver: 'org.democratic-csi.nfs', handle: HANDLE, attributes },
  });
}

const smb = {
  datasets: [aDataset()],
  persistentVolumes: [pvWith({ node_attach_driver: 'smb', share: HANDLE })],
};
const nvme = {
  datasets: [aDataset({ kind: 'volume' })],
  persistentVolumes: [
    pvWith({ node_attach_driver: 'nvmeof', nqn: `nqn.2011-06.com.truenas:uuid:1:${HANDLE}` }),
  ],
};
const iscsi = { datasets: [aDataset({ kind: 'volume' })], persistentVolumes: [anIscsiPv()] };

testRule(shareMissing, {
  safe: 'every',
  certain: {
    'an NFS volume that nothing shares': [anInventory(nfs), [HANDLE]],
    'an iSCSI volume without an extent': [anInventory(iscsi), [HANDLE]],
    'an extent that is mapped to no target': [
      anInventory({ ...iscsi, iscsiExtents: [anExtent()], iscsiTargets: [aTarget()] }),
      [HANDLE],
    ],
    'a target that serves another zvol': [
      anInventory({
        ...iscsi,
        iscsiExtents: [anExtent()],
        iscsiTargets: [aTarget({ name: 'csi-somebody-else' })],
        iscsiTargetExtents: [aMapping()],
      }),
      [HANDLE],
    ],
    'a share whose recorded id now belongs to another path': [
      anInventory({ ...nfs, nfsShares: [anNfsShare({ path: '/mnt/tank/office' })] }),
      [HANDLE],
    ],
    'an SMB volume that nothing shares': [anInventory(smb), [HANDLE]],
    'an SMB volume that is shared under another name': [
      anInventory({ ...smb, smbShares: [anSmbShare({ name: 'office' })] }),
      [HANDLE],
    ],
    'an NVMe-oF volume without a namespace': [
      anInventory({ ...nvme, nvmetSubsystems: [aSubsystem()] }),
      [HANDLE],
    ],
    'a namespace in another subsystem': [
      anInventory({
        ...nvme,
        nvmetNamespaces: [aNamespace({ subsystem: 'other', subsystemId: 6 })],
        nvmetSubsystems: [aSubsystem(), aSubsystem({ id: 6, name: 'other', nqn: 'nqn.x:other' })],
      }),
      [HANDLE],
    ],
    'a target whose name is but the end of the one the volume names': [
      anInventory({
        datasets: [aDataset({ kind: 'volume' })],
        persistentVolumes: [
          pvWith({ node_attach_driver: 'iscsi', iqn: 'iqn.2005-10.org.x:rack:7' }),
        ],
        iscsiExtents: [anExtent()],
        iscsiTargets: [aTarget({ name: '7' })],
        iscsiTargetExtents: [aMapping()],
      }),
      [HANDLE],
    ],
  },
  silent: {
    'an SMB share whose name is written in another case': anInventory({
      ...smb,
      smbShares: [anSmbShare({ name: HANDLE.toUpperCase() })],
    }),
    'an SMB volume that names no share, shared under any name': anInventory({
      ...smb,
      persistentVolumes: [pvWith({ protocol: 'smb' })],
      smbShares: [anSmbShare({ name: 'office' })],
    }),
    'an SMB volume while the shares cannot be read': withoutList(anInventory(smb), 'smbShares'),
    'an NVMe-oF volume that is served': anInventory({
      ...nvme,
      nvmetNamespaces: [aNamespace()],
      nvmetSubsystems: [aSubsystem()],
    }),
    'a subsystem whose NQN TrueNAS makes up from a base that was changed since': anInventory({
      ...nvme,
      nvmetNamespaces: [aNamespace()],
      nvmetSubsystems: [aSubsystem({ nqn: null })],
    }),
    'an NVMe-oF volume that names no subsystem, served by any': anInventory({
      ...nvme,
      persistentVolumes: [pvWith({ protocol: 'nvmeof' })],
      nvmetNamespaces: [aNamespace({ subsystem: 'other' })],
    }),
    'an NVMe-oF volume while the subsystems cannot be read': withoutList(
      anInventory(nvme),
      'nvmetSubsystems',
    ),
    'a volume whose driver makes its exports on the command line': anInventory({
      datasets: [aDataset()],
      persistentVolumes: [
        pvWith({ node_attach_driver: 'nfs', provisioner_driver: 'zfs-generic-nfs' }),
      ],
    }),
    'a volume that is shared': anInventory({ ...nfs, nfsShares: [anNfsShare()] }),
    'a volume that is shared where it is mounted': anInventory({
      datasets: [aDataset({ mountpoint: '/mnt/moved' })],
      persistentVolumes: [aPv()],
      nfsShares: [anNfsShare({ path: '/mnt/moved' })],
    }),
    'a target whose name is written in another case': anInventory({
      ...iscsi,
      iscsiExtents: [anExtent()],
      iscsiTargets: [aTarget({ name: `CSI-${HANDLE.toUpperCase()}` })],
      iscsiTargetExtents: [aMapping()],
    }),
    'a target that has a colon in its name': anInventory({
      datasets: [aDataset({ kind: 'volume' })],
      persistentVolumes: [
        aPv({
          source: {
            kind: 'csi',
            driver: 'org.democratic-csi.nfs',
            handle: HANDLE,
            attributes: { node_attach_driver: 'iscsi', iqn: 'iqn.2005-10.org.x:rack:7' },
          },
        }),
      ],
      iscsiExtents: [anExtent()],
      iscsiTargets: [aTarget({ name: 'rack:7' })],
      iscsiTargetExtents: [aMapping()],
    }),
    'a target whose name is a whole IQN': anInventory({
      ...iscsi,
      iscsiExtents: [anExtent()],
      iscsiTargets: [aTarget({ name: `iqn.2005-10.org.freenas.ctl:csi-${HANDLE}` })],
      iscsiTargetExtents: [aMapping()],
    }),
    'an iSCSI volume that names no target, served by any': anInventory({
      datasets: [aDataset({ kind: 'volume' })],
      persistentVolumes: [
        aPv({
          source: {
            kind: 'csi',
            driver: 'org.democratic-csi.nfs',
            handle: HANDLE,
            attributes: { protocol: 'iscsi' },
          },
        }),
      ],
      iscsiExtents: [anExtent()],
      iscsiTargets: [aTarget()],
      iscsiTargetExtents: [aMapping()],
    }),
    'a Released volume: a blocked delete takes the share first': anInventory({
      datasets: [aDataset()],
      persistentVolumes: [aPv({ phase: 'Released' })],
    }),
    'a volume of a protocol this rule does not judge': anInventory({
      datasets: [aDataset()],
      persistentVolumes: [
        aPv({
          source: {
            kind: 'csi',
            driver: 'org.democratic-csi.nfs',
            handle: HANDLE,
            attributes: { node_attach_driver: 'oneclient' },
          },
        }),
      ],
    }),
    'a static volume': anInventory({
      datasets: [aDataset()],
      persistentVolumes: [
        aPv({ source: { kind: 'nfs', server: 'nas1', path: `/mnt/tank/k8s/${HANDLE}` } }),
      ],
    }),
    'a volume without a dataset': anInventory({ persistentVolumes: [aPv()] }),
    'a volume younger than the threshold': anInventory({
      datasets: [aDataset()],
      persistentVolumes: [aPv({ createdAt: JUST_NOW })],
    }),
    'a volume that is just being deleted': anInventory({
      datasets: [aDataset()],
      persistentVolumes: [aPv({ deletedAt: JUST_NOW })],
    }),
    'a locked dataset': anInventory({
      datasets: [aDataset({ locked: true })],
      persistentVolumes: [aPv()],
    }),
    'a pool that is degraded': anInventory({ ...nfs, pools: [aPool({ status: 'DEGRADED' })] }),
  },
});

test('says what to make again, in the words of its protocol', () => {
  expect(findingsOf(shareMissing, anInventory(nfs))[0]?.remedy.steps[0]).toContain('NFS share');
  expect(findingsOf(shareMissing, anInventory(iscsi))[0]?.remedy.steps[0]).toContain('extent');
  expect(findingsOf(shareMissing, anInventory(smb))[0]?.remedy.steps[0]).toContain('SMB share');
  expect(findingsOf(shareMissing, anInventory(nvme))[0]?.remedy.steps[0]).toContain('subsystem');
});

test('names the mount point where there is one, else the dataset', () => {
  const stepOf = (world: typeof nfs, mountpoint: string | null) =>
    findingsOf(shareMissing, anInventory({ ...world, datasets: [aDataset({ mountpoint })] }))[0]
      ?.remedy.steps[0];
  const id = aDataset().id;
  for (const world of [nfs, smb]) {
    expect(stepOf(world, '/mnt/elsewhere')).toContain(' share of /mnt/elsewhere ');
    expect(stepOf(world, null)).toContain(` share of ${id} `);
  }
});

test('says which list could not be read', () => {
  const seen = (inventory: ReturnType<typeof anInventory>) =>
    checkOf(shareMissing, inventory, HANDLE, 'exports-read');
  expect(seen(anInventory(smb))).toEqual(['passed', 'read whole']);
  expect(seen(withoutList(anInventory(smb), 'smbShares'))).toEqual([
    'unknown',
    'the server said no',
  ]);
});
