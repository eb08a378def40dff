import { uidAtEnd } from '../../correlate/uid-endings.ts';
import { type PersistentVolumeClaim } from '../../model/kubernetes.ts';
import { oncePerList } from '../../model/lazy.ts';

/** Claims by what a volume made for them is called. */
export interface ClaimIndex {
  byUid(uid: string): PersistentVolumeClaim | undefined;
  /** The claim whose uid, without dashes, begins with this. */
  byShortUid(start: string): PersistentVolumeClaim | undefined;
  byVolumeName(name: string): PersistentVolumeClaim | undefined;
}

/** Several rules ask for one list, and it is indexed once. */
export const indexClaims: (claims: readonly PersistentVolumeClaim[]) => ClaimIndex =
  oncePerList(makeIndex);

function makeIndex(claims: readonly PersistentVolumeClaim[]): ClaimIndex {
  const uids = new Map<string, PersistentVolumeClaim>();
  const names = new Map<string, PersistentVolumeClaim>();
  for (const claim of claims) {
    const { uid, volumeName } = claim;
    uids.set(uid, claim);
    // Nearly every volume is named after its claim's uid, and is found by that.
    if (volumeName !== null && uidAtEnd(volumeName) !== uid) names.set(volumeName, claim);
  }
  const short = new Map<number, ReadonlyMap<string, PersistentVolumeClaim>>();
  const ofLength = (length: number): ReadonlyMap<string, PersistentVolumeClaim> => {
    let starts = short.get(length);
    if (starts === undefined) {
      starts = new Map(
        claims.map((claim) => [claim.uid.replaceAll('-', '').slice(0, length), claim]),
      );
      short.set(length, starts);
    }
    return starts;
  };
  return {
    byUid: (uid) => uids.get(uid),
    byShortUid: (start) => ofLength(start.length).get(start),
    byVolumeName: (name) => names.get(name) ?? uids.get(uidAtEnd(name)),
  };
}
