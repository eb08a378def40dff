import { describe, expect, test } from 'vitest';
import { correlate } from '../../../../src/lib/core/correlate/correlate.ts';
import { DEFAULT_POLICY } from '../../../../src/lib/core/model/policy.ts';
import {
  blockersOf,
  causesAmong,
  describeCauses,
  stepsAmong,
} from '../../../../src/lib/core/rules/checks/delete-blockers.ts';
import {
  aContent,
  aDataset,
  anInventory,
  aPv,
  aZfsSnapshot,
  details,
  finished,
  HANDLE,
  PARENT,
  SNAPSHOT_UID,
  type SmallWorld,
} from '../../../support/builders.ts';

const dataset = aDataset();

function blockersIn(world: SmallWorld): string[] {
  const inventory = anInventory({ ...world, datasets: [dataset, ...(world.datasets ?? [])] });
  const { volumeLinks, snapshotLinks } = correlate(inventory, DEFAULT_POLICY).derived;
  return blockersOf(dataset, volumeLinks, snapshotLinks).map(
    ({ hard, what }) => `${hard ? 'hard' : 'soft'}: ${what}`,
  );
}

describe('the deletion of a volume is kept from coming through', () => {
  test('by its clones, and who uses them is told', () => {
    const clone = (leaf: string) =>
      aDataset({ id: `${PARENT}/${leaf}`, origin: `${dataset.id}@s`, properties: finished(leaf) });
    const world = { datasets: [clone('b'), clone('a')], persistentVolumes: [aPv({ name: 'b' })] };
    expect(blockersIn(world)).toEqual([`hard: cloned into ${PARENT}/a, ${PARENT}/b (b of prod)`]);
  });

  test('by holds, where they are known', () => {
    const zfsSnapshots = [
      aZfsSnapshot({ details: details({ holds: ['backup', 'audit'] }) }),
      aZfsSnapshot({ name: `other-${SNAPSHOT_UID}`, details: details({ holds: null }) }),
      aZfsSnapshot({ name: `new-${SNAPSHOT_UID}`, details: null }),
    ];
    expect(blockersIn({ zfsSnapshots })).toEqual([
      `hard: held by snapshot-${SNAPSHOT_UID} (backup, audit)`,
    ]);
  });

  test('by snapshots somebody counts on, whatever their name, and these are nobody else’s', () => {
    const golden = aContent({ name: 'golden', snapshotHandle: `${HANDLE}@golden`, snapshot: null });
    expect(
      blockersIn({
        volumeSnapshotContents: [golden],
        zfsSnapshots: [aZfsSnapshot({ name: 'golden' })],
      }),
    ).toEqual(['soft: snapshotted for content golden']);
  });

  test('by what drivers leave when they copy, and by what tasks take; not by their own snapshots', () => {
    const names = [
      'auto-4',
      'auto-1',
      'auto-3',
      'auto-2',
      'csi-clone-x-1763770000',
      `snapshot-${SNAPSHOT_UID}`,
    ];
    const zfsSnapshots = names.map((name) => aZfsSnapshot({ name }));
    expect(blockersIn({ zfsSnapshots })).toEqual([
      'soft: left with @csi-clone-x-1763770000',
      'soft: snapshotted by others as @auto-1, @auto-2, @auto-3 and 1 more',
    ]);
  });

  test('by what somebody called like a driver would, as by any of theirs', () => {
    const zfsSnapshots = [aZfsSnapshot({ name: 'csi-clone-before-upgrade' })];
    expect(blockersIn({ zfsSnapshots })).toEqual([
      'soft: snapshotted by others as @csi-clone-before-upgrade',
    ]);
  });

  test('by nothing, where there is nothing', () => {
    expect(blockersIn({})).toEqual([]);
  });
});

describe('of what stands in the way', () => {
  const hard = { hard: true, what: 'cloned into a', step: 'Begin with a.' };
  const soft = { hard: false, what: 'snapshotted for b', step: 'Ask b.' };
  const said = { at: null, message: 'filesystem has dependent Snapshots' };
  const other = { at: null, message: 'timeout' };

  test('the hard is the cause whatever is said, and the soft where the driver says so', () => {
    expect(causesAmong([soft, hard], undefined)).toEqual([hard]);
    expect(causesAmong([soft], said)).toEqual([soft]);
    expect(causesAmong([soft], other)).toEqual([]);
    expect(causesAmong([soft], undefined)).toEqual([]);
  });

  test('all is resolved with the cause, and nothing where there is none', () => {
    expect(stepsAmong([soft, hard], undefined)).toEqual([soft, hard]);
    expect(stepsAmong([soft], other)).toEqual([]);
  });

  test('causes are told in one sentence', () => {
    expect(describeCauses('it', [hard, soft])).toBe('it is cloned into a; snapshotted for b');
    expect(describeCauses('it', [])).toBeUndefined();
  });
});
