import { CleanupStoreError, MonitorError } from '../../../core/model/errors.ts';
import { ForeignFileError, storeFailure } from '../private-file.ts';
import { systemReason } from '../system-reason.ts';

/** Why a file of the store cannot be used, in a few words. */
export function reasonOf(error: unknown): string {
  return (error instanceof Error ? systemReason(error) : undefined) ?? storeFailure(error);
}

const NOT_OURS =
  'Put a directory in its place that is no link, belongs to you, and that nobody else may write to, or point XDG_STATE_HOME at one.';

/** What went wrong with a file of the store, whatever it was. */
export function storeError(path: string, what: string, cause: unknown): MonitorError {
  if (cause instanceof MonitorError) return cause;
  return new CleanupStoreError(`${path} ${what}: ${reasonOf(cause)}`, {
    cause,
    remediation: [
      cause instanceof ForeignFileError
        ? NOT_OURS
        : 'Make room on the disk, or give this user alone the right to write there, then run the command again.',
    ],
    details: { path },
  });
}

/** A journal is not what was written. */
export function damagedError(path: string, damage: string): CleanupStoreError {
  const isNewer = damage.endsWith('by a newer version');
  return new CleanupStoreError(`${path} cannot be believed: ${damage}`, {
    remediation: isNewer
      ? ['Update truenas-monitor.']
      : [
          'Look at what the journal names, on TrueNAS and in the cluster, since what was done last may be missing from it.',
          `Move ${path} out of its directory once everything it names is as it should be.`,
        ],
    details: { path },
  });
}
