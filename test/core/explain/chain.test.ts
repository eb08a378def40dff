import { describe, expect, it } from 'vitest';
import {
  aClaim,
  aContent,
  aDataset,
  aFolder,
  aMapping,
  aNamespace,
  anAttachment,
  anEvent,
  anExtent,
  anInventory,
  anIscsiPv,
  anNfsShare,
  anSmbShare,
  aPod,
  aPv,
  aReplicationTask,
  aRunningJob,
  aSnapshotTask,
  aSubsystem,
  aTarget,
  aVolumeSnapshot,
  aWorkload,
  aZfsSnapshot,
  details,
  finished,
  HANDLE,
  LONG_AGO,
  PARENT,
  properties,
  size,
  SNAPSHOT_UID,
} from '../../support/builders.ts';
import { chainOf, nodeOf, outline } from '../../support/explaining.ts';

const PATH = `${PARENT}/${HANDLE}`;
const claim = aClaim();
const zvol = aDataset({ kind: 'volume', refquota: null, volsize: size(1 << 30) });

/** What every whole NFS volume shows above its dataset. */
const ABOVE = [
  'claim: PersistentVolumeClaim media/library',
  '  workload: Deployment media/player',
  '  pod: Pod media/player-0',
  `  volume: PersistentVolume ${HANDLE}`,
  `    handle: CSI volume handle ${HANDLE}`,
];

const used = {
  persistentVolumeClaims: [claim],
  pods: [aPod({ claims: ['library'] })],
  deployments: [aWorkload({ claims: ['library'] })],
};

describe('a chain', () => {
  it('of an NFS volume goes from the pod to the clone of its snapshot', async () => {
    const clone = aDataset({
      id: `${PARENT}/restored`,
      origin: `${PATH}@snapshot-${SNAPSHOT_UID}`,
    });
    const restored = aPv({
      name: 'restored',
      claim: { namespace: 'media', name: 'copy', uid: 'c' },
    });
    const inventory = anInventory({
      ...used,
      persistentVolumes: [aPv(), restored],
      datasets: [aDataset(), clone],
      nfsShares: [anNfsShare()],
      zfsSnapshots: [aZfsSnapshot()],
      volumeSnapshots: [aVolumeSnapshot()],
      volumeSnapshotContents: [aContent()],
    });
    const chain = await chainOf(inventory, `pv/${HANDLE}`);
    expect(outline(chain.roots)).toEqual([
      ...ABOVE,
      `      dataset: Dataset ${PATH}`,
      `        share: NfsShare /mnt/${PATH}`,
      `        snapshot: ZfsSnapshot ${PATH}@snapshot-${SNAPSHOT_UID}`,
      `          content: VolumeSnapshotContent snapcontent-${SNAPSHOT_UID}`,
      '            volume-snapshot: VolumeSnapshot media/weekly',
      `          clone: Dataset ${PARENT}/restored`,
      '            volume: PersistentVolume restored',
    ]);
    expect(nodeOf(chain, 'dataset').join).toEqual({
      key: `volume handle below ${PARENT}, the declared parent of its driver`,
      confidence: 'certain',
    });
    expect(nodeOf(chain, 'content').join?.confidence).toBe('certain');
    expect(nodeOf(chain, 'clone').beside).toBe(true);
  });

  it('of an iSCSI volume shows extent, target and who is connected', async () => {
    const inventory = anInventory({
      ...used,
      persistentVolumes: [anIscsiPv()],
      datasets: [zvol],
      iscsiExtents: [anExtent()],
      iscsiTargets: [aTarget()],
      iscsiTargetExtents: [aMapping()],
      iscsiSessions: [
        {
          system: 'nas1',
          initiator: 'iqn.node-1',
          target: `iqn.2005-10.org.freenas.ctl:csi-${HANDLE}`,
        },
      ],
    });
    const chain = await chainOf(inventory, `pvc/media/library`);
    expect(outline(chain.roots)).toEqual([
      ...ABOVE,
      `      dataset: Zvol ${PATH}`,
      `        extent: IscsiExtent csi-${HANDLE}`,
      `          target: IscsiTarget csi-${HANDLE}`,
      '            session: session iqn.node-1',
    ]);
    expect(nodeOf(chain, 'target').join?.key).toBe('mapping as LUN 0');
  });

  it('of an SMB volume is joined by the handle, and shows the share by its name', async () => {
    const pv = aPv({
      source: {
        kind: 'csi',
        driver: 'org.democratic-csi.nfs',
        handle: HANDLE,
        attributes: {
          node_attach_driver: 'smb',
          provisioner_driver: 'freenas-api-smb',
          share: HANDLE,
        },
      },
    });
    const inventory = anInventory({
      ...used,
      persistentVolumes: [pv],
      datasets: [aDataset()],
      smbShares: [anSmbShare({ locked: true })],
    });
    const chain = await chainOf(inventory, `smbshare/${HANDLE}`);
    expect(outline(chain.roots)).toEqual([
      ...ABOVE,
      `      dataset: Dataset ${PATH}`,
      `        share: SmbShare ${HANDLE}`,
    ]);
    expect(nodeOf(chain, 'share').facts).toContainEqual({ name: 'locked', value: true });
  });

  it('of an NVMe-oF volume shows namespace, subsystem and connected hosts', async () => {
    const inventory = anInventory({
      ...used,
      persistentVolumes: [
        aPv({
          source: {
            kind: 'csi',
            driver: 'org.democratic-csi.nfs',
            handle: HANDLE,
            attributes: { node_attach_driver: 'nvmeof', nqn: 'nqn.2011-06.com.truenas:x' },
          },
        }),
      ],
      datasets: [zvol],
      nvmetNamespaces: [aNamespace()],
      nvmetSubsystems: [aSubsystem()],
      nvmetSessions: [{ system: 'nas1', subsystemId: 5, host: 'nqn.host-1' }],
    });
    const chain = await chainOf(inventory, `nvmetsubsystem/${HANDLE}`);
    expect(outline(chain.roots)).toEqual([
      ...ABOVE,
      `      dataset: Zvol ${PATH}`,
      `        namespace: NvmetNamespace zvol/${PATH}`,
      `          subsystem: NvmetSubsystem ${HANDLE}`,
      '            session: session nqn.host-1',
    ]);
  });

  it.each([
    [
      'csi.truenas.io, whose handle is the path',
      { driver: 'csi.truenas.io', handle: PATH, attributes: { nfsPath: `/mnt/${PATH}` } },
      'dataset path in the volume',
      'certain',
    ],
    [
      'tns.csi.io, whose attributes hold the path',
      { driver: 'tns.csi.io', handle: HANDLE, attributes: { datasetName: PATH, protocol: 'nfs' } },
      'dataset path in the volume',
      'certain',
    ],
    [
      'a static NFS volume of another driver',
      { driver: 'nfs.csi.k8s.io', handle: 'by-hand', attributes: { share: `/mnt/${PATH}` } },
      'share path, which is its mount point',
      'certain',
    ],
    [
      'a volume by hand that names the SMB share',
      { driver: 'smb.csi.k8s.io', handle: 'by-hand', attributes: { source: `//nas1/${HANDLE}` } },
      `SMB share ${HANDLE}`,
      'likely',
    ],
    [
      'a driver nobody declared, by the name on the dataset',
      { driver: 'org.other', handle: 'x', attributes: {} },
      'volume name in the properties of the dataset',
      'likely',
    ],
  ])('of %s says by which key it was joined', async (_, source, key, confidence) => {
    const inventory = anInventory({
      persistentVolumes: [
        aPv({
          name: source.handle === 'by-hand' ? 'by-hand' : HANDLE,
          source: { kind: 'csi', ...source },
        }),
      ],
      datasets: [aDataset()],
      smbShares: [anSmbShare()],
    });
    const chain = await chainOf(inventory, `dataset ${PATH}`);
    expect(nodeOf(chain, 'dataset').join).toEqual({ key, confidence });
  });

  it.each([
    [
      'an NFS path inside it',
      aPv({ source: { kind: 'nfs', server: 'nas1', path: `/mnt/${PATH}/films` } }),
      `handle: NFS volume nas1:/mnt/${PATH}/films`,
      'share path, which lies inside it',
    ],
    [
      'an iSCSI target',
      aPv({ source: { kind: 'iscsi', portal: 'nas1:3260', iqn: `iqn.x:csi-${HANDLE}`, lun: 0 } }),
      `handle: iSCSI volume iqn.x:csi-${HANDLE}`,
      `iSCSI target csi-${HANDLE}`,
    ],
  ])('of a volume written by hand is joined by %s', async (_, pv, handle, key) => {
    const inventory = anInventory({
      persistentVolumes: [{ ...pv, name: 'by-hand' }],
      datasets: [pv.source.kind === 'iscsi' ? zvol : aDataset()],
      iscsiExtents: [anExtent()],
      iscsiTargets: [aTarget()],
      iscsiTargetExtents: [aMapping()],
    });
    const chain = await chainOf(inventory, `pv/by-hand`);
    expect(outline([nodeOf(chain, 'handle')])[0]).toBe(handle);
    expect(nodeOf(chain, 'dataset').join?.key).toBe(key);
  });

  it('of a pod that writes the volume into its spec begins at the pod', async () => {
    const pod = aPod({ inlineVolumes: [{ kind: 'nfs', server: 'nas1', path: `/mnt/${PATH}` }] });
    const inventory = anInventory({ pods: [pod], datasets: [aDataset()] });
    const chain = await chainOf(inventory, `dataset ${PATH}`);
    expect(outline(chain.roots).slice(0, 3)).toEqual([
      'pod: Pod media/player-0',
      `  handle: NFS volume nas1:/mnt/${PATH}`,
      `    dataset: Dataset ${PATH}`,
    ]);
  });

  it('of a detached copy goes from the VolumeSnapshot to its dataset', async () => {
    const id = `tank/detached/${HANDLE}/snapshot-${SNAPSHOT_UID}`;
    const copy = aDataset({
      id,
      properties: finished(HANDLE, { csiSnapshotName: `snapshot-${SNAPSHOT_UID}` }),
    });
    const inventory = anInventory({
      datasets: [aFolder('tank/detached'), aFolder(`tank/detached/${HANDLE}`), copy],
      volumeSnapshots: [aVolumeSnapshot()],
      volumeSnapshotContents: [aContent({ snapshotHandle: `${HANDLE}/snapshot-${SNAPSHOT_UID}` })],
    });
    const expected = [
      'volume-snapshot: VolumeSnapshot media/weekly',
      `  content: VolumeSnapshotContent snapcontent-${SNAPSHOT_UID}`,
      `    dataset: Dataset ${id}`,
    ];
    expect(outline((await chainOf(inventory, 'vs/media/weekly')).roots)).toEqual(expected);
    expect(outline((await chainOf(inventory, `dataset ${id}`)).roots)).toEqual(expected);
    const gone = anInventory({
      datasets: [aFolder('tank/detached')],
      volumeSnapshots: [],
      volumeSnapshotContents: [aContent({ snapshotHandle: `${HANDLE}/snapshot-${SNAPSHOT_UID}` })],
    });
    expect(outline((await chainOf(gone, `dataset ${id}`)).roots)).toEqual([
      '!volume-snapshot: no VolumeSnapshot media/weekly of the uid it names',
      `  content: VolumeSnapshotContent snapcontent-${SNAPSHOT_UID}`,
      `    !dataset: no dataset ${id}`,
    ]);
  });

  it('shows a dataset once where several volumes lead to it', async () => {
    const second = aPv({ name: 'second', claim: null });
    const inventory = anInventory({
      persistentVolumes: [
        aPv(),
        { ...second, source: { kind: 'nfs', server: 'nas1', path: `/mnt/${PATH}` } },
      ],
      persistentVolumeClaims: [claim],
      datasets: [aDataset()],
      nfsShares: [anNfsShare()],
    });
    const chain = await chainOf(inventory, `dataset ${PATH}`);
    const lines = outline(chain.roots);
    expect(lines.filter((line) => line.includes('share: '))).toHaveLength(1);
    expect(lines.filter((line) => line.includes('dataset: '))).toHaveLength(2);
    expect(lines).toContain('!claim: no claim is bound to it');
  });

  it('shows tasks, jobs, datasets below, the origin, attachments and the last warning', async () => {
    const origin = `${PARENT}/template@gold`;
    const inventory = anInventory({
      persistentVolumes: [aPv()],
      datasets: [
        aDataset({ origin }),
        aDataset({ id: `${PARENT}/template` }),
        aFolder(`${PATH}/inner`),
      ],
      nfsShares: [anNfsShare()],
      snapshotTasks: [
        aSnapshotTask({ dataset: PATH }),
        aSnapshotTask({ id: 5 }),
        aSnapshotTask({ id: 6, recursive: false }),
      ],
      replicationTasks: [
        aReplicationTask(),
        aReplicationTask({ id: 7, name: 'pull', direction: 'PULL', sources: [PATH], target: PATH }),
        aReplicationTask({ id: 8, name: 'elsewhere', sources: ['tank/other'], target: PATH }),
      ],
      runningJobs: [
        aRunningJob({ datasets: [PATH] }),
        aRunningJob({ id: 2, datasets: ['tank/x'] }),
      ],
      volumeAttachments: [anAttachment()],
      events: [anEvent({ name: 'old', lastSeen: LONG_AGO, message: 'older' }), anEvent()],
    });
    const chain = await chainOf(inventory, `dataset ${PATH}`);
    const lines = outline(chain.roots).map((line) => line.trim());
    expect(lines).toEqual([
      '!claim: no claim media/library',
      `volume: PersistentVolume ${HANDLE}`,
      'attachment: VolumeAttachment csi-0123456789abcdef',
      `event: Event default/${HANDLE}.17f0`,
      `handle: CSI volume handle ${HANDLE}`,
      `dataset: Dataset ${PATH}`,
      `origin: Dataset ${PARENT}/template`,
      '!volume: no PersistentVolume or pod of any registered cluster uses it',
      `share: NfsShare /mnt/${PATH}`,
      `task: SnapshotTask ${PATH}`,
      `task: SnapshotTask ${PARENT}`,
      'task: ReplicationTask off-site',
      'task: ReplicationTask pull',
      'job: job replication.run_onetime',
      `child: Dataset ${PATH}/inner`,
    ]);
    expect(nodeOf(chain, 'event').message).toMatch(/dependent clones/);
  });

  it('wants no volume for what no driver made and what lies among no volumes', async () => {
    const plain = { owner: null, managed: false } as const;
    const properties = { ...aDataset().properties, ...plain };
    const inventory = anInventory({
      persistentVolumes: [],
      datasets: [
        aDataset({ id: 'tank/office', properties }),
        aDataset({ id: `${PARENT}/scratch`, properties }),
      ],
    });
    const rootOf = async (path: string): Promise<string | undefined> =>
      outline((await chainOf(inventory, `dataset ${path}`)).roots)[0];
    expect(await rootOf('tank/office')).toBe('dataset: Dataset tank/office');
    expect(await rootOf(`${PARENT}/scratch`)).toMatch(/^!volume: /);
  });

  it('counts the datasets of a parent instead of showing thousands, and wants no volume for it', async () => {
    const many = Array.from({ length: 25 }, (_, at) =>
      aDataset({ id: `${PARENT}/v${String(at)}` }),
    );
    const chain = await chainOf(anInventory({ datasets: many }), `dataset ${PARENT}`);
    expect(outline(chain.roots)).toEqual([
      `dataset: Dataset ${PARENT}`,
      '  child: datasets below it',
    ]);
    expect(nodeOf(chain, 'child').facts).toEqual([{ name: 'count', value: 26 }]);
  });

  it('tells the marks of quarantine and of what is to be ignored', async () => {
    const marks = {
      quarantined: `${PATH};2026-10-01T00:00:00Z;plan-1`,
      ignore: `${PATH};dataset-*;2027-01-01;kept for the audit`,
    };
    const inventory = anInventory({ datasets: [aDataset({ marks }), aFolder(`${PATH}/inner`)] });
    const { facts } = nodeOf(await chainOf(inventory, `dataset ${PATH}`), 'dataset');
    expect(facts).toContainEqual({ name: 'quarantined', value: new Date('2026-10-01T00:00:00Z') });
    expect(facts).toContainEqual({ name: 'ignored', value: 'dataset-*' });
    expect(facts).toContainEqual({ name: 'ignored because', value: 'kept for the audit' });
    const inner = nodeOf(await chainOf(inventory, `dataset ${PATH}/inner`), 'dataset');
    expect(inner.facts).toContainEqual({ name: 'quarantined with', value: PATH });
  });

  it('tells what its driver wrote on a dataset, and what keeps it from being judged', async () => {
    const dataset = aDataset({
      locked: true,
      readonly: true,
      usedByRefreservation: size(10),
      properties: finished('another-name', {
        provisionSuccess: false,
        claim: { namespace: 'media', name: 'library' },
        keptOnPurpose: true,
      }),
    });
    const { facts } = nodeOf(
      await chainOf(anInventory({ datasets: [dataset] }), `dataset ${PATH}`),
      'dataset',
    );
    const names = facts.map(({ name }) => name);
    for (const name of [
      'volume name',
      'remembers claim',
      'kept on purpose',
      'read only',
      'locked',
      'storage',
      'by reservation',
    ]) {
      expect(names).toContain(name);
    }
    expect(facts).toContainEqual({ name: 'provisioning finished', value: false });
  });

  it('tells snapshots apart by who took them', async () => {
    const other = properties();
    const inventory = anInventory({
      datasets: [aDataset()],
      zfsSnapshots: [
        aZfsSnapshot(),
        aZfsSnapshot({
          name: 'auto-1',
          details: details({ createdAt: null, properties: other, holds: ['backup'] }),
        }),
        aZfsSnapshot({
          name: 'volume-source-for-volume-x',
          details: details({ properties: other, holds: null, deferDestroy: true }),
        }),
      ],
    });
    const chain = await chainOf(inventory, `dataset ${PATH}`);
    expect(outline(chain.roots).slice(3)).toEqual([
      '      !content: nothing in Kubernetes counts on it',
      `    snapshot: ZfsSnapshot ${PATH}@volume-source-for-volume-x`,
      `    snapshot: ZfsSnapshot ${PATH}@auto-1`,
    ]);
    const [root] = chain.roots;
    const kinds = root?.children[0]?.children.map(({ facts }) => facts[0]?.value);
    expect(kinds).toEqual(['taken by its driver', 'temporary', 'not taken by a driver']);
  });

  it('joins a VolumeSnapshot without a content, and a copy of another volume, only as likely', async () => {
    const elsewhere = aZfsSnapshot({ dataset: `${PARENT}/copy`, details: details() });
    const inventory = anInventory({
      datasets: [aDataset(), aDataset({ id: `${PARENT}/copy` })],
      zfsSnapshots: [elsewhere, aZfsSnapshot()],
      volumeSnapshots: [aVolumeSnapshot({ contentName: null })],
    });
    const pending = nodeOf(await chainOf(inventory, `dataset ${PATH}`), 'volume-snapshot');
    expect(pending.join?.confidence).toBe('likely');
    const withContent = anInventory({
      datasets: [aDataset(), aDataset({ id: `${PARENT}/copy` })],
      zfsSnapshots: [elsewhere],
      volumeSnapshots: [aVolumeSnapshot()],
      volumeSnapshotContents: [aContent()],
    });
    const content = nodeOf(await chainOf(withContent, `dataset ${PARENT}/copy`), 'content');
    expect(content.join).toEqual({ key: 'snapshot name in the handle', confidence: 'likely' });
  });

  it.each([
    [
      'an inferred parent',
      aPv(),
      aDataset(),
      `volume handle below ${PARENT}, a parent inferred from its volumes`,
    ],
    [
      'its handle alone, of a volume that was found nowhere',
      aPv({
        name: 'other',
        source: { kind: 'csi', driver: 'org.gone', handle: HANDLE, attributes: {} },
      }),
      aDataset({ properties: properties() }),
      'volume handle, the last name of its path',
    ],
    [
      'the target of an iSCSI volume',
      anIscsiPv({ name: 'other' }),
      aDataset({ kind: 'volume', properties: properties() }),
      'iSCSI target csi-other',
    ],
    [
      'the subsystem of an NVMe-oF volume',
      aPv({
        name: 'other',
        source: {
          kind: 'csi',
          driver: 'org.gone',
          handle: 'x',
          attributes: { nqn: `nqn.2011-06.com.truenas:uuid:1:${HANDLE}` },
        },
      }),
      aDataset({ kind: 'volume', properties: properties() }),
      `NVMe-oF subsystem nqn.2011-06.com.truenas:uuid:1:${HANDLE}`,
    ],
  ])('is no more than likely where it was joined by %s', async (_, pv, dataset, key) => {
    const inventory = anInventory({
      drivers: [],
      persistentVolumes: [pv],
      datasets: [dataset],
      iscsiExtents: [anExtent()],
      iscsiTargets: [aTarget({ name: 'csi-other' })],
      iscsiTargetExtents: [aMapping()],
      nvmetNamespaces: [aNamespace()],
      nvmetSubsystems: [aSubsystem()],
    });
    const chain = await chainOf(inventory, `dataset ${PATH}`);
    expect(nodeOf(chain, 'dataset').join).toEqual({ key, confidence: 'likely' });
  });

  it('names what owns a claim and a pod, and that a claim reference has no uid', async () => {
    const owners = [{ kind: 'StatefulSet', name: 'player' }];
    const inventory = anInventory({
      persistentVolumes: [aPv({ claim: { namespace: 'media', name: 'library', uid: null } })],
      persistentVolumeClaims: [
        aClaim({ owners, unused: true, capacity: null, labels: { 'velero.io/restore-name': 'r' } }),
      ],
      pods: [aPod({ claims: ['library'], owners })],
      cronJobs: [aWorkload({ kind: 'CronJob', claims: ['library'], suspended: true })],
      datasets: [aDataset()],
    });
    const chain = await chainOf(inventory, 'pvc/media/library');
    const owned = { name: 'owned by', value: 'StatefulSet player' };
    expect(nodeOf(chain, 'claim').facts).toContainEqual(owned);
    expect(nodeOf(chain, 'claim').facts).toContainEqual({ name: 'unused', value: true });
    expect(nodeOf(chain, 'claim').facts).toContainEqual({
      name: 'managed by',
      value: 'Velero restore r',
    });
    expect(nodeOf(chain, 'pod').facts).toContainEqual(owned);
    expect(nodeOf(chain, 'workload').facts).toContainEqual({ name: 'suspended', value: true });
    expect(nodeOf(chain, 'volume').join?.confidence).toBe('likely');
  });

  it('finds a VolumeSnapshot by name where its content names no uid', async () => {
    const inventory = anInventory({
      datasets: [aDataset()],
      zfsSnapshots: [aZfsSnapshot()],
      volumeSnapshots: [aVolumeSnapshot(), aVolumeSnapshot({ name: 'other', uid: 'other' })],
      volumeSnapshotContents: [
        aContent({ snapshot: { namespace: 'media', name: 'weekly', uid: null } }),
      ],
    });
    const chain = await chainOf(inventory, `vsc/snapcontent-${SNAPSHOT_UID}`);
    expect(nodeOf(chain, 'volume-snapshot').name).toBe('weekly');
  });

  it('names a pod beside the chain that uses a clone', async () => {
    const clone = `${PARENT}/clone`;
    const inventory = anInventory({
      datasets: [aDataset(), aDataset({ id: clone, origin: `${PATH}@x` })],
      zfsSnapshots: [aZfsSnapshot({ name: 'x' })],
      pods: [aPod({ inlineVolumes: [{ kind: 'nfs', server: 'nas1', path: `/mnt/${clone}` }] })],
      events: [anEvent({ lastSeen: null }), anEvent({ name: 'b', lastSeen: null })],
    });
    expect(nodeOf(await chainOf(inventory, `dataset ${PATH}`), 'pod')).toMatchObject({
      name: 'media/player-0',
      beside: true,
    });
  });
});
