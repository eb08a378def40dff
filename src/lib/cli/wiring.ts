import { type ScanPorts, type ScanRequest } from '../app/scan-request.ts';
import { type Settings } from '../core/model/settings.ts';
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

/** A history and the clock it goes by, for what needs nothing else. */
export interface OpenHistory {
  readonly history: HistoryStore & HistoryMaintenance;
  readonly clock: Clock;
}

/** Both sides, opened and not yet connected. */
export interface OpenSides<C extends ClusterReader = ClusterReader> {
  readonly clusters: readonly C[];
  readonly systems: readonly NasReader[];
}

/** Opens everything; where one part cannot be opened, those that were are closed again. */
export async function openSides<C extends ClusterReader>(
  clusters: readonly Promise<C>[],
  systems: readonly Promise<NasReader>[],
): Promise<OpenSides<C>> {
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
