import { note, type Check } from '../../model/check.ts';

/** Since when an object without a creation time has been known, which stands in for its age. */
export function firstSeen(since: Date | undefined): Check {
  return note(
    'first-seen',
    true,
    since === undefined
      ? 'seen for the first time; TrueNAS does not say when it was made'
      : `first seen ${since.toISOString()}; TrueNAS does not say when it was made`,
  );
}
