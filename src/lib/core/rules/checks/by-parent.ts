import { parentPath } from '../../correlate/paths.ts';
import { type Dataset } from '../../model/truenas.ts';
import { counted, firstFew } from '../../render/text/format.ts';

/** What was looked at below one dataset, and what of it was not as it should be. */
export interface Tally {
  readonly path: string;
  readonly seen: number;
  /** Names, in order. */
  readonly faulty: readonly string[];
}

/** Counts volumes below each dataset, so that many are one line for whoever reads it. */
export class TallyByParent {
  readonly #tallies = new Map<string, { seen: number; faulty: Set<string> }>();

  add({ id }: Pick<Dataset, 'id'>, isSound: boolean, name: string): void {
    const path = parentPath(id);
    const tally = this.#tallies.get(path) ?? { seen: 0, faulty: new Set() };
    this.#tallies.set(path, tally);
    tally.seen += 1;
    if (!isSound) tally.faulty.add(name);
  }

  *all(): Iterable<Tally> {
    for (const [path, { seen, faulty }] of this.#tallies) {
      yield { path, seen, faulty: [...faulty].toSorted() };
    }
  }
}

/** `3 of 40 volumes WHAT: a, b and c`; where all are sound, `40 volumes REST`. */
export function tallied(
  { seen, faulty }: Omit<Tally, 'path'>,
  noun: string,
  what: string,
  rest: string,
): string {
  return faulty.length === 0
    ? `${counted(seen, noun)} ${rest}`
    : `${String(faulty.length)} of ${counted(seen, noun)} ${what}: ${firstFew(faulty, 5)}`;
}
