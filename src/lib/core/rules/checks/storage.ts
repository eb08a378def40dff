import { type StorageState } from '../../correlate/storage-state.ts';
import { condition, type Check } from '../../model/check.ts';
import { type Lookup } from '../../model/rule.ts';

/** Absence on a pool that is away, degraded or locked says nothing. */
export function storageReadable(storage: StorageState, system: string, path: string): Check {
  const obstacle = storage.obstacleAt(system, path);
  return condition(
    'storage-readable',
    obstacle === undefined ? true : undefined,
    obstacle ?? 'its pool is online and nothing above it is locked',
  );
}

/**
 * What to read again beside anything that is absent on a system: a pool that was exported between two lists takes its
 * datasets along.
 */
export function poolsAgain(system: string): Lookup {
  return { kind: 'system-list', system, source: 'pools' };
}
