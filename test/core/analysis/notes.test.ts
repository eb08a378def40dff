import { describe, expect, it } from 'vitest';
import { notesOn, type NoteParts } from '../../../src/lib/core/analysis/notes.ts';
import { failed } from '../../../src/lib/core/model/coverage.ts';
import {
  aPoolAnalysis,
  aSnapshotsAnalysis,
  aVolumeAnalysis,
  daysAgo,
  notEnough,
} from '../../support/analysis-builders.ts';
import { aPool } from '../../support/builders.ts';
import { aSource } from '../../support/report-builders.ts';

const NO_HISTORY = { firstAt: null, lastAt: null, days: 0, askedDays: 90 };
const NO_SNAPSHOTS = aSnapshotsAnalysis({ count: 0 });

/** Of a scan about which everything can be said. */
function notes(over: Partial<NoteParts> = {}): readonly string[] {
  return notesOn({
    sources: [aSource()],
    history: { firstAt: daysAgo(89), lastAt: daysAgo(0), days: 90, askedDays: 90 },
    namelessClusters: [],
    namelessSystems: [],
    silentPools: [],
    rawPools: [],
    pools: [aPoolAnalysis()],
    volumes: [aVolumeAnalysis()],
    unmeasured: 0,
    snapshots: NO_SNAPSHOTS,
    inPart: false,
    omittedAnomalies: 0,
    omittedAdvice: 0,
    ...over,
  });
}

function silent(name: string) {
  const pool = aPool({ name, status: 'OFFLINE' });
  return { pool, capacity: null, available: null, isRaw: false, space: null, volumes: 0 };
}

const young = (days: number, spanDays: number) =>
  notEnough({ days, spanDays, neededDays: 14, neededSpanDays: 21 });

const youngPool = (days: number, spanDays: number) =>
  aPoolAnalysis({ name: 'late', forecast: young(days, spanDays) });

const youngVolume = aVolumeAnalysis({ growth: notEnough() });

describe('notes', () => {
  it('are none where everything can be said', () => {
    expect(notes()).toEqual([]);
  });

  it.each<[string, Partial<NoteParts>, string]>([
    [
      'a list that was not read whole',
      { sources: [aSource({ coverage: failed('denied') })] },
      'not read whole: datasets of nas1; what rests on that is left out, or told of what was seen',
    ],
    [
      'pools that do not tell what is used',
      { silentPools: [silent('tank'), silent('flash')] },
      'what is used is not told by 2 pools: tank (OFFLINE) and flash (OFFLINE)',
    ],
    [
      'a pool sized by its disks',
      { rawPools: ['tank'] },
      'the size of pool tank is that of raw disks, parity included: its root dataset does not tell',
    ],
    [
      'pools sized by their disks',
      { rawPools: ['tank', 'flash'] },
      'the size of pools tank and flash is that of raw disks, parity included: their root datasets do not tell',
    ],
    ['a volume without a size', { unmeasured: 1 }, 'ZFS does not tell what 1 volume takes'],
    ['volumes without a size', { unmeasured: 3 }, 'ZFS does not tell what 3 volumes take'],
    [
      'too few days for a forecast',
      { pools: [aPoolAnalysis(), youngPool(3, 2)] },
      'no forecast yet: pool late has 3 of 14 days',
    ],
    [
      'days enough for a forecast over too short a span',
      { pools: [youngPool(14, 15)] },
      'no forecast yet: pool late has 14 days over 15 of 21 days',
    ],
    [
      'a volume that is too young',
      { volumes: [aVolumeAnalysis(), youngVolume] },
      '1 of 2 volumes is not known for long enough to tell growth, which takes 7 days',
    ],
    [
      'volumes that are all too young',
      { volumes: [youngVolume, youngVolume] },
      '2 of 2 volumes are not known for long enough to tell growth, which takes 7 days',
    ],
    [
      'a first scan',
      { history: NO_HISTORY },
      'no history yet: growth needs 7 days with a scan, a forecast 14; each complete and unfiltered scan adds to it',
    ],
    [
      'volumes that a filter leaves out',
      { inPart: true },
      'pools and classes are told as a whole, with the volumes that are not shown',
    ],
    ['one older anomaly', { omittedAnomalies: 1 }, '1 older anomaly left out'],
    ['older anomalies', { omittedAnomalies: 4 }, '4 older anomalies left out'],
    ['advice that gains less', { omittedAdvice: 2 }, '2 recommendations of smaller gain left out'],
  ])('tell of %s', (_, over, note) => {
    expect(notes(over)).toEqual([note]);
  });

  it.each<[string, Partial<NoteParts>, RegExp]>([
    [
      'a cluster that may not tell its uid',
      { namelessClusters: ['prod'] },
      /^no history can be kept: cluster prod does not say who it is, which takes the right/,
    ],
    [
      'clusters that may not tell theirs',
      { namelessClusters: ['prod', 'test'] },
      /^no history can be kept: clusters prod and test do not say who they are, which takes/,
    ],
    [
      'a system without a host id',
      { namelessSystems: ['nas1'] },
      /^no history can be kept: system nas1 does not say its host id, by which it would be known again$/,
    ],
    [
      'systems without a host id',
      { namelessSystems: ['nas1', 'nas2'] },
      /systems nas1 and nas2 do not say their host ids, by which they would be known again$/,
    ],
  ])('promise no history to %s', (_, over, note) => {
    const [only, ...others] = notes({ ...over, history: NO_HISTORY });
    expect(only).toMatch(note);
    expect(others).toEqual([]);
  });

  it('tell what is too young beside who says no name, where there is history all the same', () => {
    const all = notes({ namelessSystems: ['nas2'], pools: [youngPool(3, 2)] });
    expect(all).toEqual([
      expect.stringContaining('system nas2 does not say'),
      'no forecast yet: pool late has 3 of 14 days',
    ]);
  });
});

describe('notes on snapshots', () => {
  const READ_AS_UTC =
    'dates in the names of snapshots are read as UTC: the time zone of the NAS is not told';
  const ofSnapshots = (over: Parameters<typeof aSnapshotsAnalysis>[0]) =>
    notes({ snapshots: aSnapshotsAnalysis(over) });

  it.each([
    ['there are none', 0],
    ['nobody could list them', null],
  ])('are none where %s', (_, count) => {
    expect(ofSnapshots({ count, undated: count, retentionSeconds: null })).toEqual([]);
  });

  it.each([
    [1, '1 of 9 snapshots is not dated', 'it was taken'],
    [2, '2 of 9 snapshots are not dated', 'they were taken'],
  ])('count those without a date: %i', (undated, head, tail) => {
    const [first, ...others] = ofSnapshots({ count: 9, undated });
    expect(first).toMatch(new RegExp(`^${head}: .* tells when ${tail}$`));
    expect(others).toEqual([READ_AS_UTC]);
  });

  it.each([0, null])('count none without a date where %s are known to be', (undated) => {
    expect(ofSnapshots({ count: 9, undated })).toEqual([READ_AS_UTC]);
  });

  it('say that none is judged by its age where no retention is set', () => {
    expect(ofSnapshots({ count: 9, retentionSeconds: null })).toEqual([
      READ_AS_UTC,
      '`monitor.snapshot_retention` is not set: no snapshot is said to be kept for too long',
    ]);
  });
});
