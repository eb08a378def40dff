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

const NONE: readonly never[] = [];

/** Lists by system and by key within it. Most hold one item, and a list that began empty has room for many. */
export class ListsBySystem<V, K extends string | number = string> {
  readonly #lists = new BySystem<V[], K>();

  add(system: string, key: K, item: V): void {
    const list = this.#lists.get(system, key);
    if (list === undefined) this.#lists.set(system, key, [item]);
    else list.push(item);
  }

  get(system: string, key: K): readonly V[] {
    return this.#lists.get(system, key) ?? NONE;
  }
}
