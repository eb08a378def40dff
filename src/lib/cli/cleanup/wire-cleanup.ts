import { hostname } from 'node:os';
import { systemPause } from '../../adapters/clock/system-pause.ts';
import { kubernetesLeases } from '../../adapters/kubernetes/lease-lock.ts';
import { operatorOf } from '../../adapters/kubernetes/operator.ts';
import { osOperator } from '../../adapters/machine/os-operator.ts';
import { directoryId } from '../../adapters/store/cleanup/directory-id.ts';
import { fileCleanupStore } from '../../adapters/store/cleanup/file-store.ts';
import { localLock } from '../../adapters/store/cleanup/local-lock.ts';
import { allLocks } from '../../app/cleanup/all-locks.ts';
import { type CleanupPorts, type CleanupScan } from '../../app/cleanup/cleanup-ports.ts';
import { CleanupRefusedError } from '../../core/model/errors.ts';
import { millis } from '../../core/model/units.ts';
import { type CleanupLock } from '../../ports/cleanup-store.ts';
import { type Console } from '../base-command.ts';
import { type ConnectionRequest } from '../scan-flags.ts';
import { openEstate } from '../wire.ts';
import { type BorrowedKey, type Estate } from '../wiring.ts';

/** The surroundings of clean-up, opened for one run; closed when its scope is left. */
export interface CleanupWiring extends AsyncDisposable {
  readonly ports: CleanupPorts;
  readonly scan: CleanupScan;
  readonly borrowedKeys: readonly BorrowedKey[];
}

export async function wireCleanup(
  request: ConnectionRequest,
  console: Console,
  signal: AbortSignal,
): Promise<CleanupWiring> {
  const estate = await openEstate(ticking(request), console, signal);
  const { ports, settings, changes } = estate;
  const { drivers, policy, ignore, wholeEstate, cacheKey } = settings;
  const local = localLock(changes.directory, ports.clock);
  // The servers of the demo live in this process alone: nobody else could ask for their Leases.
  const locks = request.demo === null ? [local, leasesOf(estate, console)] : [local];
  return {
    ports: {
      ...ports,
      writers: changes.writers,
      store: fileCleanupStore(changes.directory),
      lock: allLocks(locks),
      operator: operatorOf(changes.clusters, osOperator),
      pause: systemPause,
    },
    scan: {
      ...{ drivers, policy, ignore, wholeEstate, cacheKey },
      settings: changes.settings,
      toolVersion: console.version,
      signal,
    },
    borrowedKeys: changes.borrowedKeys,
    [Symbol.asyncDispose]: async () => {
      await estate[Symbol.asyncDispose]();
    },
  };
}

const TICK = { kind: 'forward', by: millis(1_000) } as const;

/** Plans and runs are told apart by when they were made, and the clock of the demo would stand still. */
function ticking(request: ConnectionRequest): ConnectionRequest {
  const { demo } = request;
  return demo === null ? request : { ...request, demo: { ...demo, clock: demo.clock ?? TICK } };
}

/** In every registered cluster, for every registered system; which those are is only known once they have been asked. */
function leasesOf({ ports, changes }: Estate, { logger }: Console): CleanupLock {
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

/** Somebody gave the driver its key for the driver's own work, and never for ours. */
export function refuseBorrowedKeys(keys: readonly BorrowedKey[]): void {
  if (keys.length === 0) return;
  const whose = keys.map(({ system, keptIn }) => `${system} from ${keptIn}`);
  throw new CleanupRefusedError(
    `the key of a CSI driver is for reading alone, and there is no other: ${whose.join(', ')}`,
    {
      remediation: [
        'Make a user for this tool in TrueNAS, with the roles that docs/truenas-access.md names for clean-up.',
        'Set truenas.url, truenas.username and truenas.api_key_file in the configuration, or export TRUENAS_URL, TRUENAS_USERNAME and TRUENAS_API_KEY.',
      ],
    },
  );
}
