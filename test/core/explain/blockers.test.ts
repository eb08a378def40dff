import { describe, expect, it } from 'vitest';
import { type Chain } from '../../../src/lib/core/explain/explanation.ts';
import { type Inventory } from '../../../src/lib/core/model/inventory.ts';
import { type PersistentVolume } from '../../../src/lib/core/model/kubernetes.ts';
import {
  aClaim,
  aCluster,
  aContent,
  aDataset,
  aFolder,
  aMapping,
  anAttachment,
  anExtent,
  anInitiator,
  anInventory,
  anIscsiPv,
  anNfsShare,
  aPod,
  aPv,
  aReplicationTask,
  aRunningJob,
  aSnapshotTask,
  aStorageClass,
  aTarget,
  aVolumeSnapshot,
  aWorkload,
  aZfsSnapshot,
  clusterWith,
  details,
  finished,
  HANDLE,
  PARENT,
  properties,
  SNAPSHOT_UID,
  systemWith,
} from '../../support/builders.ts';
import { chainOf } from '../../support/explaining.ts';
import { withoutList } from '../../support/rule-tester.ts';

const PATH = `${PARENT}/${HANDLE}`;
const SNAPSHOT = `${PATH}@snapshot-${SNAPSHOT_UID}`;

function kinds({ blockers }: Chain): string[] {
  return blockers.map(({ kind, state }) => (state === 'present' ? kind : `${kind}?`));
}

const argo = { 'argocd.argoproj.io/tracking-id': 'shop:/PersistentVolumeClaim:media/library' };

/** A volume in the way of whose deletion everything stands that can. */
const crowded: Inventory = anInventory({
  persistentVolumes: [anIscsiPv(), aPv({ name: 'restored', claim: null })],
  persistentVolumeClaims: [aClaim({ annotations: argo })],
  pods: [aPod({ claims: ['library'] })],
  deployments: [aWorkload({ claims: ['library'] })],
  volumeAttachments: [anAttachment()],
  datasets: [
    aDataset({
      kind: 'volume',
      marks: { quarantined: `${PATH};2026-10-01T00:00:00Z;p`, ignore: `${PATH};*` },
    }),
    aFolder(`${PATH}/inner`),
    aDataset({ id: `${PARENT}/restored`, origin: SNAPSHOT }),
  ],
  iscsiExtents: [anExtent()],
  iscsiTargets: [aTarget()],
  iscsiTargetExtents: [aMapping()],
  iscsiSessions: [{ system: 'nas1', initiator: 'iqn.node-1', target: `csi-${HANDLE}` }],
  zfsSnapshots: [
    aZfsSnapshot({ details: details({ holds: ['backup', 'audit'] }) }),
    aZfsSnapshot({ name: 'auto', details: details({ properties: properties() }) }),
  ],
  volumeSnapshots: [aVolumeSnapshot()],
  volumeSnapshotContents: [aContent()],
  snapshotTasks: [aSnapshotTask(), aSnapshotTask({ id: 9, dataset: PATH })],
  runningJobs: [aRunningJob({ datasets: [PATH] })],
});

describe('what stands in the way of deleting', () => {
  it('a volume is listed in the order to resolve it, each with what to do', async () => {
    const chain = await chainOf(crowded, `pv/${HANDLE}`);
    expect(kinds(chain)).toEqual([
      'owner',
      'workload',
      'pod',
      'attachment',
      'session',
      // A PersistentVolume that is bound is protected: it goes only after its claim.
      'claim',
      'job',
      'clone',
      'hold',
      'claimed-snapshot',
      'snapshot',
      // Its extent is its driver's, and goes with it.
      'task',
      'child',
      'mark',
      'mark',
    ]);
    expect(chain.remarks).toEqual([
      `Its driver deletes with the volume what it made for it: IscsiExtent csi-${HANDLE}.`,
    ]);
    for (const { what, step } of chain.blockers) {
      expect(what).not.toMatch(/\.$/);
      expect(step).toMatch(/^[A-Z].*\.$/);
    }
    const whats = chain.blockers.map(({ what }) => what);
    expect(whats).toContain(
      `Dataset ${PARENT}/restored is a clone of ZfsSnapshot ${SNAPSHOT}, which PersistentVolume restored uses`,
    );
    expect(whats).toContain(`ZfsSnapshot ${SNAPSHOT} is held by backup, audit`);
    expect(whats[0]).toBe(
      'PersistentVolumeClaim media/library belongs to Argo CD application shop',
    );
  });

  it.each([`zfssnapshot/${SNAPSHOT}`, 'vs/media/weekly', `vsc/snapcontent-${SNAPSHOT_UID}`])(
    'a snapshot is only what is on the snapshot: %s',
    async (words) => {
      const chain = await chainOf(crowded, words);
      const expected = ['clone', 'hold', 'claimed-snapshot'];
      expect(kinds(chain)).toEqual(words.startsWith('vsc') ? ['clone', 'hold'] : expected);
    },
  );

  it.each([`iscsiextent/csi-${HANDLE}`, 'va/csi-0123456789abcdef'])(
    'an export is whoever uses the volume through it: %s',
    async (words) => {
      // Without its export the volume is there and cannot be mounted; an attachment it can do without.
      const [attachment, volume] = words.startsWith('va') ? [[], []] : [['attachment'], ['volume']];
      expect(kinds(await chainOf(crowded, words))).toEqual([
        'owner',
        'workload',
        'pod',
        ...attachment,
        'session',
        ...volume,
      ]);
    },
  );

  it('what is beside the chain, or reaches it only from above, is not in the way', async () => {
    const inventory = anInventory({ datasets: [aDataset()], snapshotTasks: [aSnapshotTask()] });
    const chain = await chainOf(inventory, `dataset ${PATH}`);
    expect(kinds(chain)).toEqual([]);
  });

  it('what could not be seen may be in the way', async () => {
    const inventory = ['pods', 'iscsiSessions', 'nvmetNamespaces', 'zfsSnapshots', 'jobs'] as const;
    const world = anInventory({
      persistentVolumes: [anIscsiPv()],
      persistentVolumeClaims: [aClaim()],
      datasets: [aDataset({ kind: 'volume' })],
      iscsiExtents: [anExtent()],
      iscsiTargets: [aTarget()],
      iscsiTargetExtents: [aMapping()],
    });
    const blind = inventory.reduce<Inventory>(withoutList, world);
    const chain = await chainOf(blind, `pv/${HANDLE}`);
    expect(kinds(chain)).toEqual(['workload?', 'pod?', 'session?', 'claim', 'snapshot?']);
    expect(chain.blockers[1]?.what).toMatch(/^Pod: cannot be told, not read whole: /);
  });

  it('holds that this TrueNAS does not tell are said to be unknown', async () => {
    const inventory = anInventory({
      datasets: [aDataset()],
      zfsSnapshots: [aZfsSnapshot({ details: details({ holds: null }) })],
    });
    expect(kinds(await chainOf(inventory, `dataset ${PATH}`))).toEqual(['hold?', 'snapshot']);
  });

  it('a parent of volumes counts what lies below it', async () => {
    const many = Array.from({ length: 25 }, (_, at) =>
      aDataset({ id: `${PARENT}/v${String(at)}` }),
    );
    const chain = await chainOf(anInventory({ datasets: many }), `dataset ${PARENT}`);
    expect(chain.blockers.map(({ what }) => what)).toEqual(['26 datasets lie below it']);
  });

  it('a lost snapshot is not its own content', async () => {
    const inventory = anInventory({
      persistentVolumes: [aPv()],
      datasets: [aDataset()],
      nfsShares: [anNfsShare()],
      volumeSnapshotContents: [aContent()],
      volumeSnapshots: [aVolumeSnapshot()],
    });
    expect(kinds(await chainOf(inventory, `vsc/snapcontent-${SNAPSHOT_UID}`))).toEqual([]);
  });
});

describe('what is in the way in several clusters', () => {
  const pods = ['prod', 'restored'].map((cluster) => aPod({ cluster, claims: ['library'] }));
  const [here, there] = ['prod', 'restored'].map((cluster, at) =>
    clusterWith(
      {
        persistentVolumes: [aPv({ cluster })],
        persistentVolumeClaims: [aClaim({ cluster })],
        pods: pods.slice(at, at + 1),
      },
      aCluster({ name: cluster, uid: cluster }),
    ),
  );
  const shared: Inventory = {
    ...anInventory(),
    clusters: [here, there].flatMap((each) => each ?? []),
    systems: [systemWith({ datasets: [aDataset()], nfsShares: [anNfsShare()] })],
  };

  it('is told apart by cluster, so that no user hides another', async () => {
    const { blockers } = await chainOf(shared, `pv/${HANDLE}`);
    const whats = blockers.map(({ what }) => what);
    expect(whats).toContain('Pod media/player-0 of cluster prod uses it');
    expect(whats).toContain('Pod media/player-0 of cluster restored uses it');
  });

  it('is the volume of another cluster on the same data', async () => {
    const { blockers } = await chainOf(shared, `@prod:pv/${HANDLE}`);
    const [volume, ...rest] = blockers.filter(({ kind }) => kind === 'volume');
    expect(rest).toEqual([]);
    expect(volume?.what).toBe(
      `PersistentVolume ${HANDLE} of cluster restored (claim media/library) stands on the same data`,
    );
    expect(volume?.step).toMatch(/Retain/);
  });

  it('is every volume on a dataset that is to be deleted itself', async () => {
    const { blockers } = await chainOf(shared, `dataset/${PATH}`);
    expect(blockers.filter(({ kind }) => kind === 'volume')).toHaveLength(2);
  });

  it('names no cluster where there is one', async () => {
    const one = { ...shared, clusters: shared.clusters.slice(0, 1) };
    const { blockers } = await chainOf(one, `pv/${HANDLE}`);
    expect(blockers[0]?.what).toBe('Pod media/player-0 uses it');
  });
});

describe('what is in the way of an object that is no volume', () => {
  it('is nothing of its dataset for a task: only what the task does ends', async () => {
    const inventory = { ...crowded };
    const { blockers, remarks } = await chainOf(inventory, 'snapshottask/' + PATH);
    expect(blockers).toEqual([]);
    expect(remarks).toEqual([
      'Nothing of its datasets goes along: their snapshots stay, and nothing takes new ones or removes them when they are old.',
    ]);
    const replications = anInventory({ replicationTasks: [aReplicationTask()] });
    const chain = await chainOf(replications, `replicationtask/${aReplicationTask().name}`);
    expect(chain.blockers).toEqual([]);
    expect(chain.remarks.join()).toMatch(/^Nothing of its datasets goes along: /);
  });

  it('is whichever target may admit by a group of initiators: TrueNAS was not asked which', async () => {
    const group = anInitiator({ id: 3, comment: 'workers' });
    const inventory = anInventory({ iscsiInitiators: [group], iscsiTargets: [aTarget()] });
    const { blockers } = await chainOf(inventory, 'iscsiinitiator/workers');
    expect(blockers).toMatchObject([
      {
        kind: 'target',
        state: 'unknown',
        what: expect.stringContaining('the one target has it') as string,
      },
    ]);
    expect(blockers[0]?.step).toContain('may let everybody in');
    const unread = await chainOf(withoutList(inventory, 'iscsiTargets'), 'iscsiinitiator/workers');
    expect(kinds(unread)).toEqual(['target?']);
    const none = anInventory({ iscsiInitiators: [group], iscsiTargets: [aTarget({ groups: [] })] });
    expect(kinds(await chainOf(none, 'iscsiinitiator/workers'))).toEqual([]);
  });

  it('is no volume of a class: those stay, and no more are made', async () => {
    const name = 'fast';
    const inventory = anInventory({
      storageClasses: [aStorageClass({ name })],
      persistentVolumes: [aPv({ storageClass: name }), aPv({ name: 'b', storageClass: name })],
      persistentVolumeClaims: [aClaim({ storageClass: name })],
    });
    const { blockers, remarks } = await chainOf(inventory, `sc/${name}`);
    expect(blockers).toEqual([]);
    expect(remarks).toEqual([
      '2 persistent volumes and 1 persistent volume claim name it: they go on as they are, and until a class of that name is there no more are made.',
    ]);
    const unread = await chainOf(withoutList(inventory, 'persistentVolumes'), `sc/${name}`);
    expect(unread.remarks).toEqual([expect.stringMatching(/^How many .* is not known/) as string]);
  });

  it('is not asked of what is not there', async () => {
    const inventory = anInventory({ persistentVolumes: [aPv()], nfsShares: [anNfsShare()] });
    expect(await chainOf(inventory, `dataset/${PATH}`)).toMatchObject({
      deletable: false,
      blockers: [],
      remarks: [],
    });
    expect(await chainOf(inventory, `pv/${HANDLE}`)).toMatchObject({ deletable: true });
  });
});

describe('what TrueNAS and the driver say of a dataset', () => {
  const used = aDataset({
    attachments: [
      { type: 'VM', names: ['gitlab'] },
      { type: 'NFS Share', names: [`/mnt/${PATH}`] },
    ],
  });

  it('stands in the way: what else uses it', async () => {
    const { blockers } = await chainOf(anInventory({ datasets: [used] }), `dataset/${PATH}`);
    expect(blockers).toMatchObject([
      { kind: 'use', state: 'present', what: `VM gitlab uses Dataset ${PATH}` },
    ]);
    const unknown = anInventory({ datasets: [aDataset({ attachments: null })] });
    expect(kinds(await chainOf(unknown, `dataset/${PATH}`))).toEqual(['use?']);
  });

  it('stands in the way: the driver was told to retain it', async () => {
    const kept = aDataset({ properties: finished(HANDLE, { keptOnPurpose: true }) });
    const { blockers } = await chainOf(anInventory({ datasets: [kept] }), `dataset/${PATH}`);
    expect(blockers.map(({ kind, what }) => `${kind}: ${what}`)).toEqual([
      `kept: Dataset ${PATH} is to outlive its volume: its driver was told to retain it`,
    ]);
  });

  it('does not stand in the way: the share its driver made, where the driver deletes it', async () => {
    const share = anNfsShare();
    const world = (over: Partial<PersistentVolume>): Inventory =>
      anInventory({
        persistentVolumes: [aPv({ claim: null, ...over })],
        datasets: [aDataset()],
        nfsShares: [share, anNfsShare({ id: 99, comment: 'by hand' })],
      });
    const goes = await chainOf(world({ reclaimPolicy: 'Delete' }), `pv/${HANDLE}`);
    expect(goes.blockers.map(({ what }) => what)).toEqual([
      `NfsShare /mnt/${PATH} (id 99) exports it`,
    ]);
    expect(goes.remarks).toEqual([
      `Its driver deletes with the volume what it made for it: NfsShare /mnt/${PATH} (id 42).`,
      expect.stringContaining('cannot be read') as string,
    ]);
    const stays = await chainOf(world({ reclaimPolicy: 'Retain' }), `pv/${HANDLE}`);
    expect(kinds(stays)).toEqual(['share', 'share']);
  });

  it('asks about clients of a share only where a share would go', async () => {
    const inventory = anInventory({
      datasets: [aDataset()],
      nfsShares: [anNfsShare()],
      zfsSnapshots: [aZfsSnapshot()],
    });
    const caveat = expect.stringMatching(/^Who has an NFS or SMB share mounted/) as string;
    expect((await chainOf(inventory, `dataset/${PATH}`)).remarks).toEqual([caveat]);
    expect((await chainOf(inventory, `nfsshare//mnt/${PATH}`)).remarks).toEqual([caveat]);
    expect((await chainOf(inventory, `zfssnapshot/${SNAPSHOT}`)).remarks).toEqual([]);
  });
});
