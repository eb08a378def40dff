import { type PersistentVolume } from '../model/kubernetes.ts';
import { type DatasetIndex } from './dataset-index.ts';
import { datasetPathOf, parentPath } from './paths.ts';
import { sharePathsOf } from './volume-handle.ts';

interface Home {
  readonly system: string;
  /** Dataset path. */
  readonly path: string;
}

/** Where a volume of an undeclared driver lies: in its handle, named by its share, or found by the name it carries. */
function* homesOf(
  pv: PersistentVolume,
  systems: readonly string[],
  index: DatasetIndex,
): Iterable<Home> {
  if (pv.source.kind !== 'csi') return;
  const { handle } = pv.source;
  if (handle.includes('/')) {
    for (const system of systems) yield { system, path: parentPath(handle) };
    return;
  }
  for (const share of sharePathsOf(pv.source)) {
    const path = datasetPathOf(share);
    if (path?.endsWith(`/${handle}`) !== true) continue;
    for (const { dataset } of index.holding(share)) {
      yield { system: dataset.system, path: parentPath(path) };
    }
  }
  for (const dataset of index.byVolumeName(pv.name)) {
    if (dataset.id.endsWith(`/${handle}`)) {
      yield { system: dataset.system, path: parentPath(dataset.id) };
    }
  }
}

/** Parents a volume speaks for. Only a dataset that is there can be one: a share of another NAS may name the same path. */
export function inferredParentsOf(
  pv: PersistentVolume,
  systems: readonly string[],
  index: DatasetIndex,
): readonly Home[] {
  return [...homesOf(pv, systems, index)].filter(
    ({ system, path }) => path !== '' && index.find(system, path) !== undefined,
  );
}
