import { csiSubsystemName, csiTargetName, OFFICIAL_DRIVER } from '../../correlate/csi-names.ts';
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
import { lazy } from '../../model/lazy.ts';
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

function byHandle(
  volumes: readonly PersistentVolume[],
): ReadonlyMap<string, PersistentVolume | PersistentVolume[]> {
  const index = new Map<string, PersistentVolume | PersistentVolume[]>();
  for (const volume of volumes) {
    if (volume.source.kind !== 'csi') continue;
    const { handle } = volume.source;
    const known = index.get(handle);
    // Nearly every handle is of one volume, and needs no list for it.
    if (known === undefined) index.set(handle, volume);
    else if (Array.isArray(known)) known.push(volume);
    else index.set(handle, [known, volume]);
  }
  return index;
}

const NONE: readonly string[] = [];

function smbSharesOf({ source }: PersistentVolume): readonly string[] {
  const share = smbShareOf(source);
  return share === undefined ? NONE : [share.toLowerCase()];
}

/** Name that csi.truenas.io gives to what exports a volume: its attributes need not tell. */
function officialName(
  { source }: PersistentVolume,
  nameOf: (path: string) => string,
): readonly string[] {
  const official = source.kind === 'csi' && source.driver === OFFICIAL_DRIVER;
  return official ? [nameOf(source.handle)] : NONE;
}

function targetsOf(volume: PersistentVolume): readonly string[] {
  const named = targetNamesOf(volume.source);
  const official = officialName(volume, csiTargetName);
  // Only iSCSI has any.
  return named.length + official.length === 0 ? NONE : [...named.map(targetKey), ...official];
}

/** By NQN, by everything after a colon of it, and by the name alone. */
function subsystemsOf(volume: PersistentVolume): readonly string[] {
  const nqn = subsystemNameOf(volume.source)?.toLowerCase();
  const official = officialName(volume, csiSubsystemName);
  return nqn === undefined ? official : [nqn, ...tailsOf(nqn), ...official];
}

/** Volumes by what exports them. */
interface ByExport {
  readonly targets: ReadonlyMap<string, PersistentVolume>;
  readonly smbShares: ReadonlyMap<string, PersistentVolume>;
  readonly subsystems: ReadonlyMap<string, PersistentVolume>;
}

function byExport(volumes: readonly PersistentVolume[]): ByExport {
  const targets = new Map<string, PersistentVolume>();
  const smbShares = new Map<string, PersistentVolume>();
  const subsystems = new Map<string, PersistentVolume>();
  for (const volume of volumes) {
    for (const key of targetsOf(volume)) targets.set(key, volume);
    for (const key of smbSharesOf(volume)) smbShares.set(key, volume);
    for (const key of subsystemsOf(volume)) subsystems.set(key, volume);
  }
  return { targets, smbShares, subsystems };
}

/** Paths are kept as they are written, which spares a new string each; few end in a slash. */
function byShare(volumes: readonly PersistentVolume[]): ReadonlyMap<string, PersistentVolume> {
  const index = new Map<string, PersistentVolume>();
  for (const volume of volumes) {
    for (const path of sharePathsOf(volume.source)) {
      index.set(path.endsWith('/') ? `/${trimSlashes(path)}` : path, volume);
    }
  }
  return index;
}

/** PersistentVolumes by what they name, or by where their driver would put them. */
export class VolumeNames {
  readonly #byShare: () => ReadonlyMap<string, PersistentVolume>;
  readonly #byHandle: () => ReadonlyMap<string, PersistentVolume | PersistentVolume[]>;
  readonly #byExport: () => ByExport;
  readonly parents: ParentIndex;

  constructor(volumes: readonly PersistentVolume[], parents: ParentIndex) {
    this.parents = parents;
    this.#byShare = lazy(() => byShare(volumes));
    this.#byHandle = lazy(() => byHandle(volumes));
    this.#byExport = lazy(() => byExport(volumes));
  }

  /** Names of volumes whose share, whose handle, or whose place below a parent, is this dataset path. */
  atPath(path: string): readonly string[] {
    const shared = this.#byShare().get(`/mnt/${path}`);
    const handled = [path, leafName(path)]
      .flatMap((handle) => this.#byHandle().get(handle) ?? [])
      .filter((volume) => this.#wouldLieAt(volume, path));
    const volumes = new Set([...(shared === undefined ? [] : [shared]), ...handled]);
    return [...volumes].map(({ name }) => name);
  }

  #wouldLieAt({ cluster, source }: PersistentVolume, path: string): boolean {
    if (source.kind !== 'csi') return false;
    // A whole path says where it lies, whatever is known of its driver.
    return (
      source.handle === path ||
      this.parents
        .forDriver(cluster, source.driver)
        .some((parent) => volumePathBelow(parent, source.handle) === path)
    );
  }

  /** Name of a volume that names this target, by its key. */
  ofTarget(key: string): string | undefined {
    return this.#byExport().targets.get(key)?.name;
  }

  /** Names of volumes that name this SMB share. */
  ofSmbShare(name: string): readonly string[] {
    const volume = this.#byExport().smbShares.get(name.toLowerCase());
    return volume === undefined ? [] : [volume.name];
  }

  /** Names of volumes that name this NVMe-oF subsystem, by its NQN or by its name. */
  ofSubsystem({ name, nqn }: Pick<NvmetSubsystem, 'name' | 'nqn'>): readonly string[] {
    const exact = nqn === null ? undefined : this.#byExport().subsystems.get(nqn.toLowerCase());
    const volume = exact ?? this.#byExport().subsystems.get(name.toLowerCase());
    return volume === undefined ? [] : [volume.name];
  }
}
