import { type Measurable } from './measured.ts';
import { type Space } from '../model/history.ts';
import { type PoolSpace, poolSpaces } from './pool-space.ts';
import { type SnapshotsByDataset, snapshotsByDataset } from './snapshot-counts.ts';
import { addSpaces, type VolumeSpace, volumeSpaces } from './volume-space.ts';

/** The volumes of one StorageClass of one cluster, taken together. */
export interface ClassSpace {
  readonly cluster: string;
  readonly storageClass: string;
  readonly volumes: number;
  readonly space: Space;
}

/** Space as one scan saw it: what history records, and analysis begins with. */
export interface EstateSpace {
  readonly pools: readonly PoolSpace[];
  readonly classes: readonly ClassSpace[];
  readonly volumes: readonly VolumeSpace[];
  /** Volumes of which ZFS did not tell what they take. */
  readonly unmeasured: number;
  readonly snapshots: SnapshotsByDataset;
}

function classSpaces(volumes: readonly VolumeSpace[]): readonly ClassSpace[] {
  const classes = new Map<
    string,
    { readonly cluster: string; readonly storageClass: string; readonly spaces: Space[] }
  >();
  for (const { pv, space } of volumes) {
    const { cluster, storageClass } = pv;
    if (storageClass === null) continue;
    const key = `${cluster} ${storageClass}`;
    const known = classes.get(key);
    if (known === undefined) classes.set(key, { cluster, storageClass, spaces: [space] });
    else known.spaces.push(space);
  }
  return [...classes.values()].map(({ cluster, storageClass, spaces }) => ({
    cluster,
    storageClass,
    volumes: spaces.length,
    space: addSpaces(spaces),
  }));
}

/** Needs `pools`, `datasets` and `persistentVolumes`; counts snapshots where `zfsSnapshots` was listed. */
export function estateSpace(evidence: Measurable): EstateSpace {
  const snapshots = snapshotsByDataset(evidence);
  const { volumes, unmeasured } = volumeSpaces(evidence, snapshots);
  return {
    pools: poolSpaces(evidence, volumes, snapshots),
    classes: classSpaces(volumes),
    volumes,
    unmeasured,
    snapshots,
  };
}
