import { clusterItems } from '../correlate/derive.ts';
import { type Space } from '../model/history.ts';
import { type PersistentVolume } from '../model/kubernetes.ts';
import { type Dataset } from '../model/truenas.ts';
import { type Bytes } from '../model/units.ts';
import { logicalOf, type Measurable, NOTHING, ownBytes, total } from './measured.ts';
import { type SnapshotsByDataset } from './snapshot-counts.ts';

/** A PersistentVolume and the dataset or zvol behind it, with the space that takes. */
export interface VolumeSpace {
  readonly pv: PersistentVolume;
  readonly dataset: Dataset;
  readonly space: Space;
}

export interface VolumeSpaces {
  /** In the order of the list; a dataset that several volumes stand for is counted with the first. */
  readonly volumes: readonly VolumeSpace[];
  /** Volumes of which ZFS did not tell what they take. */
  readonly unmeasured: number;
}

/** What a volume was promised: its quota, its size as a zvol, or else what Kubernetes says. */
export function promisedTo(dataset: Dataset, pv: PersistentVolume | undefined): Bytes {
  return (dataset.volsize ?? dataset.refquota ?? pv?.capacity ?? null)?.bytes ?? NOTHING;
}

/** Space of one dataset; undefined where ZFS did not tell. */
export function spaceOf(
  dataset: Dataset,
  pv: PersistentVolume | undefined,
  snapshots: SnapshotsByDataset,
): Space | undefined {
  const used = ownBytes(dataset);
  if (used === null) return undefined;
  const held = dataset.usedBySnapshots?.bytes ?? NOTHING;
  return {
    used,
    snapshots: held,
    logical: logicalOf(used + held, dataset.compressRatio),
    provisioned: promisedTo(dataset, pv),
    snapshotCount: snapshots.of(dataset.system, dataset.id)?.length ?? null,
  };
}

/** Space of every PersistentVolume whose dataset was found. */
export function volumeSpaces(
  { inventory, derived }: Measurable,
  snapshots: SnapshotsByDataset,
): VolumeSpaces {
  const counted = new Set<Dataset>();
  const volumes: VolumeSpace[] = [];
  let unmeasured = 0;
  for (const { volume: pv, backend } of derived.volumeLinks.backed(
    clusterItems(inventory, 'persistentVolumes'),
  )) {
    if (backend.state !== 'found' || counted.has(backend.dataset)) continue;
    const { dataset } = backend;
    counted.add(dataset);
    const space = spaceOf(dataset, pv, snapshots);
    if (space === undefined) unmeasured += 1;
    else volumes.push({ pv, dataset, space });
  }
  return { volumes, unmeasured };
}

/** Several spaces as one. What is not known of one is not known of all. */
export function addSpaces(spaces: readonly Space[]): Space {
  const known = spaces.flatMap(({ logical }) => logical ?? []);
  const counts = spaces.flatMap(({ snapshotCount }) => snapshotCount ?? []);
  return {
    used: total(spaces.map(({ used }) => used)),
    snapshots: total(spaces.map(({ snapshots }) => snapshots)),
    logical: known.length === spaces.length ? total(known) : null,
    provisioned: total(spaces.map(({ provisioned }) => provisioned)),
    snapshotCount: counts.length === spaces.length ? total(counts) : null,
  };
}
