import { describe, expect, it } from 'vitest';
import { poolBars, poolBlocks } from '../../../src/lib/core/document/pools.ts';
import { type PoolAnalysis } from '../../../src/lib/core/model/analysis.ts';
import { type Chart } from '../../../src/lib/core/model/chart.ts';
import { type Block } from '../../../src/lib/core/model/document.ts';
import { DEFAULT_THRESHOLDS } from '../../../src/lib/core/model/settings.ts';
import {
  aGrowth,
  anAnomaly,
  aPoolAnalysis,
  aSeries,
  aSubject,
  daysAgo,
  doesNotFill,
  notEnough,
} from '../../support/analysis-builders.ts';

function chartsOf(blocks: readonly Block[]): readonly Chart[] {
  return blocks.flatMap((block) => (block.kind === 'chart' ? [block.chart] : []));
}

function blocksOf(over: Partial<PoolAnalysis>): readonly Block[] {
  const anomalies = ['tank', 'flash'].map((name) =>
    anAnomaly({ subject: aSubject('Pool', name), day: daysAgo(9) }),
  );
  return poolBlocks(aPoolAnalysis(over), 'pool-1', { thresholds: DEFAULT_THRESHOLDS, anomalies });
}

const sentencesOf = (blocks: readonly Block[]) =>
  blocks.flatMap((block) => (block.kind === 'paragraph' ? [block.text] : []));

describe('the bars of pools', () => {
  it('leave out pools of which nobody knows what they hold', () => {
    const silent = aPoolAnalysis({ name: 'silent', capacity: null });
    expect(poolBars([silent])).toEqual([]);
    expect(chartsOf(poolBars([silent, aPoolAnalysis()]))).toMatchObject([
      { bars: [{ label: 'nas1/tank' }] },
    ]);
  });

  it('do not call full what does not tell how much is free', () => {
    const [chart] = chartsOf(poolBars([aPoolAnalysis({ available: null })]));
    expect(chart?.description).toMatch(/, unknown free$/);
  });
});

describe('a pool', () => {
  it.each([0, 1])('has no chart of %i days', (days) => {
    expect(chartsOf(blocksOf({ history: aSeries(days, () => 1) }))).toEqual([]);
  });

  it('has no limits where its capacity is not known', () => {
    const [chart] = chartsOf(blocksOf({ capacity: null, ahead: [] }));
    expect(chart).toMatchObject({ limits: [], band: null });
    expect(chart?.description).not.toContain(', of ');
  });

  it('is marked with its own anomalies alone', () => {
    expect(chartsOf(blocksOf({}))).toMatchObject([{ events: [{ day: daysAgo(9) }] }]);
  });

  it('tells its steps apart from its trend', () => {
    const steps = [{ day: daysAgo(30), bytes: -1024 }];
    expect(sentencesOf(blocksOf({ growth: aGrowth({ steps }) }))).toContain(
      'Steps, which are no part of the trend: -1 KiB on 2026-10-23.',
    );
  });

  it('says once what its growth and its forecast lack', () => {
    const young = { growth: notEnough(), ahead: [], history: [] };
    expect(sentencesOf(blocksOf({ ...young, forecast: notEnough() }))).toHaveLength(1);
    expect(sentencesOf(blocksOf({ ...young, forecast: doesNotFill() }))).toHaveLength(2);
  });
});
