import { describe, expect, it } from 'vitest';
import { type StorageAnalysis } from '../../../../src/lib/core/model/analysis.ts';
import { failed } from '../../../../src/lib/core/model/coverage.ts';
import {
  historyText,
  totalTexts,
  verdictOf,
} from '../../../../src/lib/core/render/analysis/verdict.ts';
import {
  anAnalysis,
  aPoolAnalysis,
  daysAgo,
  doesNotFill,
  fillsIn,
  notEnough,
} from '../../../support/analysis-builders.ts';
import { aSource } from '../../../support/report-builders.ts';

const unread = aSource({ coverage: failed('denied') });
const systems = (...pools: readonly string[]) =>
  anAnalysis().systems.map((system) => ({ ...system, pools }));

describe('a verdict', () => {
  it.each<[string, Partial<StorageAnalysis>, string]>([
    [
      'that a pool is full now',
      { forecast: fillsIn(0), pools: [aPoolAnalysis({ usedRatio: 1 })] },
      'Pool tank, 100 % used, is full.',
    ],
    [
      'no last day where the slow end of the interval never gets there',
      { forecast: fillsIn(10, { fullAtLatest: null }) },
      'Pool tank, 42 % used, fills first: in 10 d (8 d+), from 2026-11-30 on; confidence is high.',
    ],
    [
      'when at the fastest a pool might fill that does not as things go',
      { forecast: doesNotFill({ fullAtEarliest: daysAgo(-580) }) },
      'Pool tank does not fill within 2 y as things go, and not before 2028-06-24 at the fastest; confidence is medium.',
    ],
    [
      'of several pools that none fills, where each was looked at',
      {
        forecast: doesNotFill(),
        pools: ['tank', 'flash'].map((name) => aPoolAnalysis({ name, forecast: doesNotFill() })),
      },
      'No pool fills within 2 y as things go',
    ],
    [
      'nothing of a pool nobody can look ahead for',
      {
        forecast: doesNotFill(),
        pools: [
          aPoolAnalysis({ forecast: doesNotFill() }),
          aPoolAnalysis({ name: 'new', forecast: notEnough() }),
        ],
      },
      'Pool tank does not fill within 2 y as things go; confidence is medium. When pool new fills cannot be said yet.',
    ],
    [
      'which of several pools do not fill, where others are unforeseen',
      {
        forecast: doesNotFill(),
        pools: [
          ...['tank', 'flash'].map((name) => aPoolAnalysis({ name, forecast: doesNotFill() })),
          ...['new', 'newer'].map((name) => aPoolAnalysis({ name, forecast: notEnough() })),
        ],
      },
      'Pools tank and flash do not fill within 2 y as things go; confidence is medium. When pools new and newer fill cannot be said yet.',
    ],
    [
      'the one pool that is pressing beside the first',
      { pools: [aPoolAnalysis(), aPoolAnalysis({ name: 'b', severity: 'high', usedRatio: 0.81 })] },
      'Pool b (81 %) is pressing as well.',
    ],
    [
      'which lists were not read, where no pool is left to speak of',
      { pools: [], sources: [unread] },
      'How full pools are, and what volumes take of them, is unknown: datasets of nas1 were not read whole, so nothing is said of when one fills.',
    ],
    [
      'that pools are silent, where none tells what is used of it',
      { pools: [], silentPools: 2, systems: systems('tank', 'flash') },
      'No pool tells what is used of it, so nothing is said of when one fills.',
    ],
    [
      'that the filter left out the only pool',
      { pools: [], systems: systems('tank') },
      'No pool matches the filter, of the one that was read, so nothing is said of when one fills.',
    ],
  ])('tells %s', (_, over, text) => {
    expect(verdictOf(anAnalysis(over)).text).toContain(text);
  });

  it('is as severe as the worst pool', () => {
    const pools = (['medium', 'critical', null] as const).map((severity, index) =>
      aPoolAnalysis({ name: `pool-${String(index)}`, severity }),
    );
    expect(verdictOf(anAnalysis({ pools })).severity).toBe('critical');
    expect(verdictOf(anAnalysis()).severity).toBeNull();
  });
});

describe('totals', () => {
  it('say what was promised, how many times the capacity that is, and what of it is not taken', () => {
    expect(totalTexts(anAnalysis())).toEqual([
      'Volumes take 380 GiB and their snapshots 40 GiB of 1000 GiB; the pools fill by +2 GiB a day.',
      '600 GiB promised to 42 volumes, 0.60× the capacity, 36 % of it not taken.',
    ]);
  });

  it('make up no rate and no ratio where there is none', () => {
    const over = { poolOvercommitmentRatio: null, thinProvisioningEfficiency: null };
    expect(totalTexts(anAnalysis({ ...over, growth: notEnough() }))).toEqual([
      'Volumes take 380 GiB and their snapshots 40 GiB of 1000 GiB.',
      '600 GiB promised to 42 volumes.',
    ]);
  });

  it('say that more is taken than was promised, and not that less than nothing is free', () => {
    const [, promised] = totalTexts(anAnalysis({ thinProvisioningEfficiency: -0.25 }));
    expect(promised).toMatch(/, 25 % more taken than promised\.$/);
  });

  it('keep the capacity that is known where what volumes take is not', () => {
    expect(totalTexts(anAnalysis({ sources: [unread] }))).toEqual([
      'What volumes take and were promised is unknown: datasets of nas1 were not read whole. The pools can hold 1000 GiB.',
    ]);
  });
});

describe('history', () => {
  it('is promised where there is none yet', () => {
    const history = { firstAt: null, lastAt: null, days: 0, askedDays: 90 };
    expect(historyText(anAnalysis({ history }))).toBe(
      'No history yet: this is the present alone. Every complete scan adds to it.',
    );
  });

  it('says since when, and on how many of the days asked for', () => {
    const history = { firstAt: daysAgo(4), lastAt: daysAgo(0), days: 3, askedDays: 90 };
    expect(historyText(anAnalysis({ history }))).toBe(
      'History: a scan on 3 of the last 90 days, the first on 2026-11-18.',
    );
  });
});
