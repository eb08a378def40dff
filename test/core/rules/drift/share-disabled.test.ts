import { expect, test } from 'vitest';
import { partial } from '../../../../src/lib/core/model/coverage.ts';
import { type Inventory, type SystemSource } from '../../../../src/lib/core/model/inventory.ts';
import { shareDisabled } from '../../../../src/lib/core/rules/drift/share-disabled.ts';
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
  PARENT,
  properties,
  type SmallWorld,
} from '../../../support/builders.ts';
import { checkOf, findingsOf, testRule } from '../../../support/rule-tester.ts';

const path = `/mnt/${PARENT}/${HANDLE}`;
const off = anNfsShare({ enabled: false });
const nfs = (world: SmallWorld = {}): Inventory =>
  anInventory({
    datasets: [aDataset()],
    persistentVolumes: [aPv()],
    nfsShares: [off],
    ...world,
  });
const pvWith = (attributes: Readonly<Record<string, string>>, name = HANDLE) =>
  aPv({
    name,
    source: { kind: 'csi', driver: 'org.democratic-csi.nfs', handle: name, attributes },
  });
const smb = (world: SmallWorld = {}): Inventory =>
  anInventory({
    datasets: [aDataset()],
    persistentVolumes: [pvWith({ node_attach_driver: 'smb', share: HANDLE })],
    smbShares: [anSmbShare({ enabled: false })],
    ...world,
  });
const iscsi = (world: SmallWorld = {}): Inventory =>
  anInventory({
    datasets: [aDataset({ kind: 'volume' })],
    persistentVolumes: [anIscsiPv()],
    iscsiExtents: [anExtent()],
    iscsiTargets: [aTarget()],
    iscsiTargetExtents: [aMapping()],
    ...world,
  });
const nvme = (world: SmallWorld = {}): Inventory =>
  anInventory({
    datasets: [aDataset({ kind: 'volume' })],
    persistentVolumes: [pvWith({ node_attach_driver: 'nvmeof', nqn: `nqn.x:${HANDLE}` })],
    nvmetNamespaces: [aNamespace()],
    nvmetSubsystems: [aSubsystem()],
    ...world,
  });

/** The same world, in which a list was not read to its end. */
function withoutAll(inventory: Inventory, source: SystemSource): Inventory {
  return {
    ...inventory,
    systems: inventory.systems.map((system) => ({
      ...system,
      lists: {
        ...system.lists,
        [source]: { ...system.lists[source], coverage: partial('one row could not be read') },
      },
    })),
  };
}

testRule(shareDisabled, {
  safe: 'every',
  certain: {
    'a disabled NFS share': [nfs(), [path]],
    'a disabled NFS share that a static volume mounts': [
      nfs({
        persistentVolumes: [
          aPv({ name: 'by-hand', source: { kind: 'nfs', server: 'nas1', path: `${path}/sub` } }),
        ],
      }),
      [path],
    ],
    'a disabled NFS share that a volume of another driver mounts': [
      nfs({
        persistentVolumes: [
          aPv({
            name: 'by-hand',
            source: {
              kind: 'csi',
              driver: 'nfs.csi.k8s.io',
              handle: 'x',
              attributes: { server: 'nas1', share: path },
            },
          }),
        ],
      }),
      [path],
    ],
    'a disabled SMB share': [smb(), [HANDLE]],
    'a disabled SMB share beside one of another name': [
      smb({
        smbShares: [anSmbShare({ enabled: false }), anSmbShare({ id: 8, name: 'office' })],
      }),
      [HANDLE],
    ],
    'a disabled extent': [
      iscsi({ iscsiExtents: [anExtent({ enabled: false })] }),
      [`csi-${HANDLE}`],
    ],
    'a target without a group': [
      iscsi({ iscsiTargets: [aTarget({ groups: [] })] }),
      [`csi-${HANDLE}`],
    ],
    'a disabled namespace': [
      nvme({ nvmetNamespaces: [aNamespace({ enabled: false })] }),
      [`zvol/${PARENT}/${HANDLE}`],
    ],
    'a subsystem without a port': [
      nvme({ nvmetSubsystems: [aSubsystem({ ports: [] })] }),
      [HANDLE],
    ],
  },
  likely: {
    'a disabled office share that a static volume mounts': [
      nfs({
        datasets: [aDataset({ id: 'tank/office', properties: properties() })],
        nfsShares: [anNfsShare({ path: '/mnt/tank/office', enabled: false })],
        persistentVolumes: [
          aPv({
            name: 'by-hand',
            source: { kind: 'nfs', server: 'nas1', path: '/mnt/tank/office' },
          }),
        ],
      }),
      ['/mnt/tank/office'],
      'below-declared-parent',
    ],
    ...Object.fromEntries(
      (['nvmetNamespaces', 'nvmetSubsystems'] as const).map((source) => [
        `a disabled namespace while ${source} has gaps`,
        [
          withoutAll(nvme({ nvmetNamespaces: [aNamespace({ enabled: false })] }), source),
          [`zvol/${PARENT}/${HANDLE}`],
          'no-other-export',
        ] as const,
      ]),
    ),
    'a disabled SMB share while the list of shares has gaps': [
      withoutAll(smb(), 'smbShares'),
      [HANDLE],
      'no-other-export',
    ],
  },
  silent: {
    'shares and targets that are on': nfs({ nfsShares: [anNfsShare()] }),
    'an extent and a target that are on': iscsi(),
    'a namespace and a subsystem that are on': nvme(),
    'a disabled share beside one that is on': nfs({ nfsShares: [off, anNfsShare({ id: 43 })] }),
    'a disabled extent beside one that serves the volume': iscsi({
      iscsiExtents: [anExtent({ enabled: false, name: 'old' }), anExtent({ id: 20 })],
      iscsiTargetExtents: [aMapping(), aMapping({ id: 30, extent: 20 })],
    }),
    'a disabled NFS share of a volume that is mounted over SMB': smb({
      nfsShares: [off],
      smbShares: [anSmbShare()],
    }),
    'a disabled SMB share of a dataset that a static volume mounts over NFS': smb({
      persistentVolumes: [aPv({ name: 'by-hand', source: { kind: 'nfs', server: 'nas1', path } })],
      nfsShares: [anNfsShare()],
    }),
    'a disabled namespace of a zvol that a static volume mounts over iSCSI': nvme({
      persistentVolumes: [
        aPv({
          name: 'by-hand',
          source: {
            kind: 'iscsi',
            portal: 'nas1:3260',
            iqn: `iqn.2005-10.org.x:csi-${HANDLE}`,
            lun: 0,
          },
        }),
      ],
      nvmetNamespaces: [aNamespace({ enabled: false })],
      iscsiExtents: [anExtent()],
      iscsiTargets: [aTarget()],
      iscsiTargetExtents: [aMapping()],
    }),
    'a Released volume': nfs({ persistentVolumes: [aPv({ phase: 'Released' })] }),
    'a dataset nobody claims': nfs({ persistentVolumes: [] }),
    'an office share that is off': anInventory({
      nfsShares: [anNfsShare({ path: '/mnt/tank/office', enabled: false })],
    }),
    'a disabled file': iscsi({
      iscsiExtents: [anExtent({ type: 'FILE', path: '/mnt/tank/vm.img', enabled: false })],
    }),
    'a dataset in quarantine': nfs({
      datasets: [
        aDataset({
          marks: { quarantined: `${PARENT}/${HANDLE};2026-10-01T00:00:00Z;p1`, ignore: null },
        }),
      ],
    }),
    'a volume that was just bound': nfs({ persistentVolumes: [aPv({ phaseSince: JUST_NOW })] }),
    'a locked dataset': nfs({ datasets: [aDataset({ locked: true })] }),
    'a pool that is degraded': nfs({ pools: [aPool({ status: 'DEGRADED' })] }),
  },
});

test('names the claim that cannot be mounted, and asks before it switches anything on', () => {
  const [finding] = findingsOf(shareDisabled, nfs());
  expect(finding?.kubernetesReference).toBe('media/library');
  expect(finding?.reason).toBe(`share 42 is disabled, and PersistentVolume ${HANDLE} is bound`);
  expect(finding?.remedy.steps[0]).toContain('on purpose');
  expect(finding?.remedy.steps[1]).toBe(`Enable NFS share 42 of ${path}.`);
});

test('says who is cut off, of which class and which claim', () => {
  const seen = (inventory: Inventory) => checkOf(shareDisabled, inventory, path, 'volume-cut-off');
  expect(seen(nfs())).toEqual(['passed', `PersistentVolume ${HANDLE} is bound`]);
  expect(seen(nfs({ persistentVolumes: [] }))).toEqual([
    'failed',
    'no bound PersistentVolume is mounted through it alone',
  ]);
  const found = (over: Parameters<typeof aPv>[0]) =>
    findingsOf(shareDisabled, nfs({ persistentVolumes: [aPv(over)] }))[0];
  expect(found({})?.storageClass).toBe('nas-nfs');
  expect(found({ claim: null })?.kubernetesReference).toBeNull();
});
