import { volumePathBelow, type ParentIndex } from '../../correlate/parents.ts';
import { datasetPathOf, targetKey } from '../../correlate/paths.ts';
import { sharePathsOf, targetNamesOf } from '../../correlate/volume-handle.ts';
import { partial, type Coverage, type Listing } from '../../model/coverage.ts';
import { type PersistentVolume } from '../../model/kubernetes.ts';

/**
 * How far "no volume names it" can be trusted: a cluster without a single volume is more likely the wrong one
 * than one that forgot exactly this export.
 */
export function trustInVolumes({ items, coverage }: Listing<PersistentVolume>): Coverage {
  return items.length > 0 ? coverage : partial('not a single PersistentVolume was seen');
}

/** PersistentVolumes by the path of the dataset they name, or that their driver would put them at. */
export function volumesByPath(
  volumes: readonly PersistentVolume[],
  parents: ParentIndex,
): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { name, cluster, source } of volumes) {
    for (const share of sharePathsOf(source)) {
      const path = datasetPathOf(share);
      if (path !== undefined) names.set(path, name);
    }
    if (source.kind !== 'csi') continue;
    for (const parent of parents.forDriver(cluster, source.driver)) {
      const path = volumePathBelow(parent, source.handle);
      if (path !== undefined) names.set(path, name);
    }
  }
  return names;
}

/** PersistentVolumes by the name of the target they name, in lower case. */
export function volumesByTarget(volumes: readonly PersistentVolume[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { name, source } of volumes) {
    for (const target of targetNamesOf(source)) {
      names.set(targetKey(target), name);
    }
  }
  return names;
}
