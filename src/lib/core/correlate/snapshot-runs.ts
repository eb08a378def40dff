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

  constructor(snapshots: readonly ZfsSnapshot[]) {
    this.#snapshots = snapshots;
    let last: ZfsSnapshot | undefined;
    for (const [at, snapshot] of snapshots.entries()) {
      if (last === undefined || !isBeside(snapshot, last)) this.#begin(snapshot, at);
      last = snapshot;
    }
  }

  #begin({ system, dataset }: ZfsSnapshot, at: number): void {
    const known = this.#starts.get(system, dataset);
    if (known === undefined) this.#starts.set(system, dataset, at);
    else if (Array.isArray(known)) known.push(at);
    else this.#starts.set(system, dataset, [known, at]);
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
