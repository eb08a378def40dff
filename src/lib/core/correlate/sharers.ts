import { type PersistentVolume } from '../model/kubernetes.ts';
import { type Dataset } from '../model/truenas.ts';
import { type BackedVolume } from './backed-volumes.ts';
import { ListsBySystem } from './by-system.ts';
import { type Claims, type VolumeUser } from './claims.ts';
import { append } from './listed-by.ts';

const NOBODY: readonly never[] = [];

/** Volumes by the data their handle stands for: a dataset where one was found, else the handle within a cluster. */
export class Sharers {
  /** Only of the datasets that have several users, as few do. */
  readonly #byDataset = new Map<Dataset, PersistentVolume[]>();
  readonly #byHandle = new ListsBySystem<PersistentVolume>();

  constructor(volumes: Iterable<BackedVolume>, claims: Claims) {
    for (const { volume, backend } of volumes) {
      if (volume.source.kind !== 'csi') continue;
      if (backend.state !== 'found') {
        const { driver, handle } = volume.source;
        this.#byHandle.add(volume.cluster, `${driver} ${handle}`, volume);
      } else if (claims.hasSeveral(backend.dataset)) {
        append(this.#byDataset, backend.dataset, volume);
      }
    }
  }

  /** The other volumes of the same data. */
  of(backed: BackedVolume): readonly VolumeUser[] {
    const group = this.#group(backed);
    if (group.length === 0) return NOBODY;
    return group
      .filter((each) => each !== backed.volume)
      .map(({ cluster, name }) => ({ kind: 'persistent-volume', cluster, name }));
  }

  #group({ volume, backend }: BackedVolume): readonly PersistentVolume[] {
    if (volume.source.kind !== 'csi') return NOBODY;
    if (backend.state === 'found') return this.#byDataset.get(backend.dataset) ?? NOBODY;
    return this.#byHandle.get(volume.cluster, `${volume.source.driver} ${volume.source.handle}`);
  }
}
