import { type DerivedTypes } from '../model/evidence.ts';
import { type Finding } from '../model/finding.ts';
import { type Inventory } from '../model/inventory.ts';
import { type DatasetPlace } from '../model/resource-ref.ts';
import { type SubjectFacts } from '../model/rule.ts';
import { type Dataset } from '../model/truenas.ts';
import { bytes, type Bytes } from '../model/units.ts';

/*
 * What comes back when something goes, as ZFS counts it. A dataset gives back what is its own (usedbydataset), what only
 * its snapshots hold (usedbysnapshots) and what is reserved for it (usedbyrefreservation); its children are datasets of
 * their own. A snapshot gives back what it alone holds (used). Neither goes while a clone rests on it.
 */

/** What is known of the NAS beyond the findings themselves. */
export interface Space {
  readonly inventory: Pick<Inventory, 'systems'>;
  readonly derived: Pick<DerivedTypes, 'volumeLinks' | 'snapshotLinks'>;
}

/** Id of the snapshot a finding is about; null where it is about a whole dataset, or nothing on the NAS. */
function snapshotIdOf({ truenasReference }: Pick<SubjectFacts, 'truenasReference'>): string | null {
  return truenasReference?.includes('@') === true ? truenasReference : null;
}

/** Clones that keep what a finding is about from giving anything back. */
export function clonesOn(
  place: DatasetPlace | null,
  facts: Pick<SubjectFacts, 'truenasReference'>,
  { volumeLinks }: Pick<DerivedTypes, 'volumeLinks'>,
): readonly string[] {
  if (place === null) return [];
  const { system, path } = place;
  const snapshotId = snapshotIdOf(facts);
  const clones =
    snapshotId === null
      ? volumeLinks.clonesOf({ system, id: path })
      : volumeLinks.clonesOfSnapshot(system, snapshotId);
  return clones.map(({ id }) => id);
}

/** What a finding says of space. */
export type Reclaiming = Pick<Finding, 'confidence' | 'place' | 'reclaimable' | 'truenasReference'>;

/** A dataset all of whose snapshots go, if every one of these does: what several of them share comes back as well. */
export interface SharedSpace {
  /** Ids of all of its snapshots; on none of them rests a clone. */
  readonly snapshots: readonly string[];
  /** What only its snapshots hold. */
  readonly held: number;
}

/** By `system path`. */
export type SharedSpaces = Readonly<Record<string, SharedSpace>>;

/** What findings say of one dataset. */
interface Claimed {
  readonly place: DatasetPlace;
  /** As a whole: the dataset itself, or a volume that stands on it. */
  whole: number;
  /** By id. */
  readonly snapshots: Map<string, number>;
}

function claimedByPlace(findings: readonly Reclaiming[]): ReadonlyMap<string, Claimed> {
  const claims = new Map<string, Claimed>();
  for (const finding of findings) {
    const { confidence, place, reclaimable } = finding;
    if (confidence !== 'certain' || place === null) continue;
    const key = `${place.system} ${place.path}`;
    let claimed = claims.get(key);
    if (claimed === undefined) {
      claimed = { place, whole: 0, snapshots: new Map() };
      claims.set(key, claimed);
    }
    const id = snapshotIdOf(finding);
    if (id === null) claimed.whole = Math.max(claimed.whole, reclaimable);
    else claimed.snapshots.set(id, Math.max(claimed.snapshots.get(id) ?? 0, reclaimable));
  }
  return claims;
}

/** Whether nothing is left of a dataset's snapshots once those in the findings are gone. */
function takesAll(
  { place: { system, path }, snapshots }: Claimed,
  { volumeLinks, snapshotLinks }: Space['derived'],
): boolean {
  const all = snapshotLinks.snapshotsOf({ system, id: path });
  return (
    all.length > 0 &&
    all.every(
      ({ id }) => snapshots.has(id) && volumeLinks.clonesOfSnapshot(system, id).length === 0,
    )
  );
}

/** Datasets of the systems whose snapshots were all seen: any other would keep what is shared. */
function* datasetsSeenWhole({ systems }: Space['inventory']): Generator<Dataset> {
  for (const { lists } of systems) {
    if (lists.zfsSnapshots?.coverage.state === 'complete') yield* lists.datasets?.items ?? [];
  }
}

/**
 * What findings could free together, beyond what each frees alone. It is all that has to be known of the NAS to add up these
 * findings, or any choice of them: a few datasets, and not the lists of a scan.
 */
export function sharedSpaces(
  findings: readonly Reclaiming[],
  { inventory, derived }: Space,
): SharedSpaces {
  const emptied = new Map<string, readonly string[]>();
  for (const [key, claimed] of claimedByPlace(findings)) {
    if (claimed.snapshots.size <= 1 || !takesAll(claimed, derived)) continue;
    const { system, path } = claimed.place;
    emptied.set(
      key,
      derived.snapshotLinks.snapshotsOf({ system, id: path }).map(({ id }) => id),
    );
  }
  const spaces: Record<string, SharedSpace> = {};
  if (emptied.size === 0) return spaces;
  for (const { system, id, usedBySnapshots } of datasetsSeenWhole(inventory)) {
    const key = `${system} ${id}`;
    const snapshots = emptied.get(key);
    if (snapshots !== undefined) spaces[key] = { snapshots, held: usedBySnapshots?.bytes ?? 0 };
  }
  return spaces;
}

function sharedBy(snapshots: ReadonlyMap<string, number>, space: SharedSpace | undefined): number {
  if (space === undefined || snapshots.size <= 1) return 0;
  return space.snapshots.every((id) => snapshots.has(id)) ? space.held : 0;
}

/**
 * Bytes that come back when every certain finding is mended, each byte once, however many findings hold it.
 *
 * @param shared of these findings, or of some of which these are a choice
 */
export function reclaimedBy(findings: readonly Reclaiming[], shared: SharedSpaces): Bytes {
  let total = 0;
  for (const [key, { whole, snapshots }] of claimedByPlace(findings)) {
    const apart = [...snapshots.values()].reduce((sum, size) => sum + size, 0);
    // Each of these holds the next, so that the largest is what comes back.
    total += Math.max(whole, apart, sharedBy(snapshots, shared[key]));
  }
  return bytes(Math.min(total, Number.MAX_SAFE_INTEGER));
}

/** The same of findings of which nothing is known yet. */
export function reclaimableBytes(findings: readonly Reclaiming[], space: Space): Bytes {
  return reclaimedBy(findings, sharedSpaces(findings, space));
}
