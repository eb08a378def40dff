import { describe, expect, it } from 'vitest';
import { listed, notApplicable, partial, unlisted } from '../../../src/lib/core/model/coverage.ts';
import { correlate } from '../../../src/lib/core/correlate/correlate.ts';
import { findObjects } from '../../../src/lib/core/explain/find-object.ts';
import { sceneOf } from '../../../src/lib/core/explain/scene.ts';
import { withSnapshotDetails } from '../../../src/lib/core/explain/snapshot-details.ts';
import { DEFAULT_POLICY } from '../../../src/lib/core/model/policy.ts';
import { type Inventory, type ListSource } from '../../../src/lib/core/model/inventory.ts';
import {
  aClaim,
  aContent,
  aDataset,
  aFolder,
  aMapping,
  aNamespace,
  anAttachment,
  anExtent,
  anInitiator,
  anInventory,
  anIscsiPv,
  anNfsShare,
  anSmbShare,
  aPod,
  aPool,
  aPv,
  aReplicationTask,
  aSnapshotClass,
  aStorageClass,
  aSubsystem,
  aTarget,
  aVolumeSnapshot,
  aZfsSnapshot,
  HANDLE,
  PARENT,
  SNAPSHOT_UID,
} from '../../support/builders.ts';
import { chainOf, nodeOf, outline } from '../../support/explaining.ts';
import { withoutList } from '../../support/rule-tester.ts';

const PATH = `${PARENT}/${HANDLE}`;

function without(inventory: Inventory, ...lists: readonly ListSource[]): Inventory {
  return lists.reduce(withoutList, inventory);
}

describe('a hole', () => {
  const lost = anInventory({
    persistentVolumes: [aPv()],
    persistentVolumeClaims: [aClaim()],
    nfsShares: [anNfsShare()],
    volumeSnapshotContents: [aContent()],
    volumeSnapshots: [aVolumeSnapshot()],
  });

  it('stands for the dataset of a volume, with what is left around it', async () => {
    const chain = await chainOf(lost, `pv/${HANDLE}`);
    expect(outline(chain.roots)).toEqual([
      'claim: PersistentVolumeClaim media/library',
      '  !pod: no pod uses it',
      '  !workload: nothing that makes pods names it',
      `  volume: PersistentVolume ${HANDLE}`,
      `    handle: CSI volume handle ${HANDLE}`,
      `      !dataset: no dataset ${PATH}, where its driver would look`,
      `        share: NfsShare /mnt/${PATH}`,
      `        !snapshot: no snapshot ${PATH}@snapshot-${SNAPSHOT_UID}`,
      `          content: VolumeSnapshotContent snapcontent-${SNAPSHOT_UID}`,
      '            volume-snapshot: VolumeSnapshot media/weekly',
    ]);
  });

  it.each([
    [`nfsshare//mnt/${PATH}`],
    [`dataset/${PATH}`],
    [`zfssnapshot/${PATH}@snapshot-${SNAPSHOT_UID}`],
    ['vs/media/weekly'],
    ['pvc/media/library'],
  ])('is on the way from %s as well', async (words) => {
    const chain = await chainOf(lost, words);
    expect(nodeOf(chain, 'dataset')).toMatchObject({ state: 'absent', name: PATH });
    expect(chain.roots).toHaveLength(1);
  });

  it('is never called missing where its list was not read whole', async () => {
    const blind = without(lost, 'datasets', 'pods', 'cronJobs', 'zfsSnapshots');
    const lines = outline((await chainOf(blind, `pv/${HANDLE}`)).roots).map((line) => line.trim());
    expect(lines.filter((line) => line.startsWith('!'))).toEqual([]);
    expect(lines.filter((line) => line.startsWith('?')).length).toBeGreaterThan(3);
    expect(lines.join('\n')).toContain('?pod: cannot be told, not read whole: ');
  });

  it('is not called missing on a pool that is away', async () => {
    const offline = anInventory({
      persistentVolumes: [aPv()],
      pools: [aPool({ status: 'FAULTED' })],
    });
    expect(nodeOf(await chainOf(offline, `pv/${HANDLE}`), 'dataset')).toMatchObject({
      state: 'unknown',
      message: 'cannot be told, not read whole: pool tank is FAULTED',
    });
    const nfs = anInventory({ nfsShares: [anNfsShare()], pools: [aPool({ status: 'FAULTED' })] });
    expect(nodeOf(await chainOf(nfs, `nfsshare//mnt/${PATH}`), 'dataset').state).toBe('unknown');
  });

  it('says why nothing tells where a volume lies', async () => {
    const inventory = anInventory({
      persistentVolumes: [
        aPv({ source: { kind: 'csi', driver: 'ebs', handle: 'vol-1', attributes: {} } }),
      ],
      persistentVolumeClaims: [aClaim({ uid: 'another' })],
    });
    const chain = await chainOf(inventory, `pv/${HANDLE}`);
    expect(outline(chain.roots)).toEqual([
      '!claim: the claim it was bound to is gone; media/library is another one',
      `  volume: PersistentVolume ${HANDLE}`,
      '    handle: CSI volume handle vol-1',
      '      ?dataset: cannot be told: no parent of driver ebs holds vol-1',
    ]);
    const other = anInventory({
      persistentVolumes: [aPv({ source: { kind: 'other', type: 'hostPath' } })],
    });
    expect(outline((await chainOf(other, `pv/${HANDLE}`)).roots).slice(2)).toEqual([
      '    handle: volume hostPath',
      '      ?dataset: cannot be told: not a CSI volume',
    ]);
  });

  it('stands for the volume of a claim that is lost, or not bound yet', async () => {
    const inventory = anInventory({
      persistentVolumeClaims: [
        aClaim({ phase: 'Lost' }),
        aClaim({
          name: 'new',
          uid: 'new',
          phase: 'Pending',
          volumeName: null,
          unused: true,
          resizing: true,
        }),
      ],
    });
    expect(nodeOf(await chainOf(inventory, 'pvc/media/library'), 'volume')).toMatchObject({
      state: 'absent',
      message: `no volume ${HANDLE}`,
    });
    expect(nodeOf(await chainOf(inventory, 'pvc/media/new'), 'volume')).toMatchObject({
      state: 'absent',
      message: 'not bound to a volume yet',
    });
  });

  it('stands for exports that a volume should have, by its kind', async () => {
    const nfs = anInventory({ persistentVolumes: [aPv()], datasets: [aDataset()] });
    const block = anInventory({
      persistentVolumes: [anIscsiPv()],
      datasets: [aDataset({ kind: 'volume' })],
    });
    const words = `pv/${HANDLE}`;
    expect(nodeOf(await chainOf(nfs, words), 'share')).toMatchObject({
      state: 'absent',
      message: 'nothing exports it',
    });
    expect(nodeOf(await chainOf(without(nfs, 'smbShares'), words), 'share').state).toBe('unknown');
    expect(nodeOf(await chainOf(without(nfs, 'nvmetNamespaces'), words), 'share').state).toBe(
      'absent',
    );
    expect(nodeOf(await chainOf(without(block, 'nvmetNamespaces'), words), 'share').state).toBe(
      'unknown',
    );
  });

  it('stands for a target, an extent, a subsystem or a namespace that should be there', async () => {
    const words = (type: string): string => `${type}/csi-${HANDLE}`;
    const unmapped = anInventory({ iscsiExtents: [anExtent()] });
    expect(nodeOf(await chainOf(unmapped, words('iscsiextent')), 'target').message).toBe(
      'mapped to no target',
    );
    const dangling = anInventory({ iscsiExtents: [anExtent()], iscsiTargetExtents: [aMapping()] });
    expect(nodeOf(await chainOf(dangling, words('iscsiextent')), 'target').message).toBe(
      'mapped to target 17, which does not exist',
    );
    const empty = anInventory({ iscsiTargets: [aTarget({ groups: [] })] });
    const target = await chainOf(empty, words('iscsitarget'));
    expect(nodeOf(target, 'extent').message).toBe('no extent is mapped to it');
    expect(nodeOf(target, 'target').message).toBe('no group may reach it');
    const bare = anInventory({ nvmetSubsystems: [aSubsystem({ ports: [] })] });
    const subsystem = await chainOf(bare, `nvmetsubsystem/${HANDLE}`);
    expect(nodeOf(subsystem, 'namespace').message).toBe('no namespace is in it');
    expect(nodeOf(subsystem, 'subsystem').message).toBe('no port serves it');
    const lone = anInventory({ nvmetNamespaces: [aNamespace()] });
    expect(nodeOf(await chainOf(lone, `nvmetnamespace/zvol/${PATH}`), 'subsystem').message).toBe(
      `no subsystem ${HANDLE}`,
    );
  });

  it('stands for what a snapshot content should lead to', async () => {
    const unreadable = anInventory({
      volumeSnapshotContents: [
        aContent({ snapshotHandle: null, volumeHandle: null, snapshot: null }),
      ],
    });
    const chain = await chainOf(unreadable, `vsc/snapcontent-${SNAPSHOT_UID}`);
    expect(outline(chain.roots)).toEqual([
      `content: VolumeSnapshotContent snapcontent-${SNAPSHOT_UID}`,
      '  !volume-snapshot: no VolumeSnapshot is bound to it',
      '  ?snapshot: cannot be told: its handle cannot be read',
    ]);
    const waiting = anInventory({ volumeSnapshots: [aVolumeSnapshot({ contentName: null })] });
    expect(nodeOf(await chainOf(waiting, 'vs/media/weekly'), 'content').message).toBe(
      'no content yet',
    );
    const gone = anInventory({ volumeSnapshots: [aVolumeSnapshot()] });
    expect(nodeOf(await chainOf(gone, 'vs/media/weekly'), 'content').message).toBe(
      `no content snapcontent-${SNAPSHOT_UID} of its uid`,
    );
    const strange = anInventory({
      volumeSnapshots: [aVolumeSnapshot()],
      volumeSnapshotContents: [aContent({ driver: 'ebs' })],
    });
    expect(outline((await chainOf(strange, 'vs/media/weekly')).roots)[2]).toMatch(
      /volume-snapshot/,
    );
  });

  it('is unknown for the snapshots of a system that could not list them', async () => {
    const blind = without(anInventory({ datasets: [aDataset()] }), 'zfsSnapshots');
    expect(nodeOf(await chainOf(blind, `dataset ${PATH}`), 'snapshot')).toMatchObject({
      state: 'unknown',
    });
  });

  it('stands for the origin that is gone', async () => {
    const inventory = anInventory({ datasets: [aDataset({ origin: `${PARENT}/gone@x` })] });
    expect(nodeOf(await chainOf(inventory, `dataset ${PATH}`), 'origin')).toMatchObject({
      state: 'absent',
      message: `no dataset ${PARENT}/gone`,
    });
  });
});

describe('an object that leads to no place', () => {
  it.each([
    [
      'storageclass/nas-nfs',
      anInventory({ storageClasses: [aStorageClass()] }),
      'StorageClass nas-nfs',
    ],
    [
      'volumesnapshotclass/nas-nfs',
      anInventory({ volumeSnapshotClasses: [aSnapshotClass()] }),
      'VolumeSnapshotClass nas-nfs',
    ],
    [
      'iscsiinitiator/group',
      anInventory({ iscsiInitiators: [anInitiator({ comment: 'group' })] }),
      'IscsiInitiator group',
    ],
  ])('is shown by itself: %s', async (words, inventory, shown) => {
    const chain = await chainOf(inventory, words);
    expect(outline(chain.roots)).toEqual([`object: ${shown}`]);
  });

  it('shows a replication task with what it sends', async () => {
    const inventory = anInventory({ replicationTasks: [aReplicationTask()] });
    const node = nodeOf(await chainOf(inventory, 'replicationtask/off-site'), 'task');
    expect(node.facts).toContainEqual({ name: 'sources', value: PARENT });
  });

  it('shows an attachment below the hole of its volume', async () => {
    const words = 'va/csi-0123456789abcdef';
    const gone = anInventory({ volumeAttachments: [anAttachment()] });
    expect(outline((await chainOf(gone, words)).roots)).toEqual([
      `!volume: no volume ${HANDLE}`,
      '  attachment: VolumeAttachment csi-0123456789abcdef',
    ]);
    const inline = anInventory({ volumeAttachments: [anAttachment({ volumeName: null })] });
    expect(outline((await chainOf(inline, words)).roots)).toHaveLength(1);
    const whole = anInventory({
      volumeAttachments: [anAttachment()],
      persistentVolumes: [aPv()],
      datasets: [aDataset()],
    });
    expect(nodeOf(await chainOf(whole, words), 'dataset').name).toBe(PATH);
  });
});

describe('an export', () => {
  it('of a directory leads to the dataset that holds it, but not to a parent or a pool', async () => {
    const inventory = anInventory({
      datasets: [aDataset(), aFolder('tank/files')],
      nfsShares: [
        anNfsShare({ id: 1, path: `/mnt/${PATH}/inside` }),
        anNfsShare({ id: 2, path: `/mnt/${PARENT}/pvc-gone` }),
        anNfsShare({ id: 3, path: '/mnt/tank/dir' }),
        anNfsShare({ id: 4, path: '/srv/other' }),
      ],
      smbShares: [anSmbShare({ path: '/mnt/tank/files' })],
      iscsiExtents: [anExtent({ type: 'FILE', path: `/mnt/${PATH}/disk.img` })],
      nvmetNamespaces: [aNamespace({ type: 'FILE', devicePath: '/mnt/tank/files/ns.img' })],
    });
    const placeOf = async (words: string): Promise<string | null> =>
      nodeOf(await chainOf(inventory, words), 'dataset').name;
    expect(await placeOf(`nfsshare//mnt/${PATH}/inside`)).toBe(PATH);
    expect(await placeOf(`nfsshare//mnt/${PARENT}/pvc-gone`)).toBe(`${PARENT}/pvc-gone`);
    expect(await placeOf('nfsshare//mnt/tank/dir')).toBe('tank/dir');
    expect(await placeOf(`smbshare/${HANDLE}`)).toBe('tank/files');
    expect(await placeOf(`iscsiextent/csi-${HANDLE}`)).toBe(PATH);
    expect(await placeOf('nvmetnamespace//mnt/tank/files/ns.img')).toBe('tank/files');
    const parent = await chainOf(inventory, `dataset ${PARENT}`);
    expect(outline(parent.roots).join('\n')).not.toContain('share');
    const elsewhere = await chainOf(inventory, 'nfsshare//srv/other');
    expect(outline(elsewhere.roots)).toEqual(['share: NfsShare /srv/other']);
  });
});

describe('coverage', () => {
  it('of a list that cannot be there is no want of it', async () => {
    const { clusters, systems, ...rest } = anInventory({
      datasets: [aDataset()],
      zfsSnapshots: [aZfsSnapshot()],
    });
    const inventory: Inventory = {
      ...rest,
      systems,
      clusters: clusters.map((cluster) => ({
        ...cluster,
        lists: {
          ...cluster.lists,
          volumeSnapshotContents: unlisted(notApplicable('not installed')),
          volumeSnapshots: unlisted(notApplicable('not installed')),
        },
      })),
    };
    expect(nodeOf(await chainOf(inventory, `dataset ${PATH}`), 'content').state).toBe('absent');
  });

  it('of one cluster that was cut short leaves open who uses a dataset', async () => {
    const { clusters, ...rest } = anInventory({ datasets: [aDataset()], pods: [aPod()] });
    const inventory: Inventory = {
      ...rest,
      clusters: clusters.map((cluster) => ({
        ...cluster,
        lists: { ...cluster.lists, persistentVolumes: listed([], partial('page 2 failed')) },
      })),
    };
    expect(nodeOf(await chainOf(inventory, `dataset ${PATH}`), 'volume')).toMatchObject({
      state: 'unknown',
      message: 'cannot be told, not read whole: page 2 failed',
    });
  });

  it('of lists that nobody asked for leaves everything unknown', () => {
    const world = anInventory();
    const bare: Inventory = {
      ...world,
      clusters: world.clusters.map(({ identity }) => ({ identity, lists: {} })),
      systems: world.systems.map(({ identity }) => ({ identity, lists: {} })),
    };
    const scene = sceneOf(correlate(bare, DEFAULT_POLICY));
    expect(scene.coverageOf(['pods', 'datasets']).state).toBe('failed');
    expect(scene.ofCluster('pods')).toEqual([]);
    expect(scene.ofSystem('datasets', 'nas1')).toEqual([]);
    expect(() =>
      findObjects(
        { kind: 'object', text: 'x', home: null, types: null, name: 'x', idStart: null },
        scene,
      ),
    ).toThrow('not among what could be read');
    expect(withSnapshotDetails(bare, new Map()).systems).toEqual(bare.systems);
  });
});
