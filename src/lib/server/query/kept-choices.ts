import { LRUCache } from 'lru-cache';

/** Questions of one scan that are remembered: there are a few that everybody asks, and any number that nobody asks twice. */
const QUESTIONS = 16;

/**
 * What was chosen of a scan for a question, for whoever asks the same: going through all findings of a large estate takes longer than
 * sending a page of them. It goes with the scan, and is for reading alone.
 */
export class KeptChoices<T extends object> {
  readonly #ofScans = new WeakMap<object, LRUCache<string, T>>();

  /** @param question everything that decides what is chosen, the caller's sight included */
  get(scan: object, question: string, choose: () => T): T {
    let choices = this.#ofScans.get(scan);
    if (choices === undefined) {
      choices = new LRUCache({ max: QUESTIONS });
      this.#ofScans.set(scan, choices);
    }
    const kept = choices.get(question);
    if (kept !== undefined) return kept;
    const chosen = choose();
    choices.set(question, chosen);
    return chosen;
  }
}
