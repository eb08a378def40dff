import { describe, expect, it } from 'vitest';
import { stuckSnapshots } from '../../../src/lib/core/analysis/stuck-snapshots.ts';
import { correlate } from '../../../src/lib/core/correlate/correlate.ts';
import { type AnalysisFilter, SHOW_ALL } from '../../../src/lib/core/model/filter.ts';
import { type Finding } from '../../../src/lib/core/model/finding.ts';
import { DEFAULT_POLICY } from '../../../src/lib/core/model/policy.ts';
import {
  aContent,
  anInventory,
  aVolumeSnapshot,
  aZfsSnapshot,
  details,
  LONG_AGO,
  NOW,
} from '../../support/builders.ts';
import { daysBefore } from '../../support/past-builders.ts';
import { aFinding } from '../../support/report-builders.ts';

function stuckIn(
  world: Parameters<typeof anInventory>[0],
  filter: Partial<AnalysisFilter> = {},
  findings: readonly Finding[] = [],
) {
  const evidence = correlate(anInventory(world), DEFAULT_POLICY);
  const { orphanThreshold } = DEFAULT_POLICY;
  const shown = { ...SHOW_ALL, ...filter };
  return stuckSnapshots(findings, evidence, shown, { orphanThreshold, now: NOW });
}

const going = { deletedAt: daysBefore(20) };

describe('snapshots of ZFS that do not go', () => {
  const reasonsFor = (over: Parameters<typeof details>[0] | null) =>
    stuckIn({
      zfsSnapshots: [aZfsSnapshot({ details: over === null ? null : details(over) })],
    }).map(({ reason }) => reason);

  it.each([
    ['held', { holds: ['keep', 'sync'] }, 'it is held by keep, sync'],
    [
      'destroyed already, whoever holds them',
      { holds: ['keep'], deferDestroy: true },
      'it was destroyed, and goes with its last clone or hold',
    ],
  ])('are those that are %s', (_, over, reason) => {
    expect(reasonsFor(over)).toEqual([reason]);
  });

  it.each([
    ['have no hold', {}],
    ['do not tell of holds', { holds: null, deferDestroy: null }],
    ['were not looked up', null],
  ])('are none of those that %s', (_, over) => {
    expect(reasonsFor(over)).toEqual([]);
  });
});

describe('snapshots of Kubernetes that are being deleted', () => {
  it('are stuck once a deletion takes too long, and say for what they wait', () => {
    const world = {
      volumeSnapshots: [aVolumeSnapshot({ ...going, finalizers: ['a/protect', 'b/protect'] })],
      volumeSnapshotContents: [aContent(going)],
    };
    expect(stuckIn(world)).toMatchObject([
      {
        subject: { type: 'VolumeSnapshot', name: 'weekly', cluster: 'prod', system: null },
        reason: 'it is being deleted and still there, and waits for a/protect, b/protect',
        since: going.deletedAt,
      },
      {
        subject: { type: 'VolumeSnapshotContent', namespace: null },
        reason: 'it is being deleted and still there',
      },
    ]);
  });

  it('are not stuck a moment after', () => {
    expect(stuckIn({ volumeSnapshots: [aVolumeSnapshot({ deletedAt: NOW })] })).toEqual([]);
  });

  it('are left out where their pool is not asked for, or nobody knows it', () => {
    const both = {
      volumeSnapshots: [aVolumeSnapshot(going)],
      volumeSnapshotContents: [aContent(going)],
    };
    const [unbound] = [{ volumeSnapshots: [aVolumeSnapshot({ ...going, contentName: null })] }];
    expect(stuckIn(both, { pools: ['tank'] })).toHaveLength(2);
    expect(stuckIn(both, { pools: ['flash'] })).toEqual([]);
    expect(stuckIn(unbound)).toHaveLength(1);
    expect(stuckIn(unbound, { pools: ['tank'] })).toEqual([]);
  });

  it('are left out where their namespace is not asked for, or they are of none', () => {
    const world = {
      volumeSnapshots: [aVolumeSnapshot(going)],
      volumeSnapshotContents: [
        aContent(going),
        aContent({ ...going, name: 'lone', snapshot: null }),
      ],
    };
    expect(stuckIn(world)).toHaveLength(3);
    expect(stuckIn(world, { namespaces: ['media'] })).toHaveLength(2);
    expect(stuckIn(world, { namespaces: ['shop'] })).toEqual([]);
  });
});

describe('snapshots that a rule found', () => {
  const found = aFinding({
    rule: 'snapshot-not-ready',
    reason: 'it is not ready',
    subject: {
      ...{ type: 'VolumeSnapshot', name: 'weekly', namespace: 'media', discriminator: null },
      ...{ location: 'kubernetes', cluster: 'prod', uid: 'uid-of-weekly' },
    },
    place: null,
    createdAt: LONG_AGO,
  });

  it('are told once, in the words of the rule', () => {
    const world = { volumeSnapshots: [aVolumeSnapshot(going)] };
    expect(stuckIn(world, {}, [found])).toEqual([
      {
        subject: {
          ...{ type: 'VolumeSnapshot', name: 'weekly', namespace: 'media' },
          ...{ cluster: 'prod', system: null },
        },
        reason: 'it is not ready',
        since: LONG_AGO,
      },
    ]);
  });

  it('are stuck since they were first seen, where that is known', () => {
    const firstSeen = daysBefore(3);
    expect(stuckIn({}, {}, [{ ...found, firstSeen }])).toMatchObject([{ since: firstSeen }]);
  });

  it('are not what a rule says of anything else, or says of their age', () => {
    const others = [{ ...found, rule: 'snapshot-old' }, aFinding({ rule: 'delete-blocked' })];
    expect(stuckIn({}, {}, others)).toEqual([]);
  });
});
