import { certain, likely } from '../build/define.ts';
import { type Deployment } from '../build/deployment.ts';
import { unclaimed } from '../build/expect.ts';
import { addExtent, addSubsystem, addTarget, zvolPath } from '../build/exports.ts';
import { addOne } from '../build/site.ts';
import { addSnapshot, addZfsSnapshot } from '../build/snapshot.ts';
import { addDataset, MIB } from '../build/stage.ts';
import { type Volume } from '../build/volume.ts';
import { type ExpectedFinding } from '../world.ts';

/*
 * One of each thing that can be left behind by a democratic-csi deployment, and what is to be found of it.
 */

/** Whether TrueNAS exports the volumes: the generic drivers do that by other means. */
function exportsThroughTrueNas({ kind }: Deployment): boolean {
  return !kind.startsWith('zfs-generic');
}

/** What the lists of PersistentVolumes and claims show, with the NAS beside them. */
export function addVolumeFaults(deployment: Deployment): ExpectedFinding[] {
  const destroyed = addOne(deployment, 'faults/destroyed', { gone: ['dataset', 'share'] });
  const forgotten = addOne(deployment, 'faults/forgotten', { gone: ['pv', 'claim'] });
  const half = addOne(deployment, 'faults/half-made', { stopsAt: 'share', gone: ['claim'] });
  const released = addOne(deployment, 'faults/released', {
    gone: ['claim'],
    policy: 'Retain',
    releasedDays: 30.5,
  });
  addOne(deployment, 'faults/lost', { gone: ['pv', 'dataset', 'share'] });
  return [
    certain('pv-backend-missing', destroyed.name),
    ...unclaimed(forgotten),
    certain('dataset-half-provisioned', half.dataset),
    certain('pv-released', released.name),
    certain('pvc-lost', 'faults/lost'),
  ];
}

/** What the exports alone show. */
export function addExportFaults(deployment: Deployment): ExpectedFinding[] {
  if (!exportsThroughTrueNas(deployment)) return [];
  const unshared = addOne(deployment, 'faults/not-shared', { gone: ['share'] });
  const left = addOne(deployment, 'faults/only-exported', { gone: ['pv', 'claim', 'dataset'] });
  const missing = certain('share-missing', unshared.name);
  switch (deployment.protocol) {
    case 'nfs':
      return [missing, certain('nfs-share-dangling', `/mnt/${left.dataset}`)];
    case 'smb':
      // It has no comment that says who made it, so only a volume's own name in it does.
      return [
        missing,
        (left.assets.includes(left.name) ? certain : likely)('smb-share-dangling', left.assets),
      ];
    case 'iscsi':
      return [
        missing,
        certain('iscsi-extent-dangling', left.assets),
        ...addIscsiFaults(deployment),
      ];
    case 'nvmeof':
      return [
        missing,
        certain('nvmet-namespace-dangling', zvolPath(left.dataset)),
        ...addNvmeofFaults(deployment),
      ];
  }
}

/** Seen for the first time, these may still be in the making: TrueNAS does not say how old they are. */
function addIscsiFaults({ nas, parent, assetPrefix, assetSuffix }: Deployment): ExpectedFinding[] {
  const target = `${assetPrefix}pvc-without-extent${assetSuffix}`;
  addTarget(nas, target);
  const extent = `${assetPrefix}pvc-unmapped${assetSuffix}`;
  const zvol = `${parent}/pvc-unmapped`;
  addExtent(nas, extent, zvolPath(zvol));
  return [likely('iscsi-target-empty', target), certain('iscsi-extent-dangling', extent)];
}

function addNvmeofFaults({ nas, assetPrefix, assetSuffix }: Deployment): ExpectedFinding[] {
  const subsystem = `${assetPrefix}pvc-without-namespace${assetSuffix}`;
  addSubsystem(nas, subsystem);
  return [likely('nvmet-subsystem-empty', subsystem)];
}

/** What snapshots leave behind. */
export function addSnapshotFaults(deployment: Deployment, sound: Volume): ExpectedFinding[] {
  const gone = ['content', 'snapshot'] as const;
  for (const days of [8.5, 15.5, 22.5, 29.5]) {
    addSnapshot(sound, { name: `weekly-${days}`, days });
    addSnapshot(sound, { name: `copy-${days}`, days, detached: true, policy: 'Retain' });
  }
  const left = addSnapshot(sound, { name: 'left', days: 40.5, used: MIB, gone });
  const copy = addSnapshot(sound, { name: 'copy-left', days: 45.5, detached: true, gone });
  const hollow = addSnapshot(sound, { name: 'hollow', days: 20.5, gone: ['backend'] });
  const container = `${deployment.detachedParent}/pvc-10906097-0000-4000-8000-000000000000`;
  addDataset(deployment.nas, container, { days: 60.5 });
  const temporary = `${sound.dataset}@volume-source-for-volume-pvc-20906097-0000-4000-8000-000000000000`;
  addZfsSnapshot(deployment.nas, temporary, { days: 55.5, used: MIB });
  return [
    certain('zfs-snapshot-unclaimed', left.id),
    certain('detached-snapshot-unclaimed', copy.id),
    certain('snapshot-content-backend-missing', hollow.contentName),
    certain('detached-container-empty', container),
    certain('temp-snapshot-leftover', temporary),
  ];
}

/** A clone of a claim, and a volume restored from a snapshot: both hang on a snapshot of another volume. */
export function addClones(source: Volume): void {
  const { deployment } = source;
  const snapshot = addSnapshot(source, { name: 'before-clone', days: 61.5 });
  addOne(deployment, 'apps/restored', {
    days: 60.5,
    source: { type: 'snapshot', id: snapshot.handle, origin: snapshot.id },
  });
  const clone = addOne(deployment, 'apps/cloned', {
    days: 60.5,
    source: { type: 'volume', id: source.handle, origin: '' },
  });
  const origin = `${source.dataset}@volume-source-for-volume-${clone.handle}`;
  addZfsSnapshot(deployment.nas, origin, { days: 60.5 });
  if (clone.record !== undefined) clone.record.origin = origin;
}
