/**
 * A map by system, or cluster, and by key within it. Two levels rather than one joined key: joining builds and hashes a string
 * for every look, and these are looked into a hundred thousand times a scan.
 */
export class BySystem<V, K extends string | number = string> {
  readonly #systems = new Map<string, Map<K, V>>();

  get(system: string, key: K): V | undefined {
    return this.#systems.get(system)?.get(key);
  }

  set(system: string, key: K, value: V): void {
    this.#within(system).set(key, value);
  }

  /** The value under a key, made if there is none. */
  of(system: string, key: K, make: () => V): V {
    const within = this.#within(system);
    let value = within.get(key);
    if (value === undefined) {
      value = make();
      within.set(key, value);
    }
    return value;
  }

  #within(system: string): Map<K, V> {
    let within = this.#systems.get(system);
    if (within === undefined) {
      within = new Map();
      this.#systems.set(system, within);
    }
    return within;
  }
}
