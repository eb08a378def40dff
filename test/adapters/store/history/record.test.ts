import { stat } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { bytes } from '../../../../src/lib/core/model/units.ts';
import { Sandbox } from '../../../support/run-command.ts';
import {
  aClass,
  aHistory,
  aPool,
  aSample,
  aSpace,
  aVolume,
  before,
  DAY,
  ESTATE,
  EVER,
  exported,
  HOUR,
  NOW,
  recordAll,
  volumesIn,
} from './samples.ts';

const used = (value: number): { readonly used: ReturnType<typeof bytes> } => ({
  used: bytes(value),
});

describe('a recorded scan', () => {
  it('comes back as it was', async () => {
    await using sandbox = await Sandbox.create();
    const history = aHistory(sandbox.path('data', 'deep', 'history.db'));
    expect(await history.record(aSample())).toEqual({ state: 'kept' });
    using reader = await history.open();
    const point = { at: NOW, ...aSpace() };
    expect(reader?.pools(ESTATE, EVER)).toEqual([
      { hostId: 'h1', pool: '4711', name: 'tank', points: [{ ...point, capacity: 50_000 }] },
    ]);
    expect(reader?.classes(ESTATE, EVER)).toEqual([
      { clusterUid: 'c1', storageClass: 'fast', points: [point] },
    ]);
    expect([...(reader?.volumes(ESTATE, EVER) ?? [])]).toEqual([
      {
        hostId: 'h1',
        dataset: 'tank/k8s/pvc-1',
        createdAt: new Date('2026-01-01T00:00:00Z'),
        points: [point],
      },
    ]);
  });

  it('belongs to its user alone', async () => {
    await using sandbox = await Sandbox.create();
    const history = aHistory(sandbox.path('data', 'history.db'));
    await history.record(aSample());
    expect((await stat(sandbox.path('data'))).mode & 0o777).toBe(0o700);
    expect((await stat(sandbox.path('data', 'history.db'))).mode & 0o777).toBe(0o600);
    using _reader = await history.open();
    expect((await stat(sandbox.path('data', 'history.db-wal'))).mode & 0o777).toBe(0o600);
  });

  it('is there once, however often it is recorded', async () => {
    await using sandbox = await Sandbox.create();
    const [once, twice] = [aHistory(sandbox.path('1.db')), aHistory(sandbox.path('2.db'))];
    await recordAll(once, [aSample()]);
    await recordAll(twice, [aSample(), aSample()]);
    expect(await exported(twice)).toEqual(await exported(once));
  });

  it('finds its place in time where it comes late', async () => {
    await using sandbox = await Sandbox.create();
    const [ordered, late] = [aHistory(sandbox.path('1.db')), aHistory(sandbox.path('2.db'))];
    const samples = [3, 2, 1].map((days) =>
      aSample({ at: before(days * DAY), pools: [aPool(used(days * 100))] }),
    );
    await recordAll(ordered, samples);
    await recordAll(late, samples.toReversed());
    expect(await exported(late)).toEqual(await exported(ordered));
  });

  it('is refused where it is dated more than a day ahead of the clock', async () => {
    await using sandbox = await Sandbox.create();
    const history = aHistory(sandbox.path('history.db'));
    expect(await history.record(aSample({ at: before(-DAY) }))).toEqual({ state: 'kept' });
    expect(await history.record(aSample({ at: before(-DAY - 1) }))).toEqual({
      state: 'not-kept',
      reason:
        'the scan is dated 2026-11-23T12:00:00.001Z, more than a day ahead of the clock of this machine',
    });
    expect((await history.status()).scans).toBe(1);
  });

  it('leaves out what the estate that is asked for does not hold', async () => {
    await using sandbox = await Sandbox.create();
    const history = aHistory(sandbox.path('history.db'));
    await history.record(aSample());
    using reader = await history.open();
    const other = { clusters: ['c2'], systems: ['h2'] };
    expect(reader?.pools(other, EVER)).toEqual([]);
    expect(reader?.classes(other, EVER)).toEqual([]);
    expect([...(reader?.volumes(other, EVER) ?? [])]).toEqual([]);
  });

  it('is left out where it is older than what is asked for', async () => {
    await using sandbox = await Sandbox.create();
    const history = aHistory(sandbox.path('history.db'));
    await recordAll(history, [aSample({ at: before(DAY) }), aSample()]);
    using reader = await history.open();
    const [pool] = reader?.pools(ESTATE, before(DAY - 1)) ?? [];
    expect(pool?.points.map(({ at }) => at)).toEqual([NOW]);
    const [volume] = [...(reader?.volumes(ESTATE, before(DAY)) ?? [])];
    expect(volume?.points.map(({ at }) => at)).toEqual([before(DAY), NOW]);
    const [younger] = [...(reader?.volumes(ESTATE, before(DAY - 1)) ?? [])];
    expect(younger?.points.map(({ at }) => at)).toEqual([NOW]);
  });
});

describe('a pool', () => {
  it('keeps its past under a new name', async () => {
    await using sandbox = await Sandbox.create();
    const history = aHistory(sandbox.path('history.db'));
    await recordAll(history, [
      aSample({ at: before(DAY) }),
      aSample({ pools: [aPool({ name: 'tank2' })] }),
      aSample({ at: before(2 * DAY), pools: [aPool({ name: 'older' })] }),
    ]);
    using reader = await history.open();
    const pools = reader?.pools(ESTATE, EVER) ?? [];
    expect(pools.map(({ name, points }) => [name, points.length])).toEqual([['tank2', 3]]);
  });

  it('keeps each scan of a day, and what ZFS did not tell stays unknown', async () => {
    await using sandbox = await Sandbox.create();
    const history = aHistory(sandbox.path('history.db'));
    const unknown = { logical: null, snapshotCount: null };
    await recordAll(
      history,
      [2, 1, 0].map((hours) =>
        aSample({ at: before(hours * HOUR), pools: [aPool(unknown)], classes: [aClass(unknown)] }),
      ),
    );
    using reader = await history.open();
    const [pool] = reader?.pools(ESTATE, EVER) ?? [];
    expect(pool?.points).toHaveLength(3);
    expect(pool?.points[0]).toMatchObject(unknown);
    expect(reader?.classes(ESTATE, EVER)[0]?.points).toHaveLength(3);
  });
});

describe('a volume', () => {
  it('keeps the last of a day where little changes', async () => {
    await using sandbox = await Sandbox.create();
    const history = aHistory(sandbox.path('history.db'));
    await recordAll(
      history,
      [3, 2, 1].map((hours) =>
        aSample({ at: before(hours * HOUR), volumes: [aVolume(used(1_010 - hours))] }),
      ),
    );
    const [volume] = await volumesIn(history);
    expect(volume?.points.map(({ at, ...space }) => [at, space.used])).toEqual([
      [before(HOUR), 1_009],
    ]);
  });

  it.each(['used', 'snapshots', 'provisioned'] as const)(
    'keeps both where %s changes by more than one percent',
    async (field) => {
      await using sandbox = await Sandbox.create();
      const history = aHistory(sandbox.path('history.db'));
      const values = [10_000, 10_101, 10_102, 20_000, 0, 1];
      const samples = values.map((value, index) =>
        aSample({
          at: before(10 * HOUR - index * HOUR),
          volumes: [aVolume({ [field]: bytes(value) })],
        }),
      );
      await recordAll(history, samples);
      const [volume] = await volumesIn(history);
      expect(volume?.points.map((point) => point[field])).toEqual([10_000, 10_102, 20_000, 0, 1]);
    },
  );

  it('needs no row for a sample that comes late and says what the day says already', async () => {
    await using sandbox = await Sandbox.create();
    const history = aHistory(sandbox.path('history.db'));
    await recordAll(history, [
      aSample({ at: before(HOUR) }),
      aSample({ at: before(2 * HOUR) }),
      aSample({ at: before(3 * HOUR), volumes: [aVolume(used(5_000))] }),
    ]);
    const [volume] = await volumesIn(history);
    expect(volume?.points.map(({ at }) => at)).toEqual([before(3 * HOUR), before(HOUR)]);
  });

  it('is another where its dataset was made again, and one whose making is not known is a third', async () => {
    await using sandbox = await Sandbox.create();
    const history = aHistory(sandbox.path('history.db'));
    const again = new Date('2026-06-01T00:00:00Z');
    await recordAll(history, [
      aSample({ at: before(3 * DAY) }),
      aSample({ at: before(2 * DAY), volumes: [aVolume({ createdAt: again })] }),
      aSample({ at: before(DAY), volumes: [aVolume({ createdAt: null })] }),
      aSample({ volumes: [aVolume({ createdAt: null })] }),
    ]);
    const volumes = await volumesIn(history);
    expect(volumes.map(({ createdAt, points }) => [createdAt, points.length])).toEqual([
      [null, 2],
      [new Date('2026-01-01T00:00:00Z'), 1],
      [again, 1],
    ]);
  });

  it('is known by what was last seen of it', async () => {
    await using sandbox = await Sandbox.create();
    const history = aHistory(sandbox.path('history.db'));
    const bound = { clusterUid: null, namespace: null, claim: 'other', storageClass: null };
    await recordAll(history, [
      aSample({ at: before(2 * DAY) }),
      aSample({ at: before(DAY), volumes: [aVolume(bound)] }),
      aSample({ at: before(3 * DAY) }),
    ]);
    const volumes = (await exported(history)).filter(({ kind }) => kind === 'volume');
    expect(volumes).toHaveLength(3);
    for (const volume of volumes) expect(volume).toMatchObject(bound);
  });

  it('comes one after the other, by dataset, however many there are', async () => {
    await using sandbox = await Sandbox.create();
    const history = aHistory(sandbox.path('history.db'));
    const volumes = Array.from({ length: 200 }, (_, index) =>
      aVolume({ dataset: `tank/pvc-${String((index * 7) % 200).padStart(3, '0')}` }),
    );
    await recordAll(history, [aSample({ at: before(DAY), volumes }), aSample({ volumes })]);
    const series = await volumesIn(history);
    const datasets = series.map(({ dataset }) => dataset);
    expect(datasets).toEqual(datasets.toSorted());
    expect(new Set(datasets).size).toBe(200);
    expect(series.every(({ points }) => points.length === 2)).toBe(true);
  });
});

describe('a reader', () => {
  it('sees one state, whatever is written meanwhile', async () => {
    await using sandbox = await Sandbox.create();
    const history = aHistory(sandbox.path('history.db'));
    await recordAll(history, [aSample({ at: before(DAY) })]);
    using reader = await history.open();
    await recordAll(history, [aSample()]);
    expect(reader?.pools(ESTATE, EVER)[0]?.points).toHaveLength(1);
    using later = await history.open();
    expect(later?.pools(ESTATE, EVER)[0]?.points).toHaveLength(2);
  });

  it('is none, and makes no file, where nothing was recorded', async () => {
    await using sandbox = await Sandbox.create();
    const history = aHistory(sandbox.path('data', 'history.db'));
    expect(await history.open()).toBeUndefined();
    expect(await exported(history)).toEqual([]);
    expect(await history.prune(NOW)).toEqual({ removed: 0, bytesBefore: 0, bytesAfter: 0 });
    expect(await history.status()).toMatchObject({
      state: { kind: 'absent' },
      bytes: 0,
      setAside: [],
    });
    await expect(stat(sandbox.path('data'))).rejects.toThrow('ENOENT');
    expect(history.lines).toEqual([]);
  });

  it('may be left in the middle of the volumes', async () => {
    await using sandbox = await Sandbox.create();
    const history = aHistory(sandbox.path('history.db'));
    const volumes = ['a', 'b'].map((dataset) => aVolume({ dataset }));
    await history.record(aSample({ volumes }));
    {
      using reader = await history.open();
      for (const volume of reader?.volumes(ESTATE, EVER) ?? []) {
        expect(volume.dataset).toBe('a');
        break;
      }
    }
    expect(await history.record(aSample({ at: before(-HOUR), volumes }))).toEqual({
      state: 'kept',
    });
  });
});

describe('a report', () => {
  it('is remembered for its estate, whatever the order of its parts', async () => {
    await using sandbox = await Sandbox.create();
    const history = aHistory(sandbox.path('history.db'));
    const estate = { clusters: ['c2', 'c1'], systems: ['h1'] };
    await history.recordReport(estate, before(2 * DAY));
    await history.recordReport(estate, before(DAY));
    using reader = await history.open();
    const same = { clusters: ['c1', 'c2', 'c1'], systems: ['h1'] };
    expect(reader?.lastReport(same, NOW)).toEqual(before(DAY));
    expect(reader?.lastReport(same, before(DAY))).toEqual(before(2 * DAY));
    expect(reader?.lastReport(same, before(2 * DAY))).toBeNull();
    expect(reader?.lastReport(ESTATE, NOW)).toBeNull();
  });
});
