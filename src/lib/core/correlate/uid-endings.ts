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
 * map has to hash it, which costs several times as much as all else of a look. So this is a hash table of its own.
 */
export class UidEndings {
  readonly #uids: (string | null)[] = [];
  /** By what the number leaves over: the last place so far, counted from 1; 0 for none. */
  readonly #last: Int32Array;
  /** For each place the one before it in the same chain, counted likewise. */
  readonly #before: Int32Array;

  /** @param size how many are to be added */
  constructor(size: number) {
    let room = 1;
    while (room < 2 * size) room *= 2;
    this.#last = new Int32Array(room);
    this.#before = new Int32Array(size);
  }

  #slotOf(text: string): number {
    return endingOf(text) & (this.#last.length - 1);
  }

  /** Adds the uid of the next place, from 0 on. */
  add(uid: string | null): void {
    const count = this.#uids.push(uid);
    if (uid === null) return;
    const slot = this.#slotOf(uid);
    this.#before[count - 1] = this.#last[slot] ?? 0;
    this.#last[slot] = count;
  }

  /** Place of the last uid a name ends in. */
  find(name: string): number | undefined {
    let count = this.#last[this.#slotOf(name)] ?? 0;
    if (count === 0) return undefined;
    const uid = uidAtEnd(name);
    while (count > 0 && this.#uids[count - 1] !== uid) count = this.#before[count - 1] ?? 0;
    return count === 0 ? undefined : count - 1;
  }
}
