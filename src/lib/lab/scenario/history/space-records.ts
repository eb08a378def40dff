import { type HistoryRecord, type SpacePoint } from '../../../core/model/history.ts';
import { bytes } from '../../../core/model/units.ts';
import { usableOf } from '../pool-space.ts';
import { type LabDataset, type LabPool, type LabSystem, type World } from '../world.ts';
import { shapesOf } from './demo-shapes.ts';
import { allInstants, type Instants } from './instants.ts';
import { type DatasetPast, type Held, pastsOf } from './space-past.ts';
import { type BackedVolume, backedVolumes } from './volumes.ts';

type RecordOf<K extends HistoryRecord['kind']> = Extract<HistoryRecord, { readonly kind: K }>;

/** ZFS tells how well data compress with two digits, and a scan knows no better. */
const roundedRatio = (logical: number, physical: number): number =>
  Math.max(1, Number((physical === 0 ? 1 : logical / physical).toFixed(2)));

const promisedTo = ({ volsize, refquota }: LabDataset): number => volsize ?? refquota ?? 0;

function pointOf(at: number, dataset: LabDataset, held: Held): SpacePoint {
  const { used, snapshots, snapshotCount, logical } = held;
  return {
    at: new Date(at),
    used: bytes(used),
    snapshots: bytes(snapshots),
    logical: bytes(Math.round((used + snapshots) * roundedRatio(logical, used + snapshots))),
    provisioned: bytes(promisedTo(dataset)),
    snapshotCount,
  };
}

interface VolumePast {
  readonly volume: BackedVolume;
  readonly past: DatasetPast;
}

/** Everything of a world that takes space, looked back upon. */
export class SpaceRecords {
  readonly #world: World;
  readonly #instants: Instants;
  readonly #pasts: ReadonlyMap<LabSystem, ReadonlyMap<string, DatasetPast>>;
  readonly #volumes: readonly VolumePast[];

  constructor(world: World, instants: Instants) {
    const now = Date.parse(world.now);
    const since = instants.daily[0] ?? now;
    const volumes = backedVolumes(world);
    this.#world = world;
    this.#instants = instants;
    this.#pasts = new Map(
      world.systems.map((system) => {
        const own = volumes.filter((each) => each.system === system);
        return [system, pastsOf(system, shapesOf(own, now), { now, since })];
      }),
    );
    this.#volumes = volumes.flatMap((volume) => {
      const past = this.#pasts.get(volume.system)?.get(volume.dataset);
      return past === undefined ? [] : [{ volume, past }];
    });
  }

  *pools(): Iterable<RecordOf<'pool'>> {
    for (const [system, pasts] of this.#pasts) {
      for (const pool of system.pools.filter(({ imported }) => imported)) {
        const inPool = [...pasts.values()].filter(({ dataset }) => isIn(pool, dataset));
        for (const at of allInstants(this.#instants)) {
          const point = this.#poolPoint(at, system, inPool);
          const { name, guid } = pool;
          if (point === undefined) continue;
          const capacity = bytes(usableOf(pool));
          yield {
            kind: 'pool',
            hostId: system.hostId,
            pool: guid,
            name,
            point: { ...point, capacity },
          };
        }
      }
    }
  }

  /** Undefined before the pool was made. */
  #poolPoint(at: number, system: LabSystem, pasts: readonly DatasetPast[]): SpacePoint | undefined {
    const parents = new Set(this.#parentsOn(system));
    const linked = new Set(this.#volumes.map(({ past }) => past));
    let used = 0;
    let written = 0;
    let snapshots = 0;
    let snapshotCount = 0;
    let logical = 0;
    let provisioned = 0;
    let exists = false;
    for (const past of pasts) {
      const held = past.heldAt(at);
      if (held === undefined) continue;
      const { id } = past.dataset;
      exists ||= !id.includes('/');
      used += held.used + held.reserved;
      written += held.used + held.snapshots;
      snapshots += held.snapshots;
      snapshotCount += held.snapshotCount;
      logical += held.logical;
      if (linked.has(past) || parents.has(id.slice(0, id.lastIndexOf('/')))) {
        provisioned += promisedTo(past.dataset);
      }
    }
    if (!exists) return undefined;
    return {
      at: new Date(at),
      used: bytes(used),
      snapshots: bytes(snapshots),
      logical: bytes(Math.round((used + snapshots) * roundedRatio(logical, written))),
      provisioned: bytes(provisioned),
      snapshotCount,
    };
  }

  #parentsOn({ name }: LabSystem): readonly string[] {
    return this.#world.drivers.flatMap(({ system, parent }) =>
      system === name && parent !== undefined ? [parent] : [],
    );
  }

  *classes(): Iterable<RecordOf<'class'>> {
    for (const cluster of this.#world.clusters) {
      const own = this.#volumes.filter(({ volume }) => volume.cluster === cluster);
      const byClass = Map.groupBy(own, ({ volume }) => volume.storageClass);
      for (const [storageClass, volumes] of byClass) {
        if (storageClass === null) continue;
        for (const at of this.#instants.daily) {
          const points = volumes.flatMap((each) => pointAt(each, at) ?? []);
          if (points.length === 0) continue;
          yield {
            kind: 'class',
            clusterUid: cluster.uid,
            storageClass,
            volumes: points.length,
            point: sumOf(at, points),
          };
        }
      }
    }
  }

  *volumes(): Iterable<RecordOf<'volume'>> {
    for (const each of this.#volumes) {
      const { cluster, system, dataset, volume, namespace, claim, storageClass } = each.volume;
      const key = { hostId: system.hostId, dataset, createdAt: new Date(each.past.createdAt) };
      const names = { clusterUid: cluster.uid, volume, namespace, claim, storageClass };
      for (const at of this.#instants.daily) {
        const point = pointAt(each, at);
        if (point !== undefined) yield { kind: 'volume', ...key, ...names, point };
      }
    }
  }
}

function isIn({ name }: LabPool, { id }: LabDataset): boolean {
  return id === name || id.startsWith(`${name}/`);
}

/** Undefined before both its sides were there. */
function pointAt({ volume, past }: VolumePast, at: number): SpacePoint | undefined {
  const held = at < volume.createdAt ? undefined : past.heldAt(at);
  return held === undefined ? undefined : pointOf(at, past.dataset, held);
}

function sumOf(at: number, points: readonly SpacePoint[]): SpacePoint {
  const sum = (valueOf: (point: SpacePoint) => number | null): number =>
    points.reduce((total, point) => total + (valueOf(point) ?? 0), 0);
  return {
    at: new Date(at),
    used: bytes(sum(({ used }) => used)),
    snapshots: bytes(sum(({ snapshots }) => snapshots)),
    logical: bytes(sum(({ logical }) => logical)),
    provisioned: bytes(sum(({ provisioned }) => provisioned)),
    snapshotCount: sum(({ snapshotCount }) => snapshotCount),
  };
}
