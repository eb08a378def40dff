import { volumePathBelow } from '../../correlate/known-parent.ts';
import { type ParentIndex } from '../../correlate/parents.ts';
import { leafName, targetKey, trimSlashes } from '../../correlate/paths.ts';
import { tailsOf } from '../../correlate/nvmet.ts';
import {
  sharePathsOf,
  smbShareOf,
  subsystemNameOf,
  targetNamesOf,
} from '../../correlate/volume-handle.ts';
import { partial, type Coverage, type Listing } from '../../model/coverage.ts';
import { type PersistentVolume } from '../../model/kubernetes.ts';
import { type NvmetSubsystem } from '../../model/truenas.ts';

/**
 * How far "no volume names it" can be trusted: a cluster without a single volume is more likely the wrong one
 * than one that forgot exactly this export.
 */
export function trustInVolumes({ items, coverage }: Listing<PersistentVolume>): Coverage {
  return items.length > 0 ? coverage : partial('not a single PersistentVolume was seen');
}

const KNOWN = new WeakMap<readonly PersistentVolume[], VolumeNames>();

/** The names of a list of volumes. Several rules ask for those of one list, and they are made once. */
export function namesOf(volumes: readonly PersistentVolume[], parents: ParentIndex): VolumeNames {
  let names = KNOWN.get(volumes);
  if (names?.parents !== parents) {
    names = new VolumeNames(volumes, parents);
    KNOWN.set(volumes, names);
  }
  return names;
}

/** PersistentVolumes by what they name, or by where their driver would put them. */
export class VolumeNames {
  readonly #byShare = new Map<string, PersistentVolume>();
  readonly #byHandle = new Map<string, PersistentVolume | PersistentVolume[]>();
  readonly #byTarget = new Map<string, PersistentVolume>();
  readonly #bySmbShare = new Map<string, PersistentVolume>();
  /** By NQN, and by everything after a colon of it. */
  readonly #bySubsystem = new Map<string, PersistentVolume>();
  readonly parents: ParentIndex;

  constructor(volumes: readonly PersistentVolume[], parents: ParentIndex) {
    this.parents = parents;
    for (const volume of volumes) {
      for (const share of sharePathsOf(volume.source)) this.#byShare.set(tidy(share), volume);
      for (const target of targetNamesOf(volume.source)) {
        this.#byTarget.set(targetKey(target), volume);
      }
      const smbShare = smbShareOf(volume.source);
      if (smbShare !== undefined) this.#bySmbShare.set(smbShare.toLowerCase(), volume);
      const nqn = subsystemNameOf(volume.source)?.toLowerCase();
      for (const name of nqn === undefined ? [] : [nqn, ...tailsOf(nqn)]) {
        this.#bySubsystem.set(name, volume);
      }
      if (volume.source.kind === 'csi') this.#addHandle(volume.source.handle, volume);
    }
  }

  #addHandle(handle: string, volume: PersistentVolume): void {
    const known = this.#byHandle.get(handle);
    // Nearly every handle is of one volume, and needs no list for it.
    if (known === undefined) this.#byHandle.set(handle, volume);
    else if (Array.isArray(known)) known.push(volume);
    else this.#byHandle.set(handle, [known, volume]);
  }

  /** Names of volumes whose share, or whose place below a parent, is this dataset path. */
  atPath(path: string): readonly string[] {
    const shared = this.#byShare.get(`/mnt/${path}`);
    const handled = [path, leafName(path)]
      .flatMap((handle) => this.#byHandle.get(handle) ?? [])
      .filter((volume) => this.#wouldLieAt(volume, path));
    const volumes = new Set([...(shared === undefined ? [] : [shared]), ...handled]);
    return [...volumes].map(({ name }) => name);
  }

  #wouldLieAt({ cluster, source }: PersistentVolume, path: string): boolean {
    return (
      source.kind === 'csi' &&
      this.parents
        .forDriver(cluster, source.driver)
        .some((parent) => volumePathBelow(parent, source.handle) === path)
    );
  }

  /** Name of a volume that names this target, by its key. */
  ofTarget(key: string): string | undefined {
    return this.#byTarget.get(key)?.name;
  }

  /** Names of volumes that name this SMB share. */
  ofSmbShare(name: string): readonly string[] {
    const volume = this.#bySmbShare.get(name.toLowerCase());
    return volume === undefined ? [] : [volume.name];
  }

  /** Names of volumes that name this NVMe-oF subsystem, by its NQN or by its name. */
  ofSubsystem({ name, nqn }: Pick<NvmetSubsystem, 'name' | 'nqn'>): readonly string[] {
    const exact = nqn === null ? undefined : this.#bySubsystem.get(nqn.toLowerCase());
    const volume = exact ?? this.#bySubsystem.get(name.toLowerCase());
    return volume === undefined ? [] : [volume.name];
  }
}

/** Paths are kept as they are written, which spares a new string each; few end in a slash. */
function tidy(share: string): string {
  return share.endsWith('/') ? `/${trimSlashes(share)}` : share;
}
