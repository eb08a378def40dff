import { describe, expect, test } from 'vitest';
import { correlate } from '../../src/lib/core/correlate/correlate.ts';
import { type DriverConfig } from '../../src/lib/core/model/driver-config.ts';
import { type Inventory } from '../../src/lib/core/model/inventory.ts';
import { DEFAULT_POLICY } from '../../src/lib/core/model/policy.ts';
import {
  type PersistentVolume,
  type VolumeSnapshotClass,
} from '../../src/lib/core/model/kubernetes.ts';
import { type Dataset } from '../../src/lib/core/model/truenas.ts';
import { composeFinding } from '../../src/lib/core/report/compose-finding.ts';
import { evaluate, isSettled } from '../../src/lib/core/rules/evaluate.ts';
import { datasetUnclaimed } from '../../src/lib/core/rules/orphans/dataset-unclaimed.ts';
import { pvBackendMissing } from '../../src/lib/core/rules/orphans/pv-backend-missing.ts';
import { RULES } from '../../src/lib/core/rules/registry.ts';
import {
  aClaim,
  aCluster,
  aContent,
  aDataset,
  aDriver,
  aDriverSecret,
  aFolder,
  aMapping,
  aNamespace,
  anAttachment,
  anExtent,
  anInventory,
  anNfsShare,
  anSmbShare,
  aPod,
  aPv,
  aReplicationTask,
  aSnapshotClass,
  aSubsystem,
  aTarget,
  aZfsSnapshot,
  clusterWith,
  details,
  finished,
  HANDLE,
  LONG_AGO,
  PARENT,
  properties,
  size,
  SNAPSHOT_UID,
} from '../support/builders.ts';
import { withJournals } from '../support/journalled.ts';
import { findingsOf, withoutList } from '../support/rule-tester.ts';

/*
 * Worlds in which something looks forgotten and is not: each beside the world without the one sign of its use, in which it is
 * for certain. Without the second the first would prove nothing.
 */

/** Everything has been suspect for long, so that rules that remember may be certain. */
class LongKnown extends Map<string, Date> {
  override get(): Date {
    return LONG_AGO;
  }
}

/** What some rule calls a certain thing to take away, as `<rule> <name>`. */
function takenAway(world: Inventory): readonly string[] {
  const evidence = correlate({ ...world, firstSeen: new LongKnown() }, DEFAULT_POLICY);
  return evaluate(RULES, evidence, DEFAULT_POLICY)
    .flatMap((outcome) => (outcome.state === 'ran' ? outcome.candidates : []))
    .filter(isSettled)
    .map((candidate) => composeFinding(candidate, evidence, true))
    .filter(({ remedy }) => remedy.safe && /^(?:delete|destroy|quarantine)-/.test(remedy.action))
    .map(({ rule, subject }) => `${rule} ${subject.name}`);
}

/** @param forgotten the world without the sign, and what is taken away in it */
function spares(used: Inventory, forgotten: Inventory, taken: string): void {
  expect(takenAway(forgotten)).toContain(taken);
  expect(takenAway(used)).not.toContain(taken);
}

const id = `${PARENT}/${HANDLE}`;

/** A world of which our own journals tell who put aside what is marked. */
const known: typeof anInventory = (world) => withJournals(anInventory(world));

function aZvol(over: Partial<Dataset> = {}): Dataset {
  return aDataset({ kind: 'volume', refquota: null, volsize: size(1 << 30), ...over });
}

function aStaticPv(source: PersistentVolume['source']): PersistentVolume {
  return aPv({ name: 'by-hand', source });
}

describe('a dataset in quarantine that is due', () => {
  const due = { quarantined: `${id};2026-06-01T00:00:00Z;plan-1`, ignore: null };
  const destroyed = `dataset-quarantined ${id}`;
  const zvol = aZvol({ marks: due });
  const serving = { nvmetSubsystems: [aSubsystem()], nvmetNamespaces: [aNamespace()] };
  const closed = { ...serving, nvmetNamespaces: [aNamespace({ enabled: false })] };

  test('is not destroyed while an NVMe-oF host is connected to it', () => {
    const nvmetSessions = [
      { system: 'nas1', subsystemId: 5, host: 'nqn.2014-08.org.nvmexpress:x' },
    ];
    spares(
      known({ datasets: [zvol], ...closed, nvmetSessions }),
      known({ datasets: [zvol], ...closed }),
      destroyed,
    );
  });

  test('is not destroyed while an NVMe-oF namespace exports it', () => {
    spares(
      known({ datasets: [zvol], ...serving }),
      known({ datasets: [zvol], ...closed }),
      destroyed,
    );
  });

  test.each(['7', '6/1/26', '2026'])('is not due by a mark of %s, which is no instant', (since) => {
    const dated = (date: string): Inventory =>
      known({
        datasets: [aZvol({ marks: { ...due, quarantined: `${id};${date};plan-1` } })],
      });
    spares(dated(since), dated('2026-06-01'), destroyed);
  });
});

describe('a dataset is not called forgotten', () => {
  const forgotten = `dataset-unclaimed ${id}`;

  test('where a volume names a subsystem and the subsystems could not be read', () => {
    const pv = aStaticPv({
      kind: 'csi',
      driver: 'org.democratic-csi.node-manual',
      handle: 'by-hand',
      attributes: {
        node_attach_driver: 'nvmeof',
        nqn: `nqn.2011-06.com.truenas:uuid:1:${HANDLE}`,
      },
    });
    const world = (persistentVolumes: readonly PersistentVolume[]): Inventory =>
      withoutList(
        anInventory({
          persistentVolumes,
          datasets: [aZvol()],
          nvmetSubsystems: [aSubsystem()],
          nvmetNamespaces: [aNamespace()],
        }),
        'nvmetSubsystems',
      );
    spares(world([pv]), world([]), forgotten);
  });

  describe('while an extent exports a snapshot of it', () => {
    const exported = {
      datasets: [aZvol()],
      zfsSnapshots: [
        aZfsSnapshot({ name: 'kept', details: details({ properties: properties() }) }),
      ],
      iscsiTargets: [aTarget({ name: 'restore' })],
      iscsiTargetExtents: [aMapping()],
    };
    const alone = anInventory({ ...exported, iscsiTargets: [], iscsiTargetExtents: [] });
    const iscsiExtents = [anExtent({ name: 'restore', path: `zvol/${id}@kept` })];

    test('to whomever', () => {
      spares(anInventory({ ...exported, iscsiExtents }), alone, forgotten);
    });

    test('to a volume somebody wrote by hand, which claims it', () => {
      const pv = aStaticPv({
        kind: 'iscsi',
        portal: '10.10.0.5:3260',
        iqn: 'iqn.2005-10.org.freenas.ctl:restore',
        lun: 0,
      });
      const world = anInventory({ ...exported, iscsiExtents, persistentVolumes: [pv] });
      const { volumeLinks } = correlate(world, DEFAULT_POLICY).derived;
      const [zvol] = exported.datasets;
      expect(zvol && volumeLinks.usersOf(zvol).map(({ name }) => name)).toContain('by-hand');
    });
  });

  test.each([
    ['by its address', { source: `//nas/k8s/${HANDLE}` }],
    ['by a subdirectory', { source: '//nas/k8s', subdir: HANDLE }],
    ['in other capitals', { source: `//NAS/K8S/${HANDLE.toUpperCase()}` }],
    ['by both', { source: '//nas/k8s/.', subdir: `${HANDLE}/photos` }],
  ])('while a volume uses it through the SMB share of its parent, %s', (_, attributes) => {
    const smbShares = [anSmbShare({ name: 'k8s', path: `/mnt/${PARENT}` })];
    const pv = aStaticPv({ kind: 'csi', driver: 'smb.csi.k8s.io', handle: 'x', attributes });
    const used = anInventory({ datasets: [aDataset()], smbShares, persistentVolumes: [pv] });
    // The share alone keeps it from being certain: anybody may walk in by it. The volume claims it.
    spares(used, anInventory({ datasets: [aDataset()] }), forgotten);
    expect(findingsOf(datasetUnclaimed, used)).toEqual([]);
    expect(
      findingsOf(datasetUnclaimed, anInventory({ datasets: [aDataset()], smbShares })),
    ).toHaveLength(1);
  });

  test.each([
    ['pulls into its parent', { direction: 'PULL', sources: ['far/k8s'], target: PARENT }],
    ['copies into its pool', { local: true, sources: ['ssd/k8s'], target: 'tank' }],
  ] as const)('below what a replication %s: it may be a copy', (_, task) => {
    spares(
      anInventory({ datasets: [aDataset()], replicationTasks: [aReplicationTask(task)] }),
      anInventory({ datasets: [aDataset()], replicationTasks: [aReplicationTask()] }),
      forgotten,
    );
  });

  test('while a content counts on a snapshot of it, even one that no list shows', () => {
    spares(
      anInventory({ datasets: [aDataset()], volumeSnapshotContents: [aContent()] }),
      anInventory({ datasets: [aDataset()], volumeSnapshotContents: [] }),
      forgotten,
    );
  });

  test.each([
    ['names no driver', { driver: null }],
    ['is of another parent by now', { parent: 'tank/new' }],
  ])('where a driver keeps what it deletes, though its Secret %s', (_, secret) => {
    const world = (keepsDeleted: boolean): Inventory =>
      anInventory({
        datasets: [aDataset()],
        driverSecrets: [aDriverSecret({ ...secret, keepsDeleted })],
      });
    spares(world(true), world(false), forgotten);
  });
});

test('a detached copy is not called forgotten in a place shared with a driver of clusters that are not registered', () => {
  const name = `snapshot-${SNAPSHOT_UID}`;
  const copy = `tank/detached/${HANDLE}/${name}`;
  const world = (exclusive: boolean): Inventory =>
    anInventory({
      drivers: [aDriver(), aDriver({ driver: 'org.other', parent: 'tank/other', exclusive })],
      persistentVolumes: [aPv()],
      datasets: [
        aDataset(),
        aFolder('tank/other'),
        aFolder('tank/detached'),
        aFolder(`tank/detached/${HANDLE}`),
        aDataset({
          id: copy,
          properties: properties({
            owner: 'democratic-csi',
            managed: true,
            provisionSuccess: true,
            csiSnapshotName: name,
            csiSnapshotSourceVolumeId: HANDLE,
          }),
        }),
      ],
    });
  const reversed = (world: Inventory): Inventory => ({
    ...world,
    drivers: world.drivers.toReversed(),
  });
  const taken = `detached-snapshot-unclaimed ${copy}`;
  spares(world(false), world(true), taken);
  spares(reversed(world(false)), reversed(world(true)), taken);
});

test('a share of a directory is not called dangling for a comment that is its path', () => {
  const path = `/mnt/${PARENT}/scratch`;
  spares(
    anInventory({ nfsShares: [anNfsShare({ path, comment: path })] }),
    anInventory({
      nfsShares: [
        anNfsShare({ path, comment: `democratic-csi (org.democratic-csi.nfs): ${PARENT}/scratch` }),
      ],
    }),
    `nfs-share-dangling ${path}`,
  );
});

describe('a snapshot without a content', () => {
  const content = aContent({
    name: 'of-another',
    snapshotHandle: `${HANDLE}@snapshot-00000000-0000-4000-8000-000000000077`,
    snapshot: { namespace: 'media', name: 'daily', uid: '00000000-0000-4000-8000-000000000077' },
  });
  const copyName = `snapshot-${SNAPSHOT_UID}`;
  const copy = `tank/detached/${HANDLE}/${copyName}`;
  const world = (over: Partial<VolumeSnapshotClass>): Inventory =>
    anInventory({
      persistentVolumes: [aPv()],
      datasets: [
        aDataset(),
        aFolder('tank/detached'),
        aFolder(`tank/detached/${HANDLE}`),
        aDataset({
          id: copy,
          properties: properties({
            owner: 'democratic-csi',
            managed: true,
            provisionSuccess: true,
            csiSnapshotName: copyName,
            csiSnapshotSourceVolumeId: HANDLE,
          }),
        }),
      ],
      zfsSnapshots: [aZfsSnapshot()],
      volumeSnapshotContents: [content],
      volumeSnapshotClasses: [aSnapshotClass(over)],
    });

  test.each([
    ['keeps what is deleted', { deletionPolicy: 'Retain' }],
    ['is for Velero', { labels: { 'velero.io/csi-volumesnapshot-class': 'true' } }],
  ])('is not called forgotten where a class of its driver %s', (_, over) => {
    for (const [taken, detached] of [
      [`zfs-snapshot-unclaimed ${id}@${copyName}`, false],
      [`detached-snapshot-unclaimed ${copy}`, true],
    ] as const) {
      spares(world({ ...over, detached }), world({ ...over, detached: !detached }), taken);
      spares(world({ ...over, detached }), world({ ...over, detached, driver: 'other' }), taken);
    }
  });
});

describe('what lies among the containers of detached snapshots', () => {
  const world = (container: Dataset, over: Parameters<typeof anInventory>[0] = {}): Inventory =>
    anInventory({ ...over, datasets: [aFolder('tank/detached'), container] });
  const container = aFolder(`tank/detached/${HANDLE}`);
  const deleted = `detached-container-empty ${container.id}`;

  test('is not deleted when it is named like nothing a driver made: a few notes fit into an empty dataset', () => {
    const notes = aFolder('tank/detached/notes');
    const hashed = anInventory({
      datasets: [aFolder('tank/detached'), notes, aDataset({ id: `${PARENT}/notes` })],
    });
    spares(world(notes), hashed, 'detached-container-empty tank/detached/notes');
  });

  test('is not deleted while it is exported, whatever the comment says', () => {
    const nfsShares = [
      anNfsShare({ path: `/mnt/${container.id}`, comment: `CSI volume ${container.id}` }),
    ];
    spares(world(container, { nfsShares }), world(container), deleted);
  });
});

test('volumes whose names could not be followed count as missing with those whose dataset is gone', () => {
  const gone = (n: number, attributes: Readonly<Record<string, string>>): PersistentVolume => {
    const name = `pvc-0000000${n}-0000-4000-8000-000000000099`;
    const driver = 'org.democratic-csi.nfs';
    return aPv({ name, source: { kind: 'csi', driver, handle: name, attributes } });
  };
  const behindSubsystem = { node_attach_driver: 'nvmeof', nqn: 'nqn.2011-06.com.truenas:uuid:1:x' };
  const world = anInventory({
    persistentVolumes: [gone(1, {}), gone(2, behindSubsystem), gone(3, behindSubsystem)],
  });
  const sure = (inventory: Inventory): readonly string[] =>
    findingsOf(pvBackendMissing, inventory)
      .filter(({ confidence }) => confidence === 'certain')
      .map(({ subject }) => subject.name);
  expect(sure(world)).toEqual([]);
  expect(sure(withoutList(world, 'nvmetNamespaces'))).toEqual([]);
});

describe('a dataset whose PersistentVolume is gone is not called forgotten', () => {
  const forgotten = `dataset-unclaimed ${id}`;
  const alone = anInventory({ datasets: [aDataset()] });

  test.each([
    ['Lost, by the name of its volume', aClaim({ phase: 'Lost', uid: 'another' })],
    ['Lost, by its own uid', aClaim({ phase: 'Lost', volumeName: null })],
    ['still Bound', aClaim()],
  ])('while its claim is %s: pods go on using what they have mounted', (_, claim) => {
    spares(
      anInventory({ datasets: [aDataset()], persistentVolumeClaims: [claim] }),
      alone,
      forgotten,
    );
  });

  test('while a node has it attached', () => {
    spares(
      anInventory({ datasets: [aDataset()], volumeAttachments: [anAttachment()] }),
      alone,
      forgotten,
    );
  });

  test.each(['persistentVolumeClaims', 'volumeAttachments'] as const)(
    'for certain where %s could not be read',
    (source) => {
      spares(withoutList(alone, source), alone, forgotten);
    },
  );

  const noted = finished(HANDLE, { iscsiAssetsName: 'k8s-cart', nvmetAssetsName: 'k8s-cart' });
  const manual = (attributes: Readonly<Record<string, string>>): PersistentVolume =>
    aStaticPv({ kind: 'csi', driver: 'org.democratic-csi.node-manual', handle: 'x', attributes });
  test.each([
    ['its target', manual({ node_attach_driver: 'iscsi', iqn: 'iqn.2005-10.org.x:k8s-cart' })],
    ['its subsystem', manual({ node_attach_driver: 'nvmeof', nqn: 'nqn.2011-06.org.x:k8s-cart' })],
    ['its SMB share', manual({ node_attach_driver: 'smb', share: HANDLE })],
  ])('while a volume made by hand names %s, which is gone as well', (_, pv) => {
    const datasets = [aZvol({ properties: noted })];
    spares(
      anInventory({ datasets, persistentVolumes: [pv] }),
      anInventory({ datasets }),
      forgotten,
    );
  });

  test('nor is it destroyed in quarantine', () => {
    const marks = { quarantined: `${id};2026-06-01T00:00:00Z;plan-1`, ignore: null };
    const datasets = [aDataset({ marks })];
    spares(
      known({ datasets, persistentVolumeClaims: [aClaim({ phase: 'Lost' })] }),
      known({ datasets }),
      `dataset-quarantined ${id}`,
    );
  });
});

test('nor is an SMB share of a directory', () => {
  const path = `/mnt/${PARENT}/scratch`;
  const volume = `/mnt/${PARENT}/${HANDLE}`;
  const smbShares = [
    anSmbShare({ id: 7, name: 'scratch', path, comment: path }),
    anSmbShare({ id: 8, name: 'cart', path: volume, comment: volume }),
  ];
  const taken = takenAway(anInventory({ smbShares }));
  expect(taken).toContain('smb-share-dangling cart');
  expect(taken).not.toContain('smb-share-dangling scratch');
});

describe('an export that reaches no disk is not taken away', () => {
  const asset = `csi-${HANDLE}`;
  const unfinishedExports = {
    datasets: [aZvol()],
    iscsiExtents: [anExtent()],
    iscsiTargets: [aTarget()],
    nvmetSubsystems: [aSubsystem()],
  };
  const forgotten = anInventory(unfinishedExports);
  const taken = [
    `iscsi-extent-unmapped ${asset}`,
    `iscsi-target-empty ${asset}`,
    `nvmet-subsystem-empty ${HANDLE}`,
  ];
  const shown = (drivers: readonly DriverConfig[]): Inventory => ({ ...forgotten, drivers });

  test.each(taken)('below a parent that others may use too: %s', (finding) => {
    spares(shown([aDriver({ exclusive: false })]), forgotten, finding);
  });

  test.each(taken)('while a registered cluster shows not one volume: %s', (finding) => {
    const second = clusterWith({}, aCluster({ name: 'dev', uid: 'dev-uid' }));
    spares({ ...forgotten, clusters: [...forgotten.clusters, second] }, forgotten, finding);
  });

  test.each(taken)(
    'while a claim, a pod and an attachment are left of its volume: %s',
    (finding) => {
      const left = {
        persistentVolumeClaims: [aClaim({ phase: 'Lost' })],
        volumeAttachments: [anAttachment()],
        pods: [aPod({ claims: ['library'] })],
      };
      spares(anInventory({ ...unfinishedExports, ...left }), forgotten, finding);
    },
  );

  test.each(taken.slice(0, 2))('while a volume may use its zvol by NVMe-oF: %s', (finding) => {
    const nqn = 'nqn.2011-06.com.truenas:uuid:1:disk';
    const byHand = aStaticPv({
      kind: 'csi',
      driver: 'org.democratic-csi.node-manual',
      handle: 'by-hand',
      attributes: { node_attach_driver: 'nvmeof', nqn },
    });
    const served = {
      ...unfinishedExports,
      nvmetSubsystems: [aSubsystem({ name: 'disk', nqn })],
      nvmetNamespaces: [aNamespace({ subsystem: 'disk' })],
    };
    const used = anInventory({ ...served, persistentVolumes: [byHand] });
    spares(used, anInventory(served), finding);
    spares(withoutList(used, 'nvmetSubsystems'), anInventory(served), finding);
  });

  test.each(['tank/k8s/official', 'tank/k8s_official', 'tank/k8s-old'])(
    'where csi.truenas.io named it after a volume below %s, which is bound',
    (parent) => {
      const handle = `${parent}/${HANDLE}`;
      const name = `csi-${handle.replaceAll(/[/_]/g, '-')}`;
      const driver = 'csi.truenas.io';
      const world = {
        drivers: [aDriver(), aDriver({ driver, parent, detachedSnapshotsParent: null })],
        datasets: [aFolder(parent), aZvol({ id: handle, properties: properties() })],
        nvmetSubsystems: [aSubsystem({ name, nqn: `nqn.2011-06.com.truenas:uuid:1:${name}` })],
      };
      const attributes = { protocol: 'nvmeof', pool: 'tank' };
      const bound = aPv({ source: { kind: 'csi', driver, handle, attributes } });
      spares(
        anInventory({ ...world, persistentVolumes: [bound] }),
        anInventory(world),
        `nvmet-subsystem-empty ${name}`,
      );
    },
  );
});

describe('an export whose zvol was renamed is not taken away', () => {
  const moved = {
    datasets: [aFolder('tank/moved'), aZvol({ id: `tank/moved/${HANDLE}` })],
    iscsiTargets: [aTarget()],
    iscsiExtents: [anExtent()],
    iscsiTargetExtents: [aMapping()],
    nvmetSubsystems: [aSubsystem({ name: 'disk', nqn: null })],
    nvmetNamespaces: [aNamespace({ subsystem: 'disk' })],
  };
  const dangling = [`iscsi-extent-dangling csi-${HANDLE}`, `nvmet-namespace-dangling zvol/${id}`];

  test.each(dangling)('while a host is logged in: %s', (finding) => {
    const iscsiSessions = [{ system: 'nas1', initiator: 'iqn.node', target: `csi-${HANDLE}` }];
    const nvmetSessions = [{ system: 'nas1', subsystemId: 5, host: 'nqn.node' }];
    spares(anInventory({ ...moved, iscsiSessions, nvmetSessions }), anInventory(moved), finding);
  });

  test.each(dangling)('below a parent that others may use too: %s', (finding) => {
    const shared = anInventory({ ...moved, drivers: [aDriver({ exclusive: false })] });
    spares(shared, anInventory(moved), finding);
  });

  test.each(dangling)('while a bound volume has its path for a handle: %s', (finding) => {
    const source = { kind: 'csi', driver: 'csi.truenas.io', handle: id, attributes: {} } as const;
    spares(
      anInventory({ ...moved, persistentVolumes: [aPv({ source })] }),
      anInventory(moved),
      finding,
    );
  });
});

test('a share of a directory among the volumes is not taken away where others may use the parent', () => {
  const share = anNfsShare({ comment: `shop: /mnt/${id}` });
  const world = anInventory({ nfsShares: [share] });
  spares(
    { ...world, drivers: [aDriver({ exclusive: false })] },
    world,
    `nfs-share-dangling /mnt/${id}`,
  );
});

describe('a dataset older than one of the clusters that may use its parent', () => {
  const forgotten = `dataset-unclaimed ${id}`;
  const rebuilt = aCluster({
    name: 'rebuilt',
    uid: 'uid-of-rebuilt',
    createdAt: new Date('2026-10-01T00:00:00Z'),
  });
  const fresh = 'pvc-00000000-0000-4000-8000-000000000002';
  const world = (drivers: readonly DriverConfig[], dataset = aDataset()): Inventory => {
    const inventory = anInventory({
      drivers,
      cluster: aCluster({ createdAt: new Date('2024-01-01T00:00:00Z') }),
      datasets: [dataset, aDataset({ id: `${PARENT}/${fresh}` })],
    });
    const persistentVolumes = [aPv({ cluster: 'rebuilt', name: fresh })];
    return {
      ...inventory,
      clusters: [...inventory.clusters, clusterWith({ persistentVolumes }, rebuilt)],
    };
  };

  test('is not called forgotten: what is left of its own may be that cluster, rebuilt', () => {
    spares(world([aDriver()]), world([aDriver({ cluster: 'prod' })]), forgotten);
  });

  test('nor where the rebuilt cluster may go by the same instance_id', () => {
    const old = aDriver({ cluster: 'prod', instanceId: 'a' });
    const own = aDataset({ properties: finished(HANDLE, { instanceId: 'a' }) });
    const anew = (instanceId: string | null): Inventory =>
      world([old, aDriver({ cluster: 'rebuilt', instanceId })], own);
    spares(anew(null), anew('b'), forgotten);
    spares(anew('a'), anew('b'), forgotten);
  });
});

describe('on a system that may be the replica of the one the driver works on', () => {
  const secret = aDriverSecret({ hosts: ['nas9.example'] });
  const world = (system: string | null, over: Parameters<typeof anInventory>[0] = {}): Inventory =>
    anInventory({ drivers: [aDriver({ system })], driverSecrets: [secret], ...over });

  test('a dataset is not called forgotten, unless it is exported there', () => {
    const replica = { datasets: [aDataset()] };
    const forgotten = `dataset-unclaimed ${id}`;
    spares(world(null, replica), world('nas1', replica), forgotten);
    spares(world(null, replica), world(null, { ...replica, nfsShares: [anNfsShare()] }), forgotten);
  });

  test('a snapshot is not called forgotten', () => {
    const replica = {
      datasets: [aDataset()],
      persistentVolumes: [aPv()],
      zfsSnapshots: [aZfsSnapshot()],
    };
    const taken = `zfs-snapshot-unclaimed ${id}@snapshot-${SNAPSHOT_UID}`;
    spares(world(null, replica), world('nas1', replica), taken);
  });
});

describe('where the list of mappings is empty though a volume names a target that is there', () => {
  const iqn = 'iqn.2005-10.org.freenas.ctl:office';
  const iscsi = { kind: 'iscsi', portal: '10.10.0.5:3260', iqn, lun: 0 } as const;
  const lists = {
    datasets: [aZvol()],
    iscsiTargets: [aTarget({ name: 'office' })],
    iscsiExtents: [anExtent({ name: 'office' })],
  };
  const alone = anInventory(lists);

  test.each([
    ['a PersistentVolume written by hand', { persistentVolumes: [aStaticPv(iscsi)] }],
    ['a pod', { pods: [aPod({ inlineVolumes: [iscsi] })] }],
  ])('nothing on that system is called forgotten for %s', (_, user) => {
    const world = anInventory({ ...lists, ...user });
    // Alone, an extent of another name is somebody else's: there only the extent is a certain finding.
    spares(world, alone, 'iscsi-extent-unmapped office');
    const named = { ...lists, iscsiExtents: [anExtent()] };
    spares(anInventory({ ...named, ...user }), anInventory(named), `dataset-unclaimed ${id}`);
  });
});

describe('a volume of a short name is not called forgotten while somebody exports it', () => {
  const short = `${PARENT}/17`;
  const forgotten = `dataset-unclaimed ${short}`;
  const path = `/mnt/${short}`;
  const marks = finished(HANDLE, { iscsiAssetsName: 'csi-17', nfsShareId: '42' });

  test('by SMB, as photos2017', () => {
    const world = (name: string): Inventory =>
      anInventory({
        datasets: [aDataset({ id: short, properties: marks })],
        smbShares: [anSmbShare({ name, path })],
      });
    spares(world('photos2017'), world('17'), forgotten);
  });

  test('by iSCSI, as photos-csi-17', () => {
    const world = (name: string): Inventory =>
      anInventory({
        datasets: [aZvol({ id: short, properties: marks })],
        iscsiExtents: [anExtent({ name, path: `zvol/${short}` })],
        iscsiTargets: [aTarget({ name })],
        iscsiTargetExtents: [aMapping()],
      });
    spares(world('photos-csi-17'), world('csi-17'), forgotten);
  });

  test('by NFS, as part of another volume’s comment', () => {
    const world = (comment: string): Inventory =>
      anInventory({
        datasets: [aDataset({ id: short, properties: marks })],
        nfsShares: [anNfsShare({ id: 50, path, comment })],
      });
    spares(world(`see ${short}0`), world(`see ${short}`), forgotten);
  });
});

test('nor one whose recorded share id belongs to somebody else’s share by now', () => {
  const nfsShares = [anNfsShare({ id: 42, comment: 'office' }), anNfsShare({ id: 50 })];
  const datasets = [aDataset({ properties: finished(HANDLE, { nfsShareId: '42' }) })];
  spares(
    anInventory({ datasets, nfsShares }),
    anInventory({ datasets, nfsShares: nfsShares.slice(1) }),
    `dataset-unclaimed ${id}`,
  );
});
