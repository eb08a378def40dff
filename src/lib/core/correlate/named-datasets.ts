import { type VolumeSource } from '../model/kubernetes.ts';
import { type Dataset, type SmbShare } from '../model/truenas.ts';
import { type DatasetIndex } from './dataset-index.ts';
import { type TargetIndex } from './match-shares.ts';
import { type ParentIndex } from './parents.ts';
import {
  datasetPathsNamedBy,
  sharePathsOf,
  smbShareOf,
  subsystemNameOf,
  targetNamesOf,
} from './volume-handle.ts';

/** What leads from a name in Kubernetes to a dataset. */
export interface Joins {
  readonly index: DatasetIndex;
  readonly parents: ParentIndex;
  readonly targets: TargetIndex;
  /** SMB shares by their name, in lower case. */
  readonly smbByName: ReadonlyMap<string, readonly SmbShare[]>;
}

/**
 * A path inside a dataset uses that dataset; one inside a parent or a pool's root names something that is not there.
 */
function holds(dataset: Dataset, { parents }: Joins): boolean {
  return dataset.id.includes('/') && parents.find(dataset.system, dataset.id) === undefined;
}

/** Datasets behind the SMB share of the name a volume gives. */
function behindSmb(source: VolumeSource, { smbByName, index }: Joins): Dataset[] {
  const name = smbShareOf(source)?.toLowerCase();
  return (name === undefined ? [] : (smbByName.get(name) ?? [])).flatMap(({ system, path }) =>
    index.holding(path).flatMap(({ dataset }) => (dataset.system === system ? dataset : [])),
  );
}

/**
 * Datasets a volume's source names: by dataset path, mount path, SMB share, target or subsystem.
 *
 * @param outright leaves out the dataset around a path: it is in use, and yet not the volume
 */
export function namedBy(source: VolumeSource, joins: Joins, outright = false): Dataset[] {
  const { index, targets } = joins;
  const named: Dataset[] = [];
  for (const path of sharePathsOf(source)) {
    for (const { dataset, exact } of index.holding(path)) {
      if (exact || (!outright && holds(dataset, joins))) named.push(dataset);
    }
  }
  named.push(...behindSmb(source, joins));
  for (const target of targetNamesOf(source)) named.push(...targets.datasetsOf(target));
  const nqn = subsystemNameOf(source);
  if (nqn !== undefined) named.push(...targets.datasetsBehind(nqn));
  for (const path of datasetPathsNamedBy(source)) {
    named.push(...targets.systems.flatMap((system) => index.find(system, path) ?? []));
  }
  return named;
}
