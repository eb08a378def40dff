import { type LabDataset, type LabSnapshot, type LabSystem } from '../world.ts';
import { DAY } from './instants.ts';
import { type Shape, type Shortfall, shortfallOf } from './shape.ts';

/** What one dataset held itself at an instant. */
export interface Held {
  readonly used: number;
  readonly reserved: number;
  readonly snapshots: number;
  readonly snapshotCount: number;
  /** Before compression. */
  readonly logical: number;
}

/** Something is always left of a dataset, however fast it grew. */
const LEAST = 0.02;

/** Periodic tasks remove as many snapshots as they make. */
const PERIODIC = '@auto-';
const PERIODIC_SINCE = 3 * DAY;

/** One dataset with its snapshots, and what they held before the present. */
export class DatasetPast {
  readonly dataset: LabDataset;
  readonly createdAt: number;
  readonly #snapshots: readonly LabSnapshot[];
  readonly #shortfall: Shortfall;
  readonly #now: number;

  constructor(
    dataset: LabDataset,
    snapshots: readonly LabSnapshot[],
    shape: Shape,
    { now, since }: { readonly now: number; readonly since: number },
  ) {
    this.dataset = dataset;
    this.createdAt = Date.parse(dataset.createdAt);
    this.#snapshots = snapshots;
    this.#now = now;
    const from = Math.max(since, this.createdAt);
    this.#shortfall = shortfallOf(dataset.guid, shape, now, from);
  }

  /** Undefined before it was made. */
  heldAt(at: number): Held | undefined {
    if (at < this.createdAt) return undefined;
    const { usedbydataset, usedbyrefreservation, compressRatio = 1 } = this.dataset;
    const least = usedbydataset * LEAST;
    const used = Math.round(Math.max(least, usedbydataset - this.#shortfall(at)));
    const { bytes, count } = this.#snapshotsAt(at);
    return {
      used,
      reserved: usedbyrefreservation,
      snapshots: bytes,
      snapshotCount: count,
      logical: Math.round((used + bytes) * compressRatio),
    };
  }

  /** A snapshot holds the more alone the longer its dataset goes on changing. */
  #snapshotsAt(at: number): { readonly bytes: number; readonly count: number } {
    let alone = 0;
    let bytes = 0;
    let count = 0;
    for (const { id, createdAt, used } of this.#snapshots) {
      const made = Date.parse(createdAt);
      alone += used;
      if (id.includes(PERIODIC)) {
        if (at < this.createdAt + PERIODIC_SINCE) continue;
        bytes += used;
      } else {
        if (at < made) continue;
        bytes += made === this.#now ? used : (used * (at - made)) / (this.#now - made);
      }
      count += 1;
    }
    const together = count === 0 ? 0 : Math.max(0, this.dataset.usedbysnapshots - alone);
    return { bytes: Math.round(bytes + together), count };
  }
}

/** Every dataset of a system with its past, by path. */
export function pastsOf(
  system: LabSystem,
  shapeOf: (dataset: LabDataset) => Shape,
  span: { readonly now: number; readonly since: number },
): ReadonlyMap<string, DatasetPast> {
  const snapshots = Map.groupBy(system.snapshots, ({ id }) => id.slice(0, id.indexOf('@')));
  return new Map(
    system.datasets.map((dataset) => [
      dataset.id,
      new DatasetPast(dataset, snapshots.get(dataset.id) ?? [], shapeOf(dataset), span),
    ]),
  );
}
