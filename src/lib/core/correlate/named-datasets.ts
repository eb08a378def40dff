import { type VolumeSource } from '../model/kubernetes.ts';
import { type Dataset, type SmbShare } from '../model/truenas.ts';
import { type DatasetIndex } from './dataset-index.ts';
import { type TargetIndex } from './match-shares.ts';
import { type ParentIndex } from './parents.ts';
import { cleanPath } from './paths.ts';
import { snapshotAt, type SnapshotPath } from './snapshot-use.ts';
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

/** A path a volume is mounted from. */
interface MountPath {
  readonly path: string;
  /** Null where it may be any. */
  readonly system: string | null;
  /** SMB tells no capitals apart. */
  readonly anyCase: boolean;
}

/** Datasets at a mount path; unless it is to be outright, also the one around it. */
function atPath({ path, system, anyCase }: MountPath, joins: Joins, outright: boolean): Dataset[] {
  return joins.index
    .holding(path, anyCase)
    .filter(({ dataset, exact }) => exact || (!outright && holds(dataset, joins)))
    .map(({ dataset }) => dataset)
    .filter((dataset) => system === null || dataset.system === system);
}

const NO_PATHS: readonly MountPath[] = [];

/** Paths behind the SMB share of the name a volume gives. */
function behindSmb(source: VolumeSource, { smbByName }: Joins): readonly MountPath[] {
  if (smbByName.size === 0) return NO_PATHS;
  const name = smbShareOf(source)?.toLowerCase();
  return (name === undefined ? [] : (smbByName.get(name) ?? [])).flatMap(({ system, path }) =>
    [path, ...insideSmbShareOf(source).map((inside) => cleanPath(`${path}/${inside}`))].map(
      (each) => ({ path: each, system, anyCase: true }),
    ),
  );
}

function mountPathsOf(source: VolumeSource, joins: Joins): readonly MountPath[] {
  const shared = sharePathsOf(source);
  const behind = behindSmb(source, joins);
  if (shared.length === 0) return behind;
  return [...shared.map((path) => ({ path, system: null, anyCase: false })), ...behind];
}

/** Snapshots a volume is mounted from, each with its dataset. */
export function snapshotsNamedBy(
  source: VolumeSource,
  joins: Joins,
): readonly { readonly dataset: Dataset; readonly snapshot: SnapshotPath }[] {
  return mountPathsOf(source, joins).flatMap(({ path, ...where }) => {
    const snapshot = snapshotAt(path);
    return snapshot === undefined
      ? []
      : atPath({ path: snapshot.mountPath, ...where }, joins, true).map((dataset) => ({
          dataset,
          snapshot,
        }));
  });
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
  for (const path of mountPathsOf(source, joins)) named.push(...atPath(path, joins, outright));
  for (const target of targetNamesOf(source)) named.push(...targets.datasetsOf(target));
  const nqn = subsystemNameOf(source);
  if (nqn !== undefined) named.push(...targets.datasetsBehind(nqn));
  for (const path of datasetPathsNamedBy(source)) {
    named.push(...targets.systems.flatMap((system) => index.find(system, path) ?? []));
  }
  return named;
}
