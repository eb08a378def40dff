import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type HistoryRecord, type ScanSample } from '../../../../src/lib/core/model/history.ts';
import { bytes, type Bytes } from '../../../../src/lib/core/model/units.ts';
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
  exported,
  findingsIn,
  HOUR,
  NOW,
  recordAll,
  streamed,
} from './samples.ts';

const size: fc.Arbitrary<Bytes> = fc
  .oneof(fc.constantFrom(0, 1_000, 1_005), fc.maxSafeNat())
  .map(bytes);
const space = {
  used: size,
  snapshots: size,
  logical: fc.option(size),
  provisioned: size,
  snapshotCount: fc.option(fc.nat(5_000)),
};
const hostId = fc.constantFrom('h1', 'h2');
const clusterUid = fc.constantFrom('c1', 'c2');
const text = fc.option(fc.string({ maxLength: 8 }));

const sample: fc.Arbitrary<ScanSample> = fc.record({
  at: fc.integer({ min: 0, max: 40 * 24 }).map((hours) => before(hours * HOUR)),
  clusters: fc.uniqueArray(fc.record({ id: clusterUid, name: fc.string({ maxLength: 4 }) }), {
    selector: ({ id }) => id,
  }),
  systems: fc.uniqueArray(fc.record({ id: hostId, name: fc.string({ maxLength: 4 }) }), {
    selector: ({ id }) => id,
  }),
  pools: fc.array(
    fc
      .record({
        hostId,
        pool: fc.constantFrom('1', '2'),
        name: fc.string(),
        capacity: size,
        ...space,
      })
      .map(aPool),
    { maxLength: 3 },
  ),
  classes: fc.array(
    fc
      .record({ clusterUid, storageClass: fc.constantFrom('a', 'b'), volumes: fc.nat(), ...space })
      .map(aClass),
    { maxLength: 3 },
  ),
  volumes: fc.array(
    fc
      .record({
        hostId,
        dataset: fc.constantFrom('x', 'y'),
        createdAt: fc.option(fc.constantFrom(before(50 * DAY), before(60 * DAY))),
        clusterUid: fc.option(clusterUid),
        volume: fc.string({ maxLength: 4 }),
        namespace: text,
        claim: text,
        storageClass: text,
        ...space,
      })
      .map(aVolume),
    { maxLength: 4 },
  ),
  findings: fc.array(
    fc
      .record({
        id: fc.constantFrom('f1', 'f2', 'f3'),
        reclaimable: size,
        suppressed: fc.boolean(),
      })
      .map(aFinding),
    { maxLength: 3 },
  ),
  judged: fc.subarray([{ rule: 'dataset-unclaimed', scope: 'h1' }]),
});

describe('what is exported', () => {
  it('makes the same history of an empty one, in whatever order it comes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(sample, { minLength: 1, maxLength: 8 }),
        fc.infiniteStream(fc.nat()),
        async (samples, dice) => {
          await using sandbox = await Sandbox.create();
          const from = aHistory(sandbox.path('from.db'));
          await recordAll(from, samples);
          for (const { at } of samples) await from.recordReport(ESTATE, at);
          const records = await exported(from);

          const to = aHistory(sandbox.path('to.db'));
          const shuffled = records
            .map((record) => ({ record, by: dice.next().value }))
            .toSorted((a, b) => a.by - b.by)
            .map(({ record }) => record);
          expect(await to.import(streamed(shuffled))).toEqual({ added: records.length, known: 0 });
          expect(await exported(to)).toEqual(records);
          expect(await to.import(streamed(records))).toEqual({ added: 0, known: records.length });
          expect(await exported(to)).toEqual(records);
        },
      ),
      { numRuns: 12 },
    );
  });

  it('is oldest first within its kind', async () => {
    await using sandbox = await Sandbox.create();
    const history = aHistory(sandbox.path('history.db'));
    await recordAll(history, [aSample({ findings: [aFinding()] }), aSample({ at: before(DAY) })]);
    await history.recordReport(ESTATE, NOW);
    const records = await exported(history);
    const kinds = ['scan', 'scan', 'pool', 'pool', 'class', 'class', 'volume', 'volume'];
    expect(records.map(({ kind }) => kind)).toEqual([...kinds, 'finding', 'report']);
    expect(records.flatMap((record) => ('point' in record ? record.point.at : []))).toEqual([
      before(DAY),
      NOW,
      before(DAY),
      NOW,
      before(DAY),
      NOW,
    ]);
  });

  it('may be read in part', async () => {
    await using sandbox = await Sandbox.create();
    const history = aHistory(sandbox.path('history.db'));
    await history.record(aSample());
    for await (const record of history.export()) {
      expect(record).toEqual({
        kind: 'scan',
        at: NOW,
        clusters: [{ id: 'c1', name: 'prod' }],
        systems: [{ id: 'h1', name: 'nas1' }],
      });
      break;
    }
    expect((await history.prune(NOW)).removed).toBe(0);
  });
});

describe('what is imported', () => {
  it('is nothing where its source fails', async () => {
    await using sandbox = await Sandbox.create();
    const [from, to] = [aHistory(sandbox.path('1.db')), aHistory(sandbox.path('2.db'))];
    await recordAll(from, [aSample()]);
    await recordAll(to, [aSample({ at: before(DAY) })]);
    const there = await exported(to);
    async function* failing(): AsyncGenerator<HistoryRecord> {
      yield* await exported(from);
      throw new Error('line 7 is none');
    }
    await expect(to.import(failing())).rejects.toThrow('line 7 is none');
    expect(await exported(to)).toEqual(there);
  });

  it.each([
    ['more than a day ahead', before(-2 * DAY), '2026-11-24T12:00:00.000Z, more than a day ahead'],
    ['no instant', new Date(Number.NaN), 'dated no instant'],
  ])('is nothing where a record is dated %s', async (_what, at, message) => {
    await using sandbox = await Sandbox.create();
    const history = aHistory(sandbox.path('history.db'));
    const records: readonly HistoryRecord[] = [
      { kind: 'report', at: NOW, estate: ESTATE },
      { kind: 'report', at, estate: ESTATE },
    ];
    await expect(history.import(streamed(records))).rejects.toMatchObject({
      code: 'HISTORY_UNUSABLE',
      message: expect.stringContaining(message) as string,
    });
    expect(await exported(history)).toEqual([]);
  });

  it('joins two histories, and a spell that the other knows the end of is over', async () => {
    await using sandbox = await Sandbox.create();
    const [one, two] = [aHistory(sandbox.path('1.db')), aHistory(sandbox.path('2.db'))];
    const findings = [aFinding()];
    const first = aSample({ at: before(3 * DAY), findings });
    await recordAll(one, [first]);
    await recordAll(two, [first, aSample({ at: before(2 * DAY) })]);
    const ended = await exported(two);
    const open = await exported(one);
    expect(await one.import(streamed(ended))).toEqual({ added: 5, known: 4 });
    expect(await exported(one)).toEqual(ended);
    expect(await two.import(streamed(open))).toEqual({ added: 0, known: open.length });
    expect(await exported(two)).toEqual(ended);
  });

  it('leaves of one finding at most one spell open', async () => {
    await using sandbox = await Sandbox.create();
    const [one, two] = [aHistory(sandbox.path('1.db')), aHistory(sandbox.path('2.db'))];
    const findings = [aFinding()];
    await recordAll(one, [aSample({ at: before(3 * DAY), findings })]);
    await recordAll(two, [aSample({ at: before(2 * DAY), findings })]);
    await one.import(streamed(await exported(two)));
    expect((await findingsIn(one)).map(({ openedAt, closedAt }) => [openedAt, closedAt])).toEqual([
      [before(3 * DAY), before(2 * DAY)],
      [before(2 * DAY), null],
    ]);
  });
});
