import { volumesByName } from '../../correlate/listed-by.ts';
import { protocolOf } from '../../correlate/protocol.ts';
import { type VolumeUser } from '../../correlate/claims.ts';
import { type VolumeLinks } from '../../correlate/match-volumes.ts';
import { condition, type Check } from '../../model/check.ts';
import { type PersistentVolume } from '../../model/kubernetes.ts';
import { type Dataset } from '../../model/truenas.ts';

/** The volumes behind the users of a dataset. */
export class UserVolumes {
  readonly #volumes: ReturnType<typeof volumesByName>;
  readonly #links: VolumeLinks;

  constructor(volumes: readonly PersistentVolume[], links: VolumeLinks) {
    this.#links = links;
    this.#volumes = volumesByName(volumes);
  }

  find({ kind, cluster, name }: VolumeUser): PersistentVolume | undefined {
    return kind === 'persistent-volume' ? this.#volumes.get(cluster, name) : undefined;
  }

  /** Volumes of this dataset that somebody has a claim on. */
  boundTo(dataset: Dataset): readonly PersistentVolume[] {
    return this.#links
      .usersOf(dataset)
      .flatMap((user) => this.find(user) ?? [])
      .filter(({ phase }) => phase === 'Bound');
  }

  /** That no bound volume misses what exports these datasets, which is for the rule about volumes to say. */
  noBoundVolume(datasets: readonly Dataset[]): Check {
    const bound = datasets
      .flatMap((dataset) => this.boundTo(dataset))
      .filter(
        (volume) =>
          protocolOf(volume) !== undefined && this.#links.backendOf(volume).state === 'found',
      );
    return condition('no-bound-volume', bound.length === 0, () =>
      bound.length === 0
        ? 'none'
        : `PersistentVolume ${bound.map(({ name }) => name).join(', ')} is bound: see share-missing`,
    );
  }
}
