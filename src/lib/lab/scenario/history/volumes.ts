import { isRecord } from '../build/record.ts';
import { objectsOf } from '../build/stage.ts';
import { type KubernetesObject, type LabCluster, type LabSystem, type World } from '../world.ts';

/** A PersistentVolume and the dataset that stands behind it. */
export interface BackedVolume {
  readonly cluster: LabCluster;
  readonly system: LabSystem;
  /** Path of the dataset. */
  readonly dataset: string;
  readonly volume: string;
  readonly createdAt: number;
  readonly namespace: string | null;
  readonly claim: string | null;
  readonly storageClass: string | null;
  readonly isBound: boolean;
}

function textIn(value: unknown, ...path: readonly string[]): string | null {
  let at = value;
  for (const key of path) at = isRecord(at) ? at[key] : undefined;
  return typeof at === 'string' && at !== '' ? at : null;
}

/** Where the driver put the volume; what people wrote by hand stands on no dataset that is known to be its own. */
function placeOf(
  world: World,
  cluster: LabCluster,
  pv: KubernetesObject,
): { readonly system: LabSystem; readonly dataset: string } | undefined {
  const driver = textIn(pv, 'spec', 'csi', 'driver');
  const entry = world.drivers.find(
    (each) => each.driver === driver && each.cluster === cluster.name,
  );
  const system = world.systems.find(({ name }) => name === entry?.system);
  const handle = textIn(pv, 'spec', 'csi', 'volumeHandle');
  if (system === undefined || entry?.parent === undefined || handle === null) return undefined;
  return { system, dataset: `${entry.parent}/${handle}` };
}

/** The volumes whose dataset is there, each dataset with the first that stands for it. */
export function backedVolumes(world: World): readonly BackedVolume[] {
  const found = new Map<string, BackedVolume>();
  const paths = new Map(
    world.systems.map((system) => [system.name, new Set(system.datasets.map(({ id }) => id))]),
  );
  for (const cluster of world.clusters) {
    for (const pv of objectsOf(cluster, 'persistentvolumes')) {
      const place = placeOf(world, cluster, pv);
      if (place === undefined || paths.get(place.system.name)?.has(place.dataset) !== true)
        continue;
      const key = `${place.system.name} ${place.dataset}`;
      if (found.has(key)) continue;
      found.set(key, {
        cluster,
        ...place,
        volume: pv.metadata.name,
        createdAt: Date.parse(pv.metadata.creationTimestamp),
        namespace: textIn(pv, 'spec', 'claimRef', 'namespace'),
        claim: textIn(pv, 'spec', 'claimRef', 'name'),
        storageClass: textIn(pv, 'spec', 'storageClassName'),
        isBound: textIn(pv, 'status', 'phase') === 'Bound',
      });
    }
  }
  return [...found.values()];
}
