import { describe, expect, it } from 'vitest';
import { type FindingSample } from '../../../../src/lib/core/model/history.ts';
import { bytes } from '../../../../src/lib/core/model/units.ts';
import { Sandbox } from '../../../support/run-command.ts';
import {
  aFinding,
  aHistory,
  aSample,
  before,
  DAY,
  ESTATE,
  EVER,
  findingsIn,
  HOUR,
  NOW,
  recordAll,
  type TestHistory,
} from './samples.ts';

const FINDING = aFinding();

/** What each day has of findings; the last of them is today. */
async function days(
  history: TestHistory,
  lists: readonly (readonly FindingSample[])[],
  overrides: Parameters<typeof aSample>[0] = {},
): Promise<void> {
  const samples = lists.map((findings, index) =>
    aSample({ at: before((lists.length - 1 - index) * DAY), findings, ...overrides }),
  );
  await recordAll(history, samples);
}

async function spells(history: TestHistory): Promise<readonly (readonly (Date | null)[])[]> {
  const found = await findingsIn(history);
  return found.map(({ openedAt, lastSeenAt, closedAt }) => [openedAt, lastSeenAt, closedAt]);
}

describe('a finding', () => {
  it('opens when it is first seen, and says what was seen of it last', async () => {
    await using sandbox = await Sandbox.create();
    const history = aHistory(sandbox.path('history.db'));
    const later = aFinding({
      severity: 'low',
      reclaimable: bytes(7),
      subject: 'dataset/b',
      suppressed: true,
    });
    await days(history, [[FINDING], [later]]);
    expect(await findingsIn(history)).toEqual([
      { ...later, openedAt: before(DAY), lastSeenAt: NOW, closedAt: null },
    ]);
  });

  it('closes when it is gone where it was looked for', async () => {
    await using sandbox = await Sandbox.create();
    const history = aHistory(sandbox.path('history.db'));
    await days(history, [[FINDING], [FINDING], []]);
    expect(await spells(history)).toEqual([[before(2 * DAY), before(DAY), NOW]]);
  });

  it.each([
    ['its rule was not judged', []],
    ['its rule was judged elsewhere', [{ rule: 'dataset-unclaimed', scope: 'h2' }]],
    ['another rule was judged there', [{ rule: 'pv-released', scope: 'h1' }]],
  ])('stays open while %s', async (_reason, judged) => {
    await using sandbox = await Sandbox.create();
    const history = aHistory(sandbox.path('history.db'));
    await days(history, [[FINDING], []], { judged });
    expect(await spells(history)).toEqual([[before(DAY), before(DAY), null]]);
  });

  it('is another spell when it comes back', async () => {
    await using sandbox = await Sandbox.create();
    const history = aHistory(sandbox.path('history.db'));
    await days(history, [[FINDING], [], [FINDING]]);
    expect(await spells(history)).toEqual([
      [before(2 * DAY), before(2 * DAY), before(DAY)],
      [NOW, NOW, null],
    ]);
  });

  it('is left alone by scans of another estate', async () => {
    await using sandbox = await Sandbox.create();
    const history = aHistory(sandbox.path('history.db'));
    await recordAll(history, [
      aSample({ at: before(2 * DAY), findings: [FINDING] }),
      aSample({ at: before(DAY), clusters: [] }),
      aSample({
        clusters: [
          { id: 'c1', name: 'prod' },
          { id: 'c2', name: 'test' },
        ],
        findings: [aFinding({ id: 'bbbb' })],
      }),
    ]);
    expect(await spells(history)).toEqual([[before(2 * DAY), before(2 * DAY), null]]);
    using reader = await history.open();
    const both = { clusters: ['c2', 'c1'], systems: ['h1'] };
    expect(reader?.findings(both, EVER).map(({ id }) => id)).toEqual(['bbbb']);
  });

  it('is neither opened nor closed by a scan from before the last', async () => {
    await using sandbox = await Sandbox.create();
    const history = aHistory(sandbox.path('history.db'));
    await days(history, [[FINDING], [FINDING]]);
    const other = aFinding({ id: 'bbbb' });
    await recordAll(history, [
      aSample({ at: before(HOUR) }),
      aSample({ at: before(2 * HOUR), findings: [other] }),
      aSample({ findings: [other] }),
    ]);
    expect(await spells(history)).toEqual([[before(DAY), NOW, null]]);
  });

  it('is told of again once the clock has been set right', async () => {
    await using sandbox = await Sandbox.create();
    const history = aHistory(sandbox.path('history.db'));
    await recordAll(history, [
      aSample({ at: new Date('2036-01-01T00:00:00Z'), findings: [FINDING] }),
      aSample({ at: NOW, findings: [] }),
    ]);
    expect((await spells(history)).map(([, , closed]) => closed === null)).toEqual([false]);
  });

  it('is told where it was open at that time or later', async () => {
    await using sandbox = await Sandbox.create();
    const history = aHistory(sandbox.path('history.db'));
    await days(history, [[FINDING], [], [aFinding({ id: 'bbbb' })]]);
    using reader = await history.open();
    const ids = (since: Date): readonly string[] | undefined =>
      reader?.findings(ESTATE, since).map(({ id }) => id);
    expect(ids(EVER)).toEqual(['aaaa', 'bbbb']);
    expect(ids(before(DAY))).toEqual(['aaaa', 'bbbb']);
    expect(ids(before(DAY - 1))).toEqual(['bbbb']);
  });

  it('counts as open or closed', async () => {
    await using sandbox = await Sandbox.create();
    const history = aHistory(sandbox.path('history.db'));
    await days(history, [[FINDING], [aFinding({ id: 'bbbb' }), aFinding({ id: 'cccc' })]]);
    expect(await history.status()).toMatchObject({ openFindings: 2, closedFindings: 1 });
  });
});
