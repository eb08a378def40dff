import { type DerivedTypes } from '../../model/evidence.ts';
import {
  type ClusterLists,
  type ClusterSource,
  type Inventory,
  type SystemLists,
  type SystemSource,
} from '../../model/inventory.ts';
import { type Policy } from '../../model/policy.ts';
import { type DatasetPlace } from '../../model/resource-ref.ts';
import { type Dataset } from '../../model/truenas.ts';
import { type Millis } from '../../model/units.ts';
import { datasetsById } from '../../correlate/listed-by.ts';
import { isBefore, parseVersion, type Version } from '../../rules/checks/versions.ts';

/** What correlation tells that steps are made from. */
export type PlanEvidence = Pick<
  DerivedTypes,
  'exports' | 'parents' | 'volumeLinks' | 'snapshotLinks' | 'marks'
>;

/** What steps are made from. */
export interface Scene {
  readonly inventory: Inventory;
  readonly derived: PlanEvidence;
  readonly policy: Policy;
  readonly quarantineParent: string | null;
  /** By how much a mark may be older than the quarantine it stands for: it is written when the plan is made. */
  readonly planTtl: Millis;
  /** Snapshots that somebody named to be deleted along with their dataset, as `dataset@name`. */
  readonly snapshots: ReadonlySet<string>;
  readonly now: Date;
  readonly planId: string;
  /** Targets that earlier items of the plan delete, as `system id`. */
  readonly goneTargets: ReadonlySet<string>;
}

const NOTHING: readonly never[] = [];

/** A list of one system; of one that was not read, nothing. */
export function onSystem<S extends SystemSource>(
  { inventory }: Scene,
  system: string,
  source: S,
): readonly SystemLists[S][] {
  const member = inventory.systems.find(({ identity }) => identity.name === system);
  return member?.lists[source]?.items ?? NOTHING;
}

export function onCluster<S extends ClusterSource>(
  { inventory }: Scene,
  cluster: string,
  source: S,
): readonly ClusterLists[S][] {
  const member = inventory.clusters.find(({ identity }) => identity.name === cluster);
  return member?.lists[source]?.items ?? NOTHING;
}

/** Whether a list of a system was read to its end. */
export function isReadWhole({ inventory }: Scene, system: string, source: SystemSource): boolean {
  const member = inventory.systems.find(({ identity }) => identity.name === system);
  return member?.lists[source]?.coverage.state === 'complete';
}

export function datasetAt(scene: Scene, place: DatasetPlace | null): Dataset | undefined {
  return place === null
    ? undefined
    : datasetsById(onSystem(scene, place.system, 'datasets')).get(place.path);
}

function versionOf({ inventory }: Scene, system: string): Version | undefined {
  const member = inventory.systems.find(({ identity }) => identity.name === system);
  return member && parseVersion(member.identity.version);
}

/** Renaming a dataset is a call since 25.10. */
export function canMove(scene: Scene, system: string): boolean {
  const version = versionOf(scene, system);
  return version !== undefined && !isBefore(version, [25, 10]);
}

/** These take an initiator group along with the last target that uses it. A version that cannot be read may be one of them. */
export function takesGroupsAlong(scene: Scene, system: string): boolean {
  const version = versionOf(scene, system);
  if (version === undefined) return true;
  return !isBefore(version, [24, 4, 2]) && isBefore(version, [25, 4, 1]);
}
