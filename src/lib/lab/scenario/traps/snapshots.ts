import { also, certain, defineScenario, likely } from '../build/define.ts';
import { uuidOf } from '../build/identity.ts';
import { addOne, addSound, finish, newSite } from '../build/site.ts';
import { addPeriodicSnapshots, addSnapshot, addZfsSnapshot } from '../build/snapshot.ts';
import { addDataset, GIB, MIB, objectsOf } from '../build/stage.ts';
import { type Volume } from '../build/volume.ts';
import { type ExpectedFinding, type Scenario } from '../world.ts';

function addClone(source: Volume, claim: string, id: string, origin: string): Volume {
  const type = id === source.handle ? 'volume' : 'snapshot';
  return addOne(source.deployment, claim, { days: 60.5, source: { type, id, origin } });
}

/** Clones a claim: the clone hangs on a snapshot that no VolumeSnapshot stands for. */
function addClaimClone(source: Volume, claim: string, deferDestroy = false): Volume {
  const clone = addClone(source, claim, source.handle, '');
  const origin = `${source.dataset}@volume-source-for-volume-${clone.handle}`;
  addZfsSnapshot(source.deployment.nas, origin, { days: 60.5, deferDestroy });
  if (clone.record !== undefined) clone.record.origin = origin;
  return clone;
}

/** Snapshots of every origin, of which few are the driver's and fewer are forgotten. */
export const SNAPSHOT_TRAPS: readonly Scenario[] = [
  defineScenario({
    name: 'clones',
    description: 'volumes restored from a snapshot and cloned from a claim hang on snapshots',
    row: 9,
    build(version) {
      const site = newSite(version);
      for (const source of [...addSound(site.nfs, 2), ...addSound(site.iscsi, 2)]) {
        const name = source.claimName;
        const snapshot = addSnapshot(source, { name: `${name}-before`, days: 61.5 });
        addClone(source, `apps/restored-${name}`, snapshot.handle, snapshot.id);
        addClaimClone(source, `apps/cloned-${name}`);
      }
      return finish(site, []);
    },
  }),
  defineScenario({
    name: 'detached-snapshots',
    description: 'detached snapshots are datasets with properties, in containers without any',
    row: 10,
    build(version) {
      const site = newSite(version);
      for (const volume of [...addSound(site.nfs, 2), ...addSound(site.iscsi, 2)]) {
        const name = `${volume.claimName}-monthly`;
        addSnapshot(volume, { name, days: 30.5, detached: true, policy: 'Retain' });
      }
      // Its content is gone: by that no volume is forgotten, and no ZFS snapshot.
      const volume = addOne(site.nfs, 'apps/without-content');
      const left = addSnapshot(volume, {
        name: 'kept',
        days: 90.5,
        detached: true,
        gone: ['content', 'snapshot'],
      });
      return finish(site, [certain('detached-snapshot-unclaimed', left.id)]);
    },
  }),
  defineScenario({
    name: 'foreign-snapshots',
    description: 'periodic, sanoid and replication snapshots inherit every property of the volume',
    row: 11,
    build(version) {
      const site = newSite(version);
      for (const { dataset } of [...addSound(site.nfs, 2), ...addSound(site.iscsi, 2)]) {
        addPeriodicSnapshots(site.nas, dataset, [1, 2, 30]);
        addZfsSnapshot(site.nas, `${dataset}@autosnap_2026-10-20_00:00:01_daily`, { days: 33.5 });
        addZfsSnapshot(site.nas, `${dataset}@syncoid_backup_2026-10-21:03:00:00`, { days: 32.4 });
        addZfsSnapshot(site.nas, `${dataset}@by-hand`, { days: 80.5, used: MIB });
      }
      return finish(site, []);
    },
  }),
  defineScenario({
    name: 'inherited-snapshot-name',
    description:
      'snapshots that look like the driver took them, by name or by an inherited property',
    row: 12,
    build(version) {
      const site = newSite(version);
      const [file] = addSound(site.nfs, 3);
      if (file === undefined) return finish(site, []);
      const detached = addSnapshot(file, { name: 'monthly', days: 50.5, detached: true });
      addPeriodicSnapshots(site.nas, detached.id, [1, 2]);
      addZfsSnapshot(site.nas, `${detached.id}@snapshot-${uuidOf('by hand')}`, { days: 40.5 });
      // The driver's manner of naming, and nothing of the driver's on it.
      addZfsSnapshot(site.nas, `${file.dataset}@snapshot-${uuidOf('by hand')}`, { days: 45.5 });
      addZfsSnapshot(site.nas, `${file.dataset}@snapshot-${uuidOf('renamed')}`, {
        days: 45.5,
        userProperties: {
          'democratic-csi:csi_snapshot_name': `snapshot-${uuidOf('first name')}`,
          'democratic-csi:csi_snapshot_source_volume_id': file.handle,
          'democratic-csi:managed_resource': 'true',
        },
      });
      return finish(site, []);
    },
  }),
  defineScenario({
    name: 'snapshots-in-use',
    description:
      'forgotten snapshots on which a hold, a clone or a replication leans, and one on which nothing does',
    row: 24,
    build(version) {
      const site = newSite(version);
      const volumes = addSound(site.iscsi, 6);
      for (const volume of volumes) {
        for (const days of [7.5, 14.5, 21.5, 28.5]) {
          addSnapshot(volume, { name: `${volume.claimName}-${days}`, days });
        }
      }
      const [free, held, cloned, sent] = volumes;
      if (!free || !held || !cloned || !sent) return finish(site, []);
      const left = { days: 50.5, used: MIB, gone: ['content', 'snapshot'] } as const;
      const certainOne = addSnapshot(free, { name: 'left', ...left });
      const heldOne = addSnapshot(held, { name: 'left', ...left, holds: ['truenas'] });
      const clonedOne = addSnapshot(cloned, { name: 'left', ...left });
      addClone(cloned, 'apps/restored', clonedOne.handle, clonedOne.id);
      const sentOne = addSnapshot(sent, { name: 'left', ...left });
      addDataset(site.nas, 'tank/backup', { days: 300.5 });
      site.nas.system.replicationTasks.push({
        id: 1,
        name: 'one disk, off site',
        sources: [sent.dataset],
        target: 'tank/backup',
        recursive: false,
        enabled: true,
      });
      return finish(site, [
        certain('zfs-snapshot-unclaimed', certainOne.id),
        also(likely('zfs-snapshot-unclaimed', heldOne.id), { safe: false }),
        also(likely('zfs-snapshot-unclaimed', clonedOne.id), { safe: false }),
        also(likely('zfs-snapshot-unclaimed', sentOne.id), { safe: false }),
      ]);
    },
  }),
  defineScenario({
    name: 'no-snapshot-crds',
    description:
      'the snapshot CRDs are not installed, while the NAS still holds snapshots of the driver',
    row: 25,
    build(version) {
      const site = newSite(version);
      addSound(site.nfs, 3);
      const kept = addOne(site.nfs, 'apps/kept', {
        gone: ['claim'],
        policy: 'Retain',
        releasedDays: 20.5,
      });
      addSnapshot(kept, { name: 'before', days: 60.5, gone: ['content', 'snapshot'] });
      const { cluster } = site.cluster;
      cluster.missingGroups = ['snapshot.storage.k8s.io'];
      for (const resource of Object.keys(cluster.objects)) {
        if (resource.startsWith('volumesnapshot')) objectsOf(cluster, resource).length = 0;
      }
      return finish(site, [certain('pv-released', kept.name)]);
    },
  }),
  defineScenario({
    name: 'content-without-handle',
    description: 'snapshots whose content has no handle yet, or that have no content yet',
    row: 26,
    build(version) {
      const site = newSite(version);
      const [file] = addSound(site.nfs, 2);
      const [disk] = addSound(site.iscsi, 2);
      const expected: ExpectedFinding[] = [];
      for (const volume of [file, disk]) {
        if (volume === undefined) continue;
        // Older than the threshold: only the uid of the VolumeSnapshot speaks for them.
        addSnapshot(volume, { name: `${volume.claimName}-new`, days: 2.5, unreported: true });
        addSnapshot(volume, {
          name: `${volume.claimName}-newer`,
          days: 1.5,
          unreported: true,
          gone: ['content'],
        });
        // Not ready for so long is a fault; that they are forgotten on the NAS would be none.
        expected.push(
          certain('snapshot-not-ready', `apps/${volume.claimName}-new`),
          certain('snapshot-not-ready', `apps/${volume.claimName}-newer`),
        );
      }
      return finish(site, expected);
    },
  }),
  defineScenario({
    name: 'velero-contents',
    description: 'a backup tool keeps snapshot contents after their VolumeSnapshots are gone',
    row: 27,
    build(version) {
      const site = newSite(version);
      const volumes = [...addSound(site.nfs, 2), ...addSound(site.iscsi, 2)];
      const kept = volumes.map((volume) =>
        addSnapshot(volume, {
          name: `velero-${volume.claimName}-q8wzn`,
          days: 12.5,
          used: GIB,
          policy: 'Retain',
          gone: ['snapshot'],
          contentLabels: {
            'velero.io/backup-name': 'weekly-20261110',
            'velero.io/pvc-namespace': volume.namespace,
          },
        }),
      );
      return finish(
        site,
        kept.map(({ contentName }) =>
          also(likely('snapshot-content-unclaimed', contentName), { safe: false, says: 'Velero' }),
        ),
      );
    },
  }),
  defineScenario({
    name: 'deferred-origins',
    description: 'origins of living clones that are marked for deferred destruction',
    row: 39,
    build(version) {
      const site = newSite(version);
      for (const source of [...addSound(site.nfs, 1), ...addSound(site.iscsi, 1)]) {
        const name = source.claimName;
        addClaimClone(source, `apps/cloned-${name}`, true);
        const days = 61.5;
        const kept = addSnapshot(source, { name: `${name}-before`, days, deferDestroy: true });
        addClone(source, `apps/restored-${name}`, kept.handle, kept.id);
      }
      return finish(site, []);
    },
  }),
];
