import { type DriverConfig } from '../model/driver-config.ts';
import { listed } from '../model/coverage.ts';
import { CLUSTER_SOURCES, freezeInventory, type Inventory } from '../model/inventory.ts';
import {
  type DriverSecret,
  type StorageClass,
  type VolumeSnapshotClass,
} from '../model/kubernetes.ts';
import { type Settings } from '../model/settings.ts';
import { type Filed, withDistinctNames } from './distinct-names.ts';

/** What the cluster is called that files are meant for. */
export const FILES = 'files';

/** What files say of a cluster that is yet to be. */
export interface FilesContent {
  readonly secrets: readonly Filed<DriverSecret>[];
  readonly storageClasses: readonly Filed<StorageClass>[];
  readonly snapshotClasses: readonly Filed<VolumeSnapshotClass>[];
  readonly drivers: readonly DriverConfig[];
  readonly settings: Settings;
}

/** Files as if they were rolled out in a cluster where nothing runs, for checks of what is written in them. */
export function filesInventory(content: FilesContent, takenAt: Date): Inventory {
  const items = {
    driverSecrets: withDistinctNames(content.secrets),
    storageClasses: withDistinctNames(content.storageClasses),
    volumeSnapshotClasses: withDistinctNames(content.snapshotClasses),
  };
  const known: Readonly<Record<string, readonly unknown[]>> = items;
  const lists = CLUSTER_SOURCES.map((source) => [source, listed(known[source] ?? [])] as const);
  return freezeInventory({
    takenAt,
    clusters: [
      {
        identity: {
          name: FILES,
          uid: FILES,
          createdAt: null,
          version: null,
          platform: 'kubernetes',
          clock: null,
        },
        // Each list stands under the name it was taken from.
        lists: Object.fromEntries(lists),
      },
    ],
    systems: [],
    drivers: content.drivers,
    firstSeen: new Map(),
    moved: [],
    settings: content.settings,
  });
}
