/** How many characters at the end tell a uid from nearly all others: they are random. */
const TELLING = 8;

/** A number made of how a text ends: whatever has another one is another text. */
export function endingOf(text: string): number {
  let ending = 0;
  for (let at = Math.max(text.length - TELLING, 0); at < text.length; at += 1) {
    ending = (Math.imul(ending, 31) + text.charCodeAt(at)) | 0;
  }
  return ending;
}

const UID_LENGTH = 36;

/** The uid a name ends in, where it ends in one: drivers are given `<prefix>-<uid>`, and the prefix is the cluster's to choose. */
export function uidAtEnd(name: string): string {
  return name.slice(-UID_LENGTH);
}

/**
 * Finds whose uid a name ends in by a number made of its last letters. What is cut out of a name is a new string each time, and a
 * map has to hash it, which costs several times as much as all else of a look.
 */
export class UidEndings {
  readonly #uids: (string | null)[] = [];
  /** The last place of each ending. */
  readonly #last = new Map<number, number>();
  /** For each place the one before it that ends alike; -1 for none. */
  readonly #before: Int32Array;

  /** @param size how many are to be added */
  constructor(size: number) {
    this.#before = new Int32Array(size);
  }

  /** Adds the uid of the next place, from 0 on. */
  add(uid: string | null): void {
    const place = this.#uids.push(uid) - 1;
    if (uid === null) return;
    const ending = endingOf(uid);
    this.#before[place] = this.#last.get(ending) ?? -1;
    this.#last.set(ending, place);
  }

  /** Place of the last uid a name ends in. */
  find(name: string): number | undefined {
    let place = this.#last.get(endingOf(name)) ?? -1;
    if (place < 0) return undefined;
    const uid = uidAtEnd(name);
    while (place >= 0 && this.#uids[place] !== uid) place = this.#before[place] ?? -1;
    return place < 0 ? undefined : place;
  }
}
