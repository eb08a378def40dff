import { operatorOf } from '../../adapters/kubernetes/operator.ts';
import { osOperator } from '../../adapters/machine/os-operator.ts';
import { CleanupRefusedError } from '../../core/model/errors.ts';
import { millis } from '../../core/model/units.ts';
import { type Console } from '../base-command.ts';
import { type ConnectionRequest } from '../scan-flags.ts';
import { openEstate } from '../wire.ts';
import { type BorrowedKey } from '../wiring.ts';
import { type CleanupBench, cleanupOf } from './cleanup-of.ts';

/** The surroundings of clean-up, opened for one run; closed when its scope is left. */
export interface CleanupWiring extends CleanupBench, AsyncDisposable {
  readonly borrowedKeys: readonly BorrowedKey[];
}

export async function wireCleanup(
  request: ConnectionRequest,
  console: Console,
  signal: AbortSignal,
): Promise<CleanupWiring> {
  const estate = await openEstate(ticking(request), console, signal);
  const { ports, changes } = estate;
  const { version, logger } = console;
  const operator = operatorOf(changes.clusters, osOperator);
  return {
    ...cleanupOf(estate, { ports, operator, version, logger, signal }),
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
