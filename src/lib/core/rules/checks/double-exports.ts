import { type ExportIndex } from '../../correlate/match-shares.ts';
import { type VolumeLinks } from '../../correlate/match-volumes.ts';
import { leafName, targetKey } from '../../correlate/paths.ts';
import { lazy } from '../../model/lazy.ts';
import { type PersistentVolume } from '../../model/kubernetes.ts';
import { type Severity } from '../../model/finding.ts';
import { type Dataset } from '../../model/truenas.ts';
import { AssetNames } from './asset-names.ts';
import { UserVolumes } from './served-volumes.ts';

/** What is wrong with the way a dataset is exported. */
export interface DoubleExport {
  readonly severity: Severity;
  readonly message: string;
}

/** One block device a zvol is exported as. */
interface Device {
  readonly what: () => string;
  /** Names hosts connect to it by: of targets, or of the subsystem. */
  readonly servers: readonly string[];
  readonly enabled: boolean;
}

function devicesOf(zvol: Dataset, exports: ExportIndex): readonly Device[] {
  const extents = exports.extentsOf(zvol).map(({ extent, targets }) => ({
    what: () => `extent ${extent.name}`,
    servers: targets.map(({ name }) => name),
    enabled: extent.enabled,
  }));
  const namespaces = exports.namespacesOf(zvol);
  if (namespaces.length === 0) return extents;
  return [
    ...extents,
    ...namespaces.map(({ namespace: { id, subsystem, enabled } }) => ({
      what: () => `namespace ${id} of subsystem ${subsystem}`,
      servers: [subsystem],
      enabled,
    })),
  ];
}

/** A leaf of this length is no part of another volume's name by chance. */
const TELLING_LEAF = 16;

/** Whether a name can be no other volume's, as nearly all can: spares a search. */
function isPlainlyOwn(name: string, { id, properties }: Dataset): boolean {
  const { iscsiAssetsName, nvmetAssetsName } = properties;
  if (iscsiAssetsName !== null || nvmetAssetsName !== null) {
    return name === iscsiAssetsName || name === nvmetAssetsName;
  }
  const leaf = leafName(id);
  return leaf.length >= TELLING_LEAF && name.includes(leaf);
}

/** Finds datasets that are exported more than once, or as something they are not. */
export class DoubleExports {
  readonly #exports: ExportIndex;
  readonly #links: VolumeLinks;
  readonly #assets: () => AssetNames;
  readonly #volumes: () => UserVolumes;

  constructor(
    datasets: readonly Dataset[],
    persistentVolumes: readonly PersistentVolume[],
    links: VolumeLinks,
    exports: ExportIndex,
  ) {
    this.#exports = exports;
    this.#links = links;
    this.#assets = lazy(() => new AssetNames(datasets, links));
    this.#volumes = lazy(() => new UserVolumes(persistentVolumes, links));
  }

  of(dataset: Dataset): DoubleExport | undefined {
    return dataset.kind === 'volume' ? this.#ofZvol(dataset) : this.#ofFilesystem(dataset);
  }

  /** Several shares of one path are a way to treat networks differently; a driver makes one. */
  #ofFilesystem(dataset: Dataset): DoubleExport | undefined {
    const shares = this.#exports.nfsSharesOf(dataset);
    if (shares.length < 2 || !this.#links.isManaged(dataset)) return undefined;
    const ids = shares.map(({ id }) => id).sort((a, b) => a - b);
    return {
      severity: 'info',
      message: `${ids.length} NFS shares (${ids.join(', ')}) export the same path`,
    };
  }

  #ofZvol(zvol: Dataset): DoubleExport | undefined {
    if (this.#isPlainlyFine(zvol)) return undefined;
    const devices = devicesOf(zvol, this.#exports);
    const others = this.#others(zvol, devices);
    if (others.length > 0) {
      const names = others.join(', ');
      return { severity: 'critical', message: `it is served as the disk of ${names} too` };
    }
    if (devices.length < 2) return undefined;
    const reachable = devices.filter(({ enabled, servers }) => enabled && servers.length > 0);
    const what = devices.map((device) => device.what()).sort();
    return {
      // Two hosts that each believe to be alone on a disk destroy what is on it.
      severity: reachable.length > 1 ? 'high' : 'low',
      message: `${what.join(' and ')} export the same zvol`,
    };
  }

  /** One device, one user, one name at most, as nearly every zvol has: spares a closer look. */
  #isPlainlyFine(zvol: Dataset): boolean {
    const extents = this.#exports.extentsOf(zvol);
    const [extent] = extents;
    return (
      extents.length <= 1 &&
      this.#exports.namespacesOf(zvol).length === 0 &&
      this.#links.usersOf(zvol).length <= 1 &&
      (extent?.targets.every(({ name }) => isPlainlyOwn(name, zvol)) ?? true)
    );
  }

  /** Other volumes that hosts reach here: by what a PersistentVolume names, or by the name their driver gives to a target. */
  #others(zvol: Dataset, devices: readonly Device[]): readonly string[] {
    if (!this.#links.isManaged(zvol)) return [];
    const { csiVolumeName } = zvol.properties;
    const others = [...this.#byVolume(zvol), ...this.#byName(zvol, devices)].filter(
      (other) =>
        other !== zvol &&
        // Systems give names alike without knowing of each other.
        other.system === zvol.system &&
        // A copy that carries the same volume's name is that volume, moved by hand.
        (csiVolumeName === null || other.properties.csiVolumeName !== csiVolumeName),
    );
    return [...new Set(others.map(({ id }) => id))].sort();
  }

  *#byVolume(zvol: Dataset): Iterable<Dataset> {
    const users = this.#links.usersOf(zvol);
    if (users.length < 2) return;
    for (const user of users) {
      const volume = this.#volumes().find(user);
      const backend = volume && this.#links.backendOf(volume);
      if (backend?.state === 'found') yield backend.dataset;
    }
  }

  *#byName(zvol: Dataset, devices: readonly Device[]): Iterable<Dataset> {
    for (const { servers } of devices) {
      for (const name of servers) {
        if (isPlainlyOwn(name, zvol)) continue;
        const volumes = this.#assets().volumesOf(zvol.system, targetKey(name));
        if (!volumes.includes(zvol)) yield* volumes;
      }
    }
  }
}
