import { describe, expect, test } from 'vitest';
import { detailOf } from '../../../../src/lib/core/model/check.ts';
import { DEFAULT_POLICY } from '../../../../src/lib/core/model/policy.ts';
import {
  mayBeDriverSnapshot,
  SnapshotCensus,
  takenByDriver,
} from '../../../../src/lib/core/rules/checks/driver-snapshot.ts';
import {
  aZfsSnapshot,
  details,
  finished,
  HANDLE,
  PARENT,
  SNAPSHOT_UID,
  UID,
} from '../../../support/builders.ts';

test('a driver may have taken what ends in a uid, and is no copy in the making', () => {
  const names = [
    `snapshot-${UID}`,
    `volume-source-for-volume-${UID}`,
    UID,
    `snapshot-${UID}-1`,
    'auto-2026-10-01',
  ];
  expect(names.map((name) => mayBeDriverSnapshot(aZfsSnapshot({ name })))).toEqual([
    true,
    false,
    false,
    false,
    false,
  ]);
});

test('a driver took what says so itself: of its own name, and of its own volume', () => {
  const said = (snapshot: ReturnType<typeof aZfsSnapshot>) =>
    takenByDriver(snapshot).map((check) => [check.id, check.result, detailOf(check)]);
  expect(said(aZfsSnapshot())).toEqual([
    ['taken-by-driver', 'passed', `the snapshot says snapshot-${SNAPSHOT_UID}`],
    ['source-matches', 'passed', `the snapshot says ${HANDLE}`],
  ]);
  const silent = details({ properties: finished(HANDLE) });
  expect(said(aZfsSnapshot({ details: silent }))).toEqual([
    ['taken-by-driver', 'failed', 'the snapshot says nothing'],
    ['source-matches', 'failed', 'the snapshot says nothing'],
  ]);
  expect(takenByDriver(aZfsSnapshot({ details: null }))).toMatchObject([
    { result: 'unknown', pending: true },
    { result: 'unknown', pending: true },
  ]);
});

describe('the census of drivers’ snapshots', () => {
  const uid = (n: number) => `0000000${n}-0000-4000-8000-000000000000`;
  const take = (dataset: string, from: number, to: number, prefix = 'snapshot') =>
    Array.from({ length: to - from }, (_, at) =>
      aZfsSnapshot({ dataset, name: `${prefix}-${uid(from + at)}` }),
    );
  const claimed = new Set<string>();
  const said = (snapshots: ReturnType<typeof take>, parent = PARENT) => {
    const census = new SnapshotCensus(snapshots, ({ name }) => claimed.has(name));
    const check = census.plausibleAt(parent, DEFAULT_POLICY);
    return [check.result, detailOf(check)];
  };
  const below = 'driver snapshots below tank/k8s are unclaimed';

  test('counts those below a parent, of all its volumes, in whatever order they come', () => {
    const [a, b] = [take(`${PARENT}/a`, 0, 1), take(`${PARENT}/b`, 1, 2)];
    const elsewhere = take('tank/other/c', 2, 5);
    expect(said([...a, ...elsewhere, ...b])).toEqual(['passed', `2 of 2 ${below}`]);
    expect(said([...a, ...b, ...elsewhere, ...a])).toEqual(['failed', `3 of 3 ${below}`]);
  });

  test('counts no snapshot a task or a person took, unless somebody claims it', () => {
    const auto = ['auto-1', 'auto-2', 'auto-3'].map((name) =>
      aZfsSnapshot({ dataset: `${PARENT}/a`, name }),
    );
    expect(said([...auto, ...take(`${PARENT}/a`, 0, 1)])).toEqual(['passed', `1 of 1 ${below}`]);
    claimed.add('auto-1');
    expect(said([...auto, ...take(`${PARENT}/a`, 0, 1)])).toEqual(['passed', `1 of 2 ${below}`]);
    claimed.clear();
  });

  test('takes three for implausible, where they are more than a fifth', () => {
    const unclaimed = take(`${PARENT}/a`, 0, 3);
    const known = Array.from({ length: 12 }, (_, at) =>
      aZfsSnapshot({ dataset: `${PARENT}/a`, name: `known-${at}` }),
    );
    for (const { name } of known) claimed.add(name);
    expect(said([...known, ...unclaimed])).toEqual(['passed', `3 of 15 ${below}`]);
    expect(said([...known.slice(1), ...unclaimed])).toEqual(['failed', `3 of 14 ${below}`]);
    claimed.clear();
  });

  test('counts none where there are none', () => {
    expect(said([], 'tank/other')).toEqual([
      'passed',
      '0 of 0 driver snapshots below tank/other are unclaimed',
    ]);
  });
});
