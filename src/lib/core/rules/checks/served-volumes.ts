import { BySystem } from '../../correlate/by-system.ts';
import { type VolumeUser } from '../../correlate/claims.ts';
import { type VolumeLinks } from '../../correlate/match-volumes.ts';
import { condition, type Check } from '../../model/check.ts';
import { type PersistentVolume } from '../../model/kubernetes.ts';
import { type Dataset } from '../../model/truenas.ts';

export type Protocol = 'nfs' | 'smb' | 'iscsi' | 'nvmeof';

const PROTOCOLS: Readonly<Partial<Record<string, Protocol>>> = {
  nfs: 'nfs',
  smb: 'smb',
  iscsi: 'iscsi',
  nvmeof: 'nvmeof',
};

/** These make shares and targets on the command line, where no list of TrueNAS shows them. */
const OFF_THE_LISTS = 'zfs-generic-';

/** Whether this driver's exports are TrueNAS' own objects. */
export function exportsAreListed(provisionerDriver: string | null | undefined): boolean {
  return provisionerDriver?.startsWith(OFF_THE_LISTS) !== true;
}

/** How TrueNAS exports a volume, by the volume's own attributes; undefined where they do not say, or it does not. */
export function protocolOf({ source }: PersistentVolume): Protocol | undefined {
  if (source.kind !== 'csi' || !exportsAreListed(source.attributes['provisioner_driver'])) {
    return undefined;
  }
  const { node_attach_driver: attach, protocol } = source.attributes;
  return PROTOCOLS[attach ?? protocol ?? ''];
}

/** The volumes behind the users of a dataset. */
export class UserVolumes {
  readonly #volumes = new BySystem<PersistentVolume>();
  readonly #links: VolumeLinks;

  constructor(volumes: readonly PersistentVolume[], links: VolumeLinks) {
    this.#links = links;
    for (const volume of volumes) this.#volumes.set(volume.cluster, volume.name, volume);
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
