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

/** What findings say of one dataset. */
interface Claimed {
  readonly place: DatasetPlace;
  /** As a whole: the dataset itself, or a volume that stands on it. */
  whole: number;
  /** By id. */
  readonly snapshots: Map<string, number>;
}

function claimedByPlace(findings: readonly Finding[]): ReadonlyMap<string, Claimed> {
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

/** `usedbysnapshots` of the datasets all of whose snapshots go: what several of them share comes back as well. */
function sharedSpace(
  claims: ReadonlyMap<string, Claimed>,
  { inventory, derived }: Space,
): ReadonlyMap<string, number> {
  const emptied = new Set<string>();
  for (const [key, claimed] of claims) {
    if (claimed.snapshots.size > 1 && takesAll(claimed, derived)) emptied.add(key);
  }
  const shared = new Map<string, number>();
  if (emptied.size === 0) return shared;
  for (const { system, id, usedBySnapshots } of datasetsSeenWhole(inventory)) {
    const key = `${system} ${id}`;
    if (emptied.has(key)) shared.set(key, usedBySnapshots?.bytes ?? 0);
  }
  return shared;
}

/** Bytes that come back when every certain finding is mended, each byte once, however many findings hold it. */
export function reclaimableBytes(findings: readonly Finding[], space: Space): Bytes {
  const claims = claimedByPlace(findings);
  const shared = sharedSpace(claims, space);
  let total = 0;
  for (const [key, { whole, snapshots }] of claims) {
    const apart = [...snapshots.values()].reduce((sum, size) => sum + size, 0);
    // Each of these holds the next, so that the largest is what comes back.
    total += Math.max(whole, apart, shared.get(key) ?? 0);
  }
  return bytes(Math.min(total, Number.MAX_SAFE_INTEGER));
}
