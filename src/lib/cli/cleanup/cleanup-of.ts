import { hostname } from 'node:os';
import { systemPause } from '../../adapters/clock/system-pause.ts';
import { kubernetesLeases } from '../../adapters/kubernetes/lease-lock.ts';
import { osOperator } from '../../adapters/machine/os-operator.ts';
import { directoryId } from '../../adapters/store/cleanup/directory-id.ts';
import { fileCleanupStore } from '../../adapters/store/cleanup/file-store.ts';
import { localLock } from '../../adapters/store/cleanup/local-lock.ts';
import { allLocks } from '../../app/cleanup/all-locks.ts';
import { type CleanupPorts, type CleanupScan } from '../../app/cleanup/cleanup-ports.ts';
import { type ScanPorts } from '../../app/scan-request.ts';
import { type CleanupLock, type Operator } from '../../ports/cleanup-store.ts';
import { type Logger } from '../../ports/logger.ts';
import { type Estate } from '../wiring.ts';

/** What clean-up works with. */
export interface CleanupBench {
  readonly ports: CleanupPorts;
  readonly scan: CleanupScan;
}

export interface CleanupWork {
  /** With what both sides are read: the ports of the estate, or what stands in front of them. */
  readonly ports: ScanPorts;
  readonly operator: Operator;
  readonly version: string;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Makes what clean-up works with of an open estate; whoever works with it has the same journals, locks and limits. */
export function cleanupOf(
  estate: Estate,
  { ports, operator, version, logger, signal }: CleanupWork,
): CleanupBench {
  const { settings, changes, ownClusters } = estate;
  const { drivers, policy, ignore, wholeEstate, cacheKey } = settings;
  const local = localLock(changes.directory, ports.clock);
  // The servers of the demo live in this process alone: nobody else could ask for their Leases.
  const locks = ownClusters.length === 0 ? [local, leasesOf(estate, logger)] : [local];
  return {
    ports: {
      ...ports,
      writers: changes.writers,
      store: fileCleanupStore(changes.directory),
      lock: allLocks(locks),
      operator,
      pause: systemPause,
    },
    scan: {
      ...{ drivers, policy, ignore, wholeEstate, cacheKey },
      settings: changes.settings,
      toolVersion: version,
      signal,
    },
  };
}

/** In every registered cluster, for every registered system; which those are is only known once they have been asked. */
function leasesOf({ ports, changes }: Estate, logger: Logger): CleanupLock {
  return {
    acquire: async (runId, signal) => {
      const identities = await Promise.all(
        ports.systems.map(async (system) => await system.identify(signal)),
      );
      const hostIds = identities.flatMap(({ hostId }) => hostId ?? []);
      const { name } = await osOperator.identify(signal);
      // The lock of the directory is ours by now.
      const place = `${name}@${hostname()}#${await directoryId(changes.directory)}`;
      const lock = kubernetesLeases(changes.clusters, hostIds, place, ports.clock, logger);
      return await lock.acquire(runId, signal);
    },
  };
}
