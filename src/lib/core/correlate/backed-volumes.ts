import { type PersistentVolume } from '../model/kubernetes.ts';
import { lazy } from '../model/lazy.ts';
import { type Backend } from './backend.ts';

/** A PersistentVolume and what stands behind it. */
export interface BackedVolume {
  readonly volume: PersistentVolume;
  readonly backend: Backend;
}

const UNSEEN: Backend = { state: 'unknown', reason: 'this volume was not part of the scan' };

/** What stands behind every volume. Many rules go through a whole list of them, and then need not look one by one. */
export class BackedVolumes {
  readonly #lists = new Map<readonly PersistentVolume[], readonly BackedVolume[]>();
  readonly #backends = lazy(() => {
    const backends = new Map<PersistentVolume, Backend>();
    for (const { volume, backend } of this.all()) backends.set(volume, backend);
    return backends;
  });

  /** @param backed the volumes of the list, in its order */
  add(list: readonly PersistentVolume[], backed: readonly BackedVolume[]): void {
    this.#lists.set(list, backed);
  }

  *all(): Iterable<BackedVolume> {
    for (const list of this.#lists.values()) yield* list;
  }

  of(list: readonly PersistentVolume[]): readonly BackedVolume[] {
    return (
      this.#lists.get(list) ?? list.map((volume) => ({ volume, backend: this.backendOf(volume) }))
    );
  }

  backendOf(volume: PersistentVolume): Backend {
    return this.#backends().get(volume) ?? UNSEEN;
  }
}
