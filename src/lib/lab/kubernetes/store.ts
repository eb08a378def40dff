import { type KubernetesObject, type LabCluster } from '../scenario/world.ts';
import { type Resource, RESOURCES } from './resources.ts';
import { Entry, keyOf } from './entry.ts';

/** One change, as watches need it: `before` is undefined for a new object, `after` for a deleted one. */
export interface Change {
  readonly revision: number;
  readonly resource: Resource;
  readonly before: Entry | undefined;
  readonly after: Entry | undefined;
}

interface Collection {
  /** The cluster's array as it was when `entries` was made from it. */
  seen: readonly KubernetesObject[];
  /** Sorted by key and never changed: a page in the middle of a list may still hold it. */
  entries: readonly Entry[];
}

/** Changes a watch can be resumed from; older ones are compacted. */
const HISTORY = 10_000;

/**
 * Up to this many objects of a kind are compared with what was served last before every answer, so that tests may
 * change them in place. Of larger kinds only added, removed and replaced objects are noticed by themselves.
 */
const COMPARED_UP_TO = 500;

/** The cluster's objects, versioned. The cluster stays the truth: whatever changes there directly is picked up. */
export class ObjectStore {
  readonly #cluster: LabCluster;
  readonly #collections = new Map<string, Collection>();
  readonly #listeners = new Set<(change: Change) => void>();
  #history: Change[] = [];
  #revision: number;
  #compacted: number;
  #kubeSystem: KubernetesObject;

  constructor(cluster: LabCluster) {
    this.#cluster = cluster;
    this.#kubeSystem = kubeSystemOf(cluster);
    this.#revision = highestVersion(cluster);
    for (const resource of RESOURCES) {
      const seen = [...this.#objectsOf(resource)];
      for (const { metadata } of seen) metadata.resourceVersion ??= this.#next();
      const entries = seen.map((object) => new Entry(resource, object)).sort(byKey);
      this.#collections.set(resource.plural, { seen, entries: settled(entries) });
    }
    this.#compacted = this.#revision;
  }

  /** Grows with each change of anything. */
  get revision(): number {
    return this.#revision;
  }

  /** A watch can start from this revision or a later one. */
  get compacted(): number {
    return this.#compacted;
  }

  /** Every object of a kind, by namespace and name. The array is never changed: keep it as a snapshot. */
  entries(resource: Resource): readonly Entry[] {
    return this.#reconcile(resource, false);
  }

  find(resource: Resource, namespace: string, name: string): Entry | undefined {
    const key = keyOf(namespace, name);
    const entries = this.entries(resource);
    const entry = entries[firstAtOrAfter(entries, key)];
    return entry?.key === key ? entry : undefined;
  }

  /** Adds the object, or puts it in the place of `replaced`. */
  put(
    resource: Resource,
    object: KubernetesObject,
    replaced: Entry | undefined,
  ): Entry | undefined {
    const objects = (this.#cluster.objects[resource.plural] ??= []);
    const index = replaced === undefined ? -1 : objects.indexOf(replaced.object);
    if (index === -1) objects.push(object);
    else objects[index] = object;
    return this.find(resource, object.metadata.namespace ?? '', object.metadata.name);
  }

  remove(resource: Resource, entry: Entry): void {
    const objects = this.#cluster.objects[resource.plural] ?? [];
    const index = objects.indexOf(entry.object);
    if (index !== -1) objects.splice(index, 1);
    this.entries(resource);
  }

  /** Picks up everything that was changed in the cluster directly, in place included. */
  refresh(): void {
    for (const resource of RESOURCES) this.#reconcile(resource, true);
  }

  /** Changes of a kind after a revision that was not compacted. */
  changesSince(resource: Resource, revision: number): Change[] {
    return this.#history.filter(
      (change) => change.resource === resource && change.revision > revision,
    );
  }

  subscribe(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #objectsOf(resource: Resource): readonly KubernetesObject[] {
    const objects = this.#cluster.objects[resource.plural] ?? [];
    if (resource.plural !== 'namespaces') return objects;
    if (objects.some(({ metadata }) => metadata.name === 'kube-system')) return objects;
    if (this.#kubeSystem.metadata.uid !== this.#cluster.uid) {
      this.#kubeSystem = kubeSystemOf(this.#cluster);
    }
    return [...objects, this.#kubeSystem];
  }

  #reconcile(resource: Resource, compare: boolean): readonly Entry[] {
    const collection = this.#collections.get(resource.plural);
    if (collection === undefined) return [];
    const objects = this.#objectsOf(resource);
    const stale =
      compare || objects.length <= COMPARED_UP_TO
        ? new Set(collection.entries.filter((entry) => entry.isStale()))
        : new Set<Entry>();
    if (stale.size > 0 || !sameElements(collection.seen, objects)) {
      this.#rebuild(resource, collection, [...objects], stale);
    }
    return collection.entries;
  }

  #rebuild(
    resource: Resource,
    collection: Collection,
    objects: readonly KubernetesObject[],
    stale: ReadonlySet<Entry>,
  ): void {
    const known = new Map(collection.entries.map((entry) => [entry.object, entry]));
    const before = new Map(
      collection.entries.map((entry) => [entry.key, stale.has(entry) ? entry.asServed() : entry]),
    );
    const changes: Change[] = [];
    const entries = objects.map((object) => {
      const entry = known.get(object);
      if (entry !== undefined && !stale.has(entry)) {
        before.delete(entry.key);
        return entry;
      }
      object.metadata.resourceVersion = this.#next();
      const after = new Entry(resource, object);
      changes.push({
        revision: this.#revision,
        resource,
        before: before.get(after.key),
        after,
      });
      before.delete(after.key);
      return after;
    });
    for (const entry of before.values()) {
      const tombstone = entry.withVersion(this.#next());
      changes.push({ revision: this.#revision, resource, before: tombstone, after: undefined });
    }
    collection.seen = objects;
    collection.entries = settled(entries.sort(byKey));
    changes.forEach((change) => {
      this.#publish(change);
    });
  }

  #publish(change: Change): void {
    this.#history.push(change);
    if (this.#history.length > HISTORY) {
      const forgotten = this.#history.splice(0, HISTORY / 2);
      this.#compacted = forgotten.at(-1)?.revision ?? this.#compacted;
    }
    for (const listener of this.#listeners) listener(change);
  }

  #next(): string {
    this.#revision += 1;
    return String(this.#revision);
  }
}

/** Index of the first entry whose key is not before `key`. */
export function firstAtOrAfter(entries: readonly Entry[], key: string): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const entry = entries[middle];
    if (entry !== undefined && entry.key < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

function byKey(a: Entry, b: Entry): number {
  if (a.key === b.key) return 0;
  return a.key < b.key ? -1 : 1;
}

/** Serialises what will be compared, so that a change in place right after is one. */
function settled(entries: readonly Entry[]): readonly Entry[] {
  if (entries.length <= COMPARED_UP_TO) entries.forEach((entry) => entry.itemText);
  return entries;
}

function sameElements(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((element, index) => element === b[index]);
}

/** Where counting starts: beyond every version the world brings along. */
function highestVersion(cluster: LabCluster): number {
  let highest = 1000;
  for (const { metadata } of Object.values(cluster.objects).flat()) {
    const version = Number(metadata.resourceVersion ?? '0');
    if (Number.isSafeInteger(version) && version > highest) highest = version;
  }
  return highest;
}

function kubeSystemOf(cluster: LabCluster): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: 'kube-system',
      uid: cluster.uid,
      resourceVersion: '4',
      creationTimestamp: cluster.createdAt,
      labels: { 'kubernetes.io/metadata.name': 'kube-system' },
    },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  };
}
