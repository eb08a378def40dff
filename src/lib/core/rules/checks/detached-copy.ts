import { datasetsById } from '../../correlate/listed-by.ts';
import { isRightBelow, leafName, parentPath } from '../../correlate/paths.ts';
import { type KnownParent } from '../../correlate/known-parent.ts';
import { type ParentIndex } from '../../correlate/parents.ts';
import { assurance, type Check } from '../../model/check.ts';
import { type PersistentVolume, type VolumeSnapshotContent } from '../../model/kubernetes.ts';
import { type Policy } from '../../model/policy.ts';
import { type Dataset } from '../../model/truenas.ts';

/**
 * The parent whose driver keeps a detached snapshot in this dataset; undefined where it is none. democratic-csi puts a copy
 * into a container for its volume, tns-csi right below its place for copies. A copy names itself: what lies inside one, or
 * was cloned from it, inherits a name that is not its own.
 */
export function keeperOf(
  { system, id, properties }: Dataset,
  parents: ParentIndex,
): KnownParent | undefined {
  if (properties.csiSnapshotName === null || properties.csiSnapshotName !== leafName(id)) {
    return undefined;
  }
  const inContainer = parents.detachedParentOf(system, parentPath(id));
  if (inContainer !== undefined) return inContainer;
  return properties.owner === 'tns-csi' ? parents.detachedParentOf(system, id) : undefined;
}

/** A copy shows what the driver noted on its volume, whose claim and attachment speak of that. */
export function unnoted(copy: Dataset): Dataset {
  const nothing = { csiVolumeName: null, iscsiAssetsName: null, nvmetAssetsName: null };
  return { ...copy, properties: { ...copy.properties, ...nothing } };
}

function isOwn(instanceId: string | null, { instanceIds }: KnownParent): boolean {
  return instanceId !== null && instanceIds.includes(instanceId);
}

/** What has to be known to tell of which volumes there is a trace. */
interface VolumeTraces {
  readonly datasets: readonly Dataset[];
  readonly persistentVolumes: readonly PersistentVolume[];
  readonly volumeSnapshotContents: readonly VolumeSnapshotContent[];
}

/**
 * Of which volumes there is a trace: what a driver copied lies, or lay, below its parent. A place for copies that another cluster
 * uses too shows copies of volumes that nobody here has ever heard of.
 */
export class VolumeCensus {
  readonly #byId: ReadonlyMap<string, Dataset>;
  /** `<driver> <leaf>` of what volumes and contents speak of. */
  readonly #named: ReadonlySet<string>;

  /** @param traces of one system, and of all clusters */
  constructor({ datasets, persistentVolumes, volumeSnapshotContents }: VolumeTraces) {
    this.#byId = datasetsById(datasets);
    this.#named = new Set([
      ...persistentVolumes.flatMap(({ source }) =>
        source.kind === 'csi' ? `${source.driver} ${leafName(source.handle)}` : [],
      ),
      ...volumeSnapshotContents.flatMap(({ driver, volumeHandle }) =>
        volumeHandle === null ? [] : `${driver} ${leafName(volumeHandle)}`,
      ),
    ]);
  }

  /** Whether the volume of a copy is, or was, one of its keeper's. */
  sourceKnown({ id, properties }: Dataset, keeper: KnownParent): Check {
    // democratic-csi names the container after the volume; tns-csi notes where the volume lies.
    const source = properties.csiSnapshotSourceVolumeId ?? leafName(parentPath(id));
    const leaf = leafName(source);
    const known = isOwn(properties.instanceId, keeper) || this.#isOfOwnVolume(source, leaf, keeper);
    return assurance('source-known', known, () =>
      known
        ? `a copy of ${leaf}, which its driver made`
        : `nothing tells of a volume ${leaf} below ${keeper.sourcePaths.join(' or ')}: another cluster may keep its copies here`,
    );
  }

  #isOfOwnVolume(source: string, leaf: string, keeper: KnownParent): boolean {
    const { sourcePaths, drivers } = keeper;
    const there = sourcePaths.flatMap((path) => this.#byId.get(`${path}/${leaf}`) ?? []);
    const isStrange = there.some(
      ({ properties: { instanceId } }) => instanceId !== null && !isOwn(instanceId, keeper),
    );
    if (isStrange) return false;
    return (
      there.length > 0 ||
      sourcePaths.some((path) => isRightBelow(source, path)) ||
      drivers.some((driver) => this.#named.has(`${driver} ${leaf}`))
    );
  }
}

/** How many of the detached snapshots of each parent nobody claims. */
export class CopyCensus {
  readonly #counts = new Map<KnownParent, { all: number; unclaimed: number }>();

  constructor(
    datasets: readonly Dataset[],
    parents: ParentIndex,
    isClaimed: (copy: Dataset) => boolean,
  ) {
    for (const dataset of datasets) {
      const keeper = keeperOf(dataset, parents);
      if (keeper === undefined) continue;
      const count = this.#counts.get(keeper) ?? { all: 0, unclaimed: 0 };
      this.#counts.set(keeper, count);
      count.all += 1;
      if (!isClaimed(dataset)) count.unclaimed += 1;
    }
  }

  /** Too many at once, and it is the cluster that is missing. */
  plausibleAt(keeper: KnownParent, policy: Policy): Check {
    const { all, unclaimed } = this.#counts.get(keeper) ?? { all: 0, unclaimed: 0 };
    const implausible =
      unclaimed >= policy.implausibleCount && unclaimed > all * policy.implausibleShare;
    return assurance(
      'few-copies-unclaimed-at-once',
      !implausible,
      `${unclaimed} of ${all} detached snapshots of ${keeper.path} are unclaimed`,
    );
  }
}
