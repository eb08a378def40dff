import { type StorageState } from '../../correlate/storage-state.ts';
import { condition, type Check } from '../../model/check.ts';

/** Absence on a pool that is away, degraded or locked says nothing. */
export function storageReadable(storage: StorageState, system: string, path: string): Check {
  const obstacle = storage.obstacleAt(system, path);
  return condition(
    'storage-readable',
    obstacle === undefined ? true : undefined,
    obstacle ?? 'its pool is online and nothing above it is locked',
  );
}
