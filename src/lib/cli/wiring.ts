import { type OpenedCluster } from '../adapters/kubernetes/cluster-reader.ts';
import { type ScanPorts, type ScanRequest } from '../app/scan-request.ts';
import { type CleanupSettings } from '../core/cleanup/settings.ts';
import { type Settings } from '../core/model/settings.ts';
import { type NasWriter, type Writers } from '../ports/change-writer.ts';
import { type ChangeWatcher } from '../ports/change-watcher.ts';
import { type Clock } from '../ports/clock.ts';
import { type ClusterReader } from '../ports/cluster.ts';
import { type HistoryMaintenance, type HistoryStore } from '../ports/history.ts';
import { type NasReader } from '../ports/nas.ts';

/** A use case's surroundings, opened for one run; closed when its scope is left. */
export interface Wiring extends AsyncDisposable {
  readonly ports: ScanPorts;
  readonly settings: Pick<
    ScanRequest,
    'drivers' | 'policy' | 'ignore' | 'wholeEstate' | 'cacheKey'
  >;
  /** What is to be checked of the configuration itself. */
  readonly configuration: Settings;
}

/** A system whose key is kept in somebody else's configuration, and so is for reading alone. */
export interface BorrowedKey {
  readonly system: string;
  /** Such as `secret csi/nfs-config`. */
  readonly keptIn: string;
}

/** A wiring, and what it takes to change what it reads. Only clean-up asks for it. */
export interface Estate extends Wiring {
  /** Those of the demo; none where clusters are real. */
  readonly ownClusters: readonly OwnCluster[];
  readonly changes: {
    readonly settings: CleanupSettings;
    /** Where plans and runs are kept. */
    readonly directory: string;
    readonly writers: Writers;
    readonly clusters: readonly OpenedCluster[];
    readonly borrowedKeys: readonly BorrowedKey[];
    /** Before each piece of work of whoever keeps it open: plans are told apart by when they were made, and the clock of the demo stands still. */
    readonly tick: () => Promise<void>;
  };
  /** What whoever keeps it open needs beside. */
  readonly standing: Standing;
}

/** What says when something changes, and makes what broke as new. */
export interface Standing {
  readonly watchers: readonly ChangeWatcher[];
  /** By the name of the system. */
  readonly renewals: ReadonlyMap<string, () => void>;
}

export function standingOf({ clusters, systems }: WritableSides): Standing {
  return {
    watchers: [...clusters, ...systems].map(({ watcher }) => watcher),
    renewals: new Map(systems.map(({ name, renew }) => [name, renew])),
  };
}

/** A cluster that lives in this process, and how others in it get there. */
export interface OwnCluster {
  readonly name: string;
  readonly kubeconfig: string;
}

/** A system to be read, and what changes it. */
export interface WritableNas extends NasReader {
  readonly writer: NasWriter;
  readonly watcher: ChangeWatcher;
  /** Forgets what failed, where it is read again later. */
  readonly renew: () => void;
}

/** What can be read and changed. */
export type WritableSides = OpenSides<OpenedCluster, WritableNas>;

export function writersOf({ clusters, systems }: WritableSides): Writers {
  return {
    clusters: clusters.map(({ writer }) => writer),
    systems: systems.map(({ writer }) => writer),
  };
}

/** A history and the clock it goes by, for what needs nothing else. */
export interface OpenHistory {
  readonly history: HistoryStore & HistoryMaintenance;
  readonly clock: Clock;
}

/** Both sides, opened and not yet connected. */
export interface OpenSides<
  C extends ClusterReader = ClusterReader,
  S extends NasReader = NasReader,
> {
  readonly clusters: readonly C[];
  readonly systems: readonly S[];
}

/** Opens everything; where one part cannot be opened, those that were are closed again. */
export async function openSides<C extends ClusterReader, S extends NasReader>(
  clusters: readonly Promise<C>[],
  systems: readonly Promise<S>[],
): Promise<OpenSides<C, S>> {
  const settled = await Promise.allSettled<ClusterReader | NasReader>([...clusters, ...systems]);
  const failure = settled.find((each) => each.status === 'rejected');
  if (failure === undefined) {
    return { clusters: await Promise.all(clusters), systems: await Promise.all(systems) };
  }
  for (const each of settled) if (each.status === 'fulfilled') await each.value.close();
  throw failure.reason;
}

export async function closeSides({ clusters, systems }: OpenSides): Promise<void> {
  await Promise.allSettled(
    [...clusters, ...systems].map(async (side) => {
      await side.close();
    }),
  );
}
