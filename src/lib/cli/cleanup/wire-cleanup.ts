import { allLocks } from '../../app/cleanup/all-locks.ts';
import { type CleanupPorts, type CleanupScan } from '../../app/cleanup/cleanup-ports.ts';
import { fileCleanupStore } from '../../adapters/store/cleanup/file-store.ts';
import { localLock } from '../../adapters/store/cleanup/local-lock.ts';
import { CleanupRefusedError } from '../../core/model/errors.ts';
import { type Console } from '../base-command.ts';
import { type ConnectionRequest } from '../scan-flags.ts';
import { openEstate } from '../wire.ts';
import { type BorrowedKey } from '../wiring.ts';

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
  const estate = await openEstate(request, console, signal);
  const { ports, settings, changes } = estate;
  const { drivers, policy, ignore, wholeEstate } = settings;
  return {
    ports: {
      ...ports,
      writers: changes.writers,
      store: fileCleanupStore(changes.directory),
      lock: allLocks([localLock(changes.directory, ports.clock)]),
    },
    scan: {
      ...{ drivers, policy, ignore, wholeEstate },
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
