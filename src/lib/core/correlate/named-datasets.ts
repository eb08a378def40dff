import { type VolumeSource } from '../model/kubernetes.ts';
import { type Dataset, type SmbShare } from '../model/truenas.ts';
import { type DatasetIndex } from './dataset-index.ts';
import { type TargetIndex } from './match-shares.ts';
import { type ParentIndex } from './parents.ts';
import { cleanPath } from './paths.ts';
import {
  datasetPathsNamedBy,
  insideSmbShareOf,
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
  /** Why not all names could be followed; undefined where they could. */
  readonly unread: { readonly smb: string | undefined; readonly nvmet: string | undefined };
}

/**
 * A path inside a dataset uses that dataset; one inside a parent or a pool's root names something that is not there.
 */
function holds(dataset: Dataset, { parents }: Joins): boolean {
  return dataset.id.includes('/') && parents.find(dataset.system, dataset.id) === undefined;
}

/** Datasets at a mount path; unless it is to be outright, also the one around it. */
function atPath(path: string, joins: Joins, outright: boolean, anyCase = false): Dataset[] {
  return joins.index
    .holding(path, anyCase)
    .flatMap(({ dataset, exact }) =>
      exact || (!outright && holds(dataset, joins)) ? dataset : [],
    );
}

/** Datasets behind the SMB share of the name a volume gives. SMB tells no capitals apart. */
function behindSmb(source: VolumeSource, joins: Joins, outright: boolean): Dataset[] {
  const name = smbShareOf(source)?.toLowerCase();
  return (name === undefined ? [] : (joins.smbByName.get(name) ?? [])).flatMap(({ system, path }) =>
    [path, ...insideSmbShareOf(source).map((inside) => cleanPath(`${path}/${inside}`))]
      .flatMap((each) => atPath(each, joins, outright, true))
      .filter((dataset) => dataset.system === system),
  );
}

/** Why a name in a volume's source could not be followed; undefined where it could, or there is none. */
export function unfollowed(
  source: VolumeSource,
  { unread }: Pick<Joins, 'unread'>,
): string | undefined {
  if (source.kind === 'unread') return `a ${source.type} names its server in words of its own`;
  if (unread.smb !== undefined && smbShareOf(source) !== undefined) return unread.smb;
  return subsystemNameOf(source) === undefined ? undefined : unread.nvmet;
}

/**
 * Datasets a volume's source names: by dataset path, mount path, SMB share, target or subsystem.
 *
 * @param outright leaves out the dataset around a path: it is in use, and yet not the volume
 */
export function namedBy(source: VolumeSource, joins: Joins, outright = false): Dataset[] {
  const { index, targets } = joins;
  const named: Dataset[] = [];
  for (const path of sharePathsOf(source)) named.push(...atPath(path, joins, outright));
  named.push(...behindSmb(source, joins, outright));
  for (const target of targetNamesOf(source)) named.push(...targets.datasetsOf(target));
  const nqn = subsystemNameOf(source);
  if (nqn !== undefined) named.push(...targets.datasetsBehind(nqn));
  for (const path of datasetPathsNamedBy(source)) {
    named.push(...targets.systems.flatMap((system) => index.find(system, path) ?? []));
  }
  return named;
}
