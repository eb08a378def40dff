import { type Dataset } from '../model/truenas.ts';
import { leafName } from './paths.ts';
import { SnapshotUse } from './snapshot-use.ts';

/** Somebody on the Kubernetes side who uses a dataset. */
export interface VolumeUser {
  readonly kind: 'persistent-volume' | 'inline-volume';
  readonly cluster: string;
  /** PersistentVolume, or `namespace/pod`. */
  readonly name: string;
}

const NOBODY: readonly VolumeUser[] = [];

/** Who uses what, from every volume and every pod of every registered cluster. */
export class Claims {
  /** Who mounts a snapshot. */
  readonly snapshots = new SnapshotUse();
  /** Nearly every dataset has one user, and needs no list for it. */
  readonly #users = new Map<Dataset, VolumeUser | VolumeUser[]>();
  /** Datasets of several users. */
  readonly #crowded = new Set<Dataset>();
  /** Handles of volumes that were found nowhere, so that a dataset of that leaf may yet be theirs. */
  readonly #homeless = new Map<string, VolumeUser[]>();

  add(dataset: Dataset, user: VolumeUser): void {
    const users = this.#users.get(dataset);
    if (users === undefined) this.#users.set(dataset, user);
    else if (!Array.isArray(users)) {
      if (users === user) return;
      this.#users.set(dataset, [users, user]);
      this.#crowded.add(dataset);
    }
    // One user is added by several keys in a row; a search would cost a square of thousands on a shared dataset.
    else if (users.at(-1) !== user) users.push(user);
  }

  addHomeless(handle: string, user: VolumeUser): void {
    const users = this.#homeless.get(handle);
    if (users === undefined) this.#homeless.set(handle, [user]);
    else users.push(user);
  }

  /** Whether anybody does, as nearly always: spares a list of them. */
  has(dataset: Dataset): boolean {
    return (
      this.#users.has(dataset) ||
      (this.#homeless.size > 0 && this.#homeless.has(leafName(dataset.id)))
    );
  }

  /** Whether several do, as seldom. */
  hasSeveral(dataset: Dataset): boolean {
    return this.#crowded.has(dataset);
  }

  of(dataset: Dataset): readonly VolumeUser[] {
    const known = this.#users.get(dataset) ?? NOBODY;
    const users = 'kind' in known ? [known] : known;
    if (users.some(({ kind }) => kind === 'persistent-volume')) return users;
    const homeless = this.#homeless.get(leafName(dataset.id));
    return homeless === undefined ? users : [...users, ...homeless];
  }
}
