import { partial } from '../model/coverage.ts';
import { type VolumeSource } from '../model/kubernetes.ts';
import { type Policy } from '../model/policy.ts';
import { emptyExports } from './empty-exports.ts';
import { type KnownParent } from './known-parent.ts';
import { targetKey } from './paths.ts';
import { type Seen, type Surprise } from './seen.ts';
import { targetNamesOf } from './volume-handle.ts';

/** What is not in the list of datasets though it must be; undefined where nothing is amiss. */
function gapAt(parent: KnownParent, count: number, seen: Seen, policy: Policy): string | undefined {
  // What is known to be away explains the gap, and is reported for itself.
  const isAway = seen.storage.obstacleAt(parent.system, parent.path) !== undefined;
  if (isAway && seen.storage.knowsPoolsOf(parent.system)) return undefined;
  if (seen.index.find(parent.system, parent.path) === undefined) {
    return `${parent.path} is not in the list`;
  }
  return count < policy.implausibleCount
    ? undefined
    : `nothing below ${parent.path} is in the list`;
}

function* emptyParents(seen: Seen, policy: Policy): Iterable<Surprise> {
  for (const parent of seen.parents.all) {
    // What could not be followed may be missing too: a list that failed must not make the gap look smaller.
    const count = seen.volumeLinks.lossOf(parent).missing;
    if (count === 0 || seen.index.hasChildren(parent.system, parent.path)) {
      continue;
    }
    const gap = gapAt(parent, count, seen, policy);
    if (gap === undefined) continue;
    yield {
      source: 'datasets',
      member: parent.system,
      coverage: partial(
        `${gap}, yet ${count} PersistentVolumes are on it: a key without the right to see it, or another system?`,
      ),
    };
  }
}

/** Volumes of TrueNAS drivers of which not one leads to any system: the systems in view are others. */
function* strangeSystems(seen: Seen, { implausibleCount }: Policy): Iterable<Surprise> {
  const { volumes, volumeLinks, systems } = seen;
  // Nearly always the very first one does.
  if (volumeLinks.backed(volumes).some(({ backend }) => backend.state !== 'unknown')) return;
  const lost = volumes.filter((pv) => volumeLinks.concerns(pv));
  if (lost.length < implausibleCount) return;
  for (const { name } of systems) {
    yield {
      source: 'datasets',
      member: name,
      coverage: partial(
        `not one of ${lost.length} PersistentVolumes of TrueNAS drivers leads here: another system, or drivers whose parents nobody names?`,
      ),
    };
  }
}

function* emptySnapshots(seen: Seen, policy: Policy): Iterable<Surprise> {
  // Nearly always something is in the list, and then nobody asks how much of it is missing.
  if (![...seen.snapshotCounts.values()].includes(0)) return;
  const missing = new Map<string, number>();
  for (const content of seen.contents) {
    const backend = seen.snapshotLinks.backendOf(content);
    if (backend.state !== 'absent') continue;
    missing.set(backend.system, (missing.get(backend.system) ?? 0) + 1);
  }
  for (const [system, count] of missing) {
    if (seen.snapshotCounts.get(system) !== 0 || count < policy.implausibleCount) continue;
    yield {
      source: 'zfsSnapshots',
      member: system,
      coverage: partial(
        `the list is empty, yet ${count} snapshot contents point at it: a key without the right to see snapshots?`,
      ),
    };
  }
}

/**
 * Targets are there and extents are there, and nothing joins them, though volumes are mounted by these targets. One that is known by
 * nothing else could then be any extent; those whose dataset is known may have lost their mappings, but hardly many at once.
 */
function* emptyMappings(seen: Seen, policy: Policy): Iterable<Surprise> {
  const { volumes, inline, volumeLinks } = seen;
  for (const [system, targets] of seen.unmapped) {
    const isNamed = (source: VolumeSource): boolean =>
      targetNamesOf(source).some((name) => targets.has(targetKey(name)));
    const named = volumes.filter(({ source }) => isNamed(source));
    const lost = named.filter((pv) => {
      const { state } = volumeLinks.backendOf(pv);
      return state === 'unknown' || state === 'absent';
    });
    const inPods = inline().filter(isNamed);
    if (lost.length + inPods.length === 0 && named.length < policy.implausibleCount) continue;
    yield {
      source: 'iscsiTargetExtents',
      member: system,
      coverage: partial(
        `the list is empty, yet ${named.length + inPods.length} volumes name targets that are there: a key without the right to see which extents they serve?`,
      ),
    };
  }
}

/** Clusters with a volume of a TrueNAS driver. */
function seeingClusters({ volumes, volumeLinks, clusters }: Seen): ReadonlySet<string> {
  const seeing = new Set<string>();
  for (const pv of volumes) {
    if (seeing.size === clusters.length) break;
    if (!seeing.has(pv.cluster) && volumeLinks.concerns(pv)) seeing.add(pv.cluster);
  }
  return seeing;
}

/**
 * Clusters without a single volume of a TrueNAS driver, though a parent that is theirs alone, or that any cluster may use
 * and none does, holds volumes, or could not be read; and how many are seen to be there.
 */
function blindClusters(seen: Seen): ReadonlyMap<string, number> {
  const { volumeLinks, parents, clusters } = seen;
  const seeing = seeingClusters(seen);
  const blind = new Map<string, number>();
  for (const parent of parents.all) {
    const { managed } = volumeLinks.useOf(parent);
    const users = parent.clusters ?? clusters;
    if (managed === 0 && !seen.unreadDatasets.has(parent.system)) continue;
    if (users.some((name) => seeing.has(name))) continue;
    for (const name of users) blind.set(name, (blind.get(name) ?? 0) + managed);
  }
  return blind;
}

function* emptyClusters(seen: Seen, policy: Policy): Iterable<Surprise> {
  const blind = blindClusters(seen);
  if (blind.size === 0) return;
  const withContents = new Set(seen.contents.map(({ cluster }) => cluster));
  const taken = seen.snapshots.filter(({ name }) => name.startsWith('snapshot-')).length;
  for (const [cluster, managed] of blind) {
    yield {
      source: 'persistentVolumes',
      member: cluster,
      coverage: partial(
        managed === 0
          ? 'no volume of a TrueNAS driver is in the list, and whether TrueNAS holds any of its drivers could not be read'
          : `no volume of a TrueNAS driver is in the list, yet TrueNAS holds ${managed} of its drivers: the wrong cluster, or a rebuilt one?`,
      ),
    };
    if (taken < policy.implausibleCount || withContents.has(cluster)) continue;
    yield {
      source: 'volumeSnapshotContents',
      member: cluster,
      coverage: partial(
        `the list is empty, yet TrueNAS holds ${taken} snapshots that drivers took: the wrong cluster, or a rebuilt one?`,
      ),
    };
  }
}

/** Lists that are empty though the other side says they cannot be. */
export function findSurprises(seen: Seen, policy: Policy): readonly Surprise[] {
  return [
    ...emptyParents(seen, policy),
    ...strangeSystems(seen, policy),
    ...emptySnapshots(seen, policy),
    ...emptyMappings(seen, policy),
    ...emptyExports(seen, policy),
    ...emptyClusters(seen, policy),
  ];
}
