/**
 * A map by system, or cluster, and by key within it. Two levels rather than one joined key: joining builds and hashes a string
 * for every look, and these are looked into a hundred thousand times a scan.
 */
export class BySystem<V> {
  readonly #systems = new Map<string, Map<string, V>>();

  get(system: string, key: string): V | undefined {
    return this.#systems.get(system)?.get(key);
  }

  set(system: string, key: string, value: V): void {
    this.#within(system).set(key, value);
  }

  /** The value under a key, made if there is none. */
  of(system: string, key: string, make: () => V): V {
    const within = this.#within(system);
    let value = within.get(key);
    if (value === undefined) {
      value = make();
      within.set(key, value);
    }
    return value;
  }

  #within(system: string): Map<string, V> {
    let within = this.#systems.get(system);
    if (within === undefined) {
      within = new Map();
      this.#systems.set(system, within);
    }
    return within;
  }
}
