import { type Dataset, type ZfsSnapshot } from '../model/truenas.ts';
import { BySystem } from './by-system.ts';

const NONE: readonly number[] = [];

/**
 * Snapshots by their dataset. Lists come dataset by dataset, so that where those of each begin is all there is to remember: a list
 * for each of ten thousand datasets takes more memory than all the snapshots there are.
 */
export class SnapshotRuns {
  readonly #snapshots: readonly ZfsSnapshot[];
  readonly #starts = new BySystem<number | number[]>();
  #last: ZfsSnapshot | undefined;

  constructor(snapshots: readonly ZfsSnapshot[]) {
    this.#snapshots = snapshots;
  }

  /** Takes note of the snapshot at a place of the list; to be called for each, in order. */
  add(snapshot: ZfsSnapshot, place: number): void {
    if (this.#last === undefined || !isBeside(snapshot, this.#last)) this.#begin(snapshot, place);
    this.#last = snapshot;
  }

  #begin({ system, dataset }: ZfsSnapshot, place: number): void {
    const known = this.#starts.get(system, dataset);
    if (known === undefined) this.#starts.set(system, dataset, place);
    else if (Array.isArray(known)) known.push(place);
    else this.#starts.set(system, dataset, [known, place]);
  }

  of({ system, id }: Pick<Dataset, 'system' | 'id'>): readonly ZfsSnapshot[] {
    const found: ZfsSnapshot[] = [];
    for (const start of [this.#starts.get(system, id) ?? NONE].flat()) {
      for (let at = start; ; at += 1) {
        const snapshot = this.#snapshots[at];
        if (snapshot?.dataset !== id || snapshot.system !== system) break;
        found.push(snapshot);
      }
    }
    return found;
  }
}

function isBeside(one: ZfsSnapshot, other: ZfsSnapshot): boolean {
  return one.dataset === other.dataset && one.system === other.system;
}
