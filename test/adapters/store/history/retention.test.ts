import { describe, expect, it } from 'vitest';
import { bytes, millis } from '../../../../src/lib/core/model/units.ts';
import { Sandbox } from '../../../support/run-command.ts';
import {
  aClass,
  aFinding,
  aHistory,
  aPool,
  aSample,
  aVolume,
  before,
  DAY,
  ESTATE,
  EVER,
  exported,
  findingsIn,
  HOUR,
  NOW,
  poolInstants,
  recordAll,
  streamed,
  type TestHistory,
  volumesIn,
} from './samples.ts';

/** Two days with a scan every 20 minutes, and one of now, which brings what is due with it. */
async function twoDays(history: TestHistory, age: number): Promise<void> {
  const start = Math.floor(NOW.getTime() / DAY) * DAY - age * DAY;
  const samples = Array.from({ length: 144 }, (_, index) =>
    aSample({
      at: new Date(start + index * 20 * 60_000),
      volumes: [aVolume({ used: bytes(2 ** (index % 40)) })],
    }),
  );
  await recordAll(history, samples);
  await recordAll(history, [aSample({ at: before(HOUR) }), aSample()]);
}

describe('what is kept of pools and classes', () => {
  it.each([
    ['everything for 14 days', 14, 144],
    ['the last of each hour from then on', 16, 48],
    ['the last of each hour until 90 days', 90, 48],
    ['the last of each day from then on', 92, 2],
  ])('is %s', async (_what, age, expected) => {
    await using sandbox = await Sandbox.create();
    const history = aHistory(sandbox.path('history.db'));
    await twoDays(history, age);
    await history.prune(EVER);
    const instants = await poolInstants(history);
    expect(instants).toHaveLength(expected + 2);
    expect(instants[expected - 1]).toMatch(/T23:40:00/);
    if (expected === 48) expect(instants[0]).toMatch(/T00:40:00/);
    using reader = await history.open();
    expect(reader?.classes(ESTATE, EVER)[0]?.points).toHaveLength(expected + 2);
  });

  it('is thinned by the way, once a day', async () => {
    await using sandbox = await Sandbox.create();
    const history = aHistory(sandbox.path('history.db'));
    await twoDays(history, 20);
    expect(await poolInstants(history)).toHaveLength(48 + 2);
    const sameHour = [0, 1].map((minutes) => aSample({ at: before(21 * DAY - minutes * 60_000) }));
    await recordAll(history, [...sameHour, aSample({ at: before(-HOUR) })]);
    expect(await poolInstants(history)).toHaveLength(48 + 2 + 3);
    await recordAll(history, [aSample({ at: before(-DAY) }), aSample({ at: before(-DAY - HOUR) })]);
    expect(await poolInstants(history)).toHaveLength(48 + 2 + 2 + 2);
  });
});

describe('what is kept of volumes', () => {
  it.each([
    ['every notable change for 14 days', 14, 144],
    ['the last of each day from then on', 16, 2],
  ])('is %s', async (_what, age, expected) => {
    await using sandbox = await Sandbox.create();
    const history = aHistory(sandbox.path('history.db'));
    await twoDays(history, age);
    await history.prune(EVER);
    const [volume] = await volumesIn(history);
    const old = volume?.points.filter(({ at }) => at < before(DAY));
    expect(old).toHaveLength(expected);
    expect(old?.at(-1)?.at.toISOString()).toMatch(/T23:40:00/);
  });
});

describe('retention', () => {
  it('takes away what is too old, and what is left without any usage', async () => {
    await using sandbox = await Sandbox.create();
    const history = aHistory(sandbox.path('history.db'), { retention: millis(30 * DAY) });
    const old = aSample({
      at: before(40 * DAY),
      systems: [{ id: 'h0', name: 'old' }],
      pools: [aPool({ hostId: 'h0' })],
      classes: [aClass({ storageClass: 'old' })],
      volumes: [aVolume({ hostId: 'h0' })],
    });
    await recordAll(history, [old, aSample({ at: before(DAY) }), aSample()]);
    expect(await history.status()).toMatchObject({
      firstAt: before(DAY),
      lastAt: NOW,
      scans: 2,
      pools: 1,
      classes: 1,
      volumes: 1,
      points: 6,
      clusters: [{ id: 'c1', name: 'prod' }],
      systems: [{ id: 'h1', name: 'nas1' }],
    });
  });

  it('keeps findings that are open, and closed ones as long as scans', async () => {
    await using sandbox = await Sandbox.create();
    const history = aHistory(sandbox.path('history.db'), { retention: millis(30 * DAY) });
    const [open, gone] = [aFinding(), aFinding({ id: 'bbbb' })];
    await recordAll(history, [
      aSample({ at: before(60 * DAY), findings: [open, gone] }),
      aSample({ at: before(50 * DAY), findings: [open] }),
    ]);
    expect(await findingsIn(history)).toHaveLength(2);
    await recordAll(history, [aSample({ at: before(DAY), judged: [] }), aSample({ judged: [] })]);
    expect((await findingsIn(history)).map(({ id }) => id)).toEqual(['aaaa']);
  });

  it('takes nothing away for one scan under a clock that runs years ahead', async () => {
    await using sandbox = await Sandbox.create();
    const history = aHistory(sandbox.path('history.db'), { retention: millis(30 * DAY) });
    await recordAll(history, [
      aSample({ at: before(20 * DAY) }),
      aSample({ at: before(-3650 * DAY) }),
      aSample({ at: before(DAY) }),
      aSample(),
    ]);
    expect(await poolInstants(history)).toEqual([
      before(20 * DAY).toISOString(),
      before(DAY).toISOString(),
      NOW.toISOString(),
      before(-3650 * DAY).toISOString(),
    ]);
  });
});

describe('prune', () => {
  it('removes what is older and gives the space back', async () => {
    await using sandbox = await Sandbox.create();
    const history = aHistory(sandbox.path('history.db'));
    const volumes = Array.from({ length: 500 }, (_, index) =>
      aVolume({ dataset: `tank/${index}` }),
    );
    await recordAll(
      history,
      [20, 15, 10, 5, 0].map((days) => aSample({ at: before(days * DAY), volumes })),
    );
    await history.recordReport(ESTATE, before(20 * DAY));
    const outcome = await history.prune(before(5 * DAY));
    expect(outcome.removed).toBe(3 * (500 + 3) + 1);
    expect(outcome.bytesAfter).toBeLessThan(outcome.bytesBefore);
    const status = await history.status();
    expect(status.bytes).toBe(outcome.bytesAfter);
    expect(status).toMatchObject({
      firstAt: before(5 * DAY),
      scans: 2,
      volumes: 500,
      points: 1_004,
    });
  });

  it('cuts through a day', async () => {
    await using sandbox = await Sandbox.create();
    const history = aHistory(sandbox.path('history.db'));
    const used = (value: number): ReturnType<typeof aVolume>[] => [aVolume({ used: bytes(value) })];
    await recordAll(history, [
      aSample({ at: before(2 * HOUR), volumes: used(1) }),
      aSample({ at: before(HOUR), volumes: used(1_000) }),
    ]);
    await history.prune(before(HOUR));
    expect((await volumesIn(history))[0]?.points.map(({ at }) => at)).toEqual([before(HOUR)]);
    await history.prune(NOW);
    expect(await exported(history)).toEqual([]);
    expect(await history.status()).toMatchObject({ volumes: 0, clusters: [], systems: [] });
  });

  it('thins what was brought in, however old it is', async () => {
    await using sandbox = await Sandbox.create();
    const [from, to] = [aHistory(sandbox.path('1.db')), aHistory(sandbox.path('2.db'))];
    const samples = [4, 3].map((hours) =>
      aSample({ at: before(30 * DAY + hours * HOUR), volumes: [aVolume({ used: bytes(hours) })] }),
    );
    await recordAll(from, samples);
    await recordAll(to, [aSample({ at: before(DAY) }), aSample()]);
    await to.import(streamed(await exported(from)));
    await to.prune(EVER);
    expect((await volumesIn(to))[0]?.points.map(({ at }) => at)).toEqual([
      before(30 * DAY + 3 * HOUR),
      before(DAY),
      NOW,
    ]);
  });
});
