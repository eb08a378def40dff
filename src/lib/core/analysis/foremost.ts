/** The first few of many, by some order, without keeping them all. */
export class Foremost<T> {
  readonly #most: number;
  readonly #order: (one: T, other: T) => number;
  #kept: T[] = [];

  constructor(most: number, order: (one: T, other: T) => number) {
    this.#most = most;
    this.#order = order;
  }

  add(item: T): void {
    this.#kept.push(item);
    if (this.#kept.length > 4 * this.#most) this.#cut();
  }

  /** In their order. */
  items(): readonly T[] {
    this.#cut();
    return this.#kept;
  }

  #cut(): void {
    this.#kept = this.#kept.toSorted(this.#order).slice(0, this.#most);
  }
}
