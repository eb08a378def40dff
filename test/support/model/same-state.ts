import { expect } from 'vitest';

/** What is made again has another of, and what stays because the driver of a deleted volume would take its data along. */
const PASSING: ReadonlySet<string> = new Set([
  'id',
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'managedFields',
  'finalizers',
  'target',
  'extent',
  'subsystem',
  'kept',
  'persistentVolumeReclaimPolicy',
  'deletionPolicy',
  'lastPhaseTransitionTime',
  // The attacher says so anew once the node is there; the node of a stale attachment is not.
  'attached',
]);

const recordAt = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};

/**
 * A content that is made again names its snapshot, where it named the volume to be snapshotted: nothing is to be snapshotted anew. What
 * is known of that snapshot is the driver's to say.
 */
function withoutOrigin(value: object): object {
  const { spec, status, ...rest } = recordAt(value);
  const { source, ...wanted } = recordAt(spec);
  if (wanted['volumeSnapshotRef'] === undefined) return value;
  const named = { ...recordAt(source), ...recordAt(status) };
  const names = ['volumeHandle', 'snapshotHandle'].filter((key) => typeof named[key] === 'string');
  return { ...rest, spec: { ...wanted, hasOrigin: names.length > 0 } };
}

function essence(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value
      .map((each) => essence(each))
      .toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b), 'en'));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(withoutOrigin(value))
      .filter(
        ([key, each]) => !(PASSING.has(key) && typeof each !== 'string') && each !== undefined,
      )
      // A list that was left out and an empty one say the same.
      .filter(([, each]) => !(Array.isArray(each) && each.length === 0))
      .filter(([key]) => !PASSING.has(key) || key === 'id')
      .toSorted(([a], [b]) => a.localeCompare(b, 'en'))
      .map(([key, each]) => [key, essence(each)] as const)
      .filter(([, each]) => JSON.stringify(each) !== '{}'),
  );
}

/** Asserts that two states of a world hold the same, whatever ids it has. */
export function isSameButForIds(before: string, after: string): void {
  expect(essence(JSON.parse(after))).toEqual(essence(JSON.parse(before)));
}
