import { type PersistentVolume } from '../model/kubernetes.ts';
import { type Dataset } from '../model/truenas.ts';
import { ListsBySystem } from './by-system.ts';
import { type VolumeUser } from './claims.ts';
import { type Backend } from './backend.ts';

const NOBODY: readonly never[] = [];

/** Volumes by the data their handle stands for: a dataset where one was found, else the handle within a cluster. */
export class Sharers {
  readonly #byDataset = new Map<Dataset, PersistentVolume | PersistentVolume[]>();
  readonly #byHandle = new ListsBySystem<PersistentVolume>();

  add(pv: PersistentVolume, backend: Backend): void {
    if (pv.source.kind !== 'csi') return;
    if (backend.state === 'found') {
      const known = this.#byDataset.get(backend.dataset);
      // Nearly every dataset has one volume, and needs no list for it.
      if (known === undefined) this.#byDataset.set(backend.dataset, pv);
      else if (Array.isArray(known)) known.push(pv);
      else this.#byDataset.set(backend.dataset, [known, pv]);
      return;
    }
    const { driver, handle } = pv.source;
    this.#byHandle.add(pv.cluster, `${driver} ${handle}`, pv);
  }

  /** The other volumes of the same data. */
  of(pv: PersistentVolume, backend: Backend): readonly VolumeUser[] {
    const group = this.#group(pv, backend);
    if (group.length === 0) return NOBODY;
    return group
      .filter((each) => each !== pv)
      .map(({ cluster, name }) => ({ kind: 'persistent-volume', cluster, name }));
  }

  #group(pv: PersistentVolume, backend: Backend): readonly PersistentVolume[] {
    if (pv.source.kind !== 'csi') return NOBODY;
    if (backend.state === 'found') {
      const known = this.#byDataset.get(backend.dataset);
      return Array.isArray(known) ? known : NOBODY;
    }
    return this.#byHandle.get(pv.cluster, `${pv.source.driver} ${pv.source.handle}`);
  }
}
