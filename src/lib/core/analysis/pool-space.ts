import { systemItems } from '../correlate/derive.ts';
import { type Space } from '../model/history.ts';
import { type Dataset, type Pool } from '../model/truenas.ts';
import { bytes, type Bytes } from '../model/units.ts';
import { logicalOf, type Measurable, total } from './measured.ts';
import { type SnapshotsByDataset } from './snapshot-counts.ts';
import { promisedTo, type VolumeSpace } from './volume-space.ts';

/** A pool and what is gone from it. */
export interface PoolSpace {
  readonly pool: Pool;
  /** Usable bytes, so without parity; null where neither the pool nor its root dataset tells. */
  readonly capacity: Bytes | null;
  readonly available: Bytes | null;
  /** Raw disks, parity included: its root dataset does not tell. */
  readonly isRaw: boolean;
  /** Null where it is not known what is used. */
  readonly space: Space | null;
  /** Volumes of Kubernetes on it. */
  readonly volumes: number;
}

/** What can be filled at all, and how much of it is left. */
export interface UsableSpace {
  readonly capacity: Bytes | null;
  readonly used: Bytes | null;
  readonly available: Bytes | null;
  readonly isRaw: boolean;
}

/** Of a pool whose root dataset was not listed: its raw disks would pass for what can be written. */
const UNKNOWN: UsableSpace = { capacity: null, used: null, available: null, isRaw: false };

/**
 * Usable space of a pool, in bytes. Its root dataset counts what can be written; the pool itself counts raw disks, parity
 * included, and stands in where the dataset does not tell.
 */
export function usableSpace(pool: Pool, root: Dataset | undefined): UsableSpace {
  const used = root?.used?.bytes ?? null;
  const available = root?.available?.bytes ?? null;
  if (used !== null && available !== null) {
    return { capacity: total([used, available]), used, available, isRaw: false };
  }
  const { size, allocated, free } = pool;
  return { capacity: size, used: allocated, available: free, isRaw: size !== null };
}

interface Sums {
  snapshots: number;
  provisioned: number;
  volumes: number;
  count: number | null;
  root: Dataset | undefined;
}

/** Everything of a pool that is a sum over its datasets. */
class PoolSums {
  readonly #pools = new Map<string, Sums>();

  of({ system, pool }: { readonly system: string; readonly pool: string }): Sums {
    const key = `${system} ${pool}`;
    let sums = this.#pools.get(key);
    if (sums === undefined) {
      sums = { snapshots: 0, provisioned: 0, volumes: 0, count: 0, root: undefined };
      this.#pools.set(key, sums);
    }
    return sums;
  }
}

function sumUp(
  { inventory, derived }: Measurable,
  volumes: readonly VolumeSpace[],
  snapshots: SnapshotsByDataset,
): PoolSums {
  const pools = new PoolSums();
  const linked = new Set<Dataset>();
  for (const { dataset, space } of volumes) {
    const sums = pools.of(dataset);
    linked.add(dataset);
    sums.volumes += 1;
    sums.provisioned += space.provisioned;
  }
  for (const dataset of systemItems(inventory, 'datasets')) {
    const sums = pools.of(dataset);
    addDataset(sums, dataset, snapshots.of(dataset.system, dataset.id)?.length);
    // What drivers made was promised as well, whether or not a volume still stands for it.
    if (!linked.has(dataset) && derived.parents.parentOf(dataset.system, dataset.id)) {
      sums.provisioned += promisedTo(dataset, undefined);
    }
  }
  return pools;
}

function addDataset(sums: Sums, dataset: Dataset, count: number | undefined): void {
  if (dataset.id === dataset.pool) sums.root = dataset;
  sums.snapshots += dataset.usedBySnapshots?.bytes ?? 0;
  sums.count = count === undefined || sums.count === null ? null : sums.count + count;
}

/** Space of every pool that was listed. */
export function poolSpaces(
  evidence: Measurable,
  volumes: readonly VolumeSpace[],
  snapshots: SnapshotsByDataset,
): readonly PoolSpace[] {
  const pools = sumUp(evidence, volumes, snapshots);
  return systemItems(evidence.inventory, 'pools').map((pool) => {
    const sums = pools.of({ system: pool.system, pool: pool.name });
    const { capacity, used, available, isRaw } =
      sums.root === undefined ? UNKNOWN : usableSpace(pool, sums.root);
    return {
      pool,
      capacity,
      available,
      isRaw,
      space: used === null ? null : spaceWithin(used, sums),
      volumes: sums.volumes,
    };
  });
}

function spaceWithin(used: Bytes, { snapshots, provisioned, count, root }: Sums): Space {
  const held = bytes(Math.min(snapshots, used));
  return {
    used: bytes(used - held),
    snapshots: held,
    logical: logicalOf(used, root?.compressRatio ?? null),
    provisioned: total([provisioned]),
    snapshotCount: count,
  };
}
