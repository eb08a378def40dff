/** The first few of many, by some order, without keeping them all. */
export class Foremost<T> {
  readonly #most: number;
  readonly #order: (one: T, other: T) => number;
  #kept: T[] = [];
  /** Whatever comes after it is none of the first; undefined until there were enough. */
  #last: T | undefined;

  constructor(most: number, order: (one: T, other: T) => number) {
    this.#most = most;
    this.#order = order;
  }

  add(item: T): void {
    if (this.#last !== undefined && this.#order(item, this.#last) > 0) return;
    this.#kept.push(item);
    if (this.#kept.length > 2 * this.#most) this.#cut();
  }

  /** In their order. */
  items(): readonly T[] {
    this.#cut();
    return this.#kept;
  }

  #cut(): void {
    this.#kept = this.#kept.toSorted(this.#order).slice(0, this.#most);
    if (this.#kept.length === this.#most) this.#last = this.#kept.at(-1);
  }
}
