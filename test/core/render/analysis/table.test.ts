import { describe, expect, it } from 'vitest';
import {
  type PoolAnalysis,
  type StorageAnalysis,
} from '../../../../src/lib/core/model/analysis.ts';
import { renderAnalysis } from '../../../../src/lib/core/render/analysis.ts';
import { plainPalette } from '../../../../src/lib/core/render/text/palette.ts';
import {
  aGrowth,
  anAnalysis,
  anAnomaly,
  aPoolAnalysis,
  aRecommendation,
  aVolumeAnalysis,
  doesNotFill,
  fillsIn,
  notEnough,
} from '../../../support/analysis-builders.ts';

function linesOf(
  over: Partial<StorageAnalysis>,
  format = 'table',
  { columns = 200, top = 10 } = {},
): readonly string[] {
  const options = { columns, palette: plainPalette, top, blocks: true };
  return renderAnalysis(anAnalysis(over), format, options).split('\n');
}

function volumes(count: number, over: Parameters<typeof aVolumeAnalysis>[0] = {}) {
  return Array.from({ length: count }, (_, index) =>
    aVolumeAnalysis({ claim: `data-${String(index)}`, ...over }),
  );
}

describe('the verdict', () => {
  it('names the pool that fills first, and when at the earliest and the latest', () => {
    expect(linesOf({ forecast: fillsIn(10), pools: [aPoolAnalysis()] })).toContain(
      'Pool tank, 42 % used, fills first: in 10 d (8–13 d), between 2026-11-30 and 2026-12-05; confidence is high.',
    );
  });

  it('says that none fills only as far as was looked', () => {
    const forecast = doesNotFill();
    expect(linesOf({ forecast, pools: [aPoolAnalysis(), aPoolAnalysis({ name: 'b' })] })).toContain(
      'No pool fills within 2 y as things go; confidence is medium.',
    );
    expect(linesOf({ forecast })).toContain(
      'Pool tank does not fill within 2 y as things go; confidence is medium.',
    );
  });

  it('guesses nothing, and says what it takes', () => {
    expect(linesOf({ forecast: notEnough() })).toContain(
      'When a pool fills cannot be said yet: 3 of the 7 days it takes are known, over 2 of at least 14.',
    );
  });

  it('does not keep silent about pools that are pressing beside the first', () => {
    const forecast = fillsIn(3);
    const pools = [
      aPoolAnalysis({ forecast, severity: 'critical' }),
      aPoolAnalysis({ name: 'b', severity: 'high', usedRatio: 0.81 }),
      aPoolAnalysis({ name: 'c', severity: 'medium', usedRatio: 0.7 }),
    ];
    const verdict = linesOf({ forecast, pools }).find((line) => line.startsWith('Pool tank'));
    expect(verdict).toMatch(/Pools b \(81 %\) and c \(70 %\) are pressing as well\.$/);
  });

  it('names the system of a pool only where several have one of that name', () => {
    const systems = [anAnalysis().systems, anAnalysis().systems].flat();
    const verdictAmong = (...pools: readonly PoolAnalysis[]) =>
      linesOf({ systems, forecastPool: { system: 'nas2', name: 'tank' }, pools }).find((line) =>
        line.startsWith('Pool tank'),
      );
    const second = aPoolAnalysis({ system: 'nas2', usedRatio: 0.5 });
    expect(verdictAmong(second, aPoolAnalysis({ name: 'flash' }))).toMatch(/^Pool tank, 50 % used/);
    expect(verdictAmong(aPoolAnalysis(), second)).toMatch(/^Pool tank of nas2, 50 % used/);
  });

  it('sums nothing up where no pool was read', () => {
    const lines = linesOf({ pools: [], volumes: [], classes: [], forecastPool: null });
    expect(lines).toContain('No pool was read, so nothing is said of when one fills.');
    expect(lines.find((line) => line.startsWith('Volumes take'))).toBeUndefined();
  });
});

describe('the volumes', () => {
  it('are as many as asked for, and the others are counted', () => {
    const lines = linesOf({ volumes: volumes(13) }, 'table', { top: 3 });
    expect(lines.filter((line) => line.startsWith('  shop/data-'))).toHaveLength(3);
    expect(lines).toContain('  and 10 more');
  });

  it('names those close to their quota that are not listed', () => {
    const all = [...volumes(2), ...volumes(1, { claim: 'full', pressure: 'critical' })];
    expect(linesOf({ volumes: all }, 'table', { top: 1 })).toContain(
      '  and 2 more; of them close to their quota: shop/full',
    );
  });

  it('are all in what machines read, whatever --top says', () => {
    const all = volumes(13);
    expect(linesOf({ volumes: all }, 'csv', { top: 1 })).toHaveLength(15);
    expect(linesOf({ volumes: all }, 'jsonpath={.volumes[*].claim}', { top: 1 })[0]).toContain(
      'data-12',
    );
  });

  it('are headed by size where nobody knows what grows', () => {
    const lines = linesOf({ volumes: volumes(2, { growth: notEnough() }) });
    expect(lines).toContain('VOLUMES, largest first');
  });
});

describe('a row without room', () => {
  it('keeps its severity and says the rest below', () => {
    const lines = linesOf({ pools: [aPoolAnalysis({ severity: 'high' })] }, 'table', {
      columns: 60,
    });
    const at = lines.findIndex((line) => /^ {2}tank /.test(line));
    expect(lines.slice(at, at + 4).join(' ')).toMatch(/high.*overcommit 0\.6×/);
  });

  it('says nothing of what is not known', () => {
    const pools = [aPoolAnalysis({ overcommit: null, compression: null })];
    const text = linesOf({ pools }, 'table', { columns: 70 }).join('\n');
    expect(text).not.toMatch(/overcommit|compression/i);
  });
});

describe('what stands out and what to do', () => {
  it('is cut in a table with a count, and whole with -o wide', () => {
    const over = {
      anomalies: Array.from({ length: 12 }, () => anAnomaly()),
      recommendations: Array.from({ length: 13 }, () => aRecommendation()),
    };
    expect(linesOf(over)).toEqual(expect.arrayContaining(['  and 2 more', '  and 3 more']));
    expect(linesOf(over, 'wide').filter((line) => line.includes('frees 60 GiB'))).toHaveLength(13);
  });

  it('calls a volume by its claim', () => {
    expect(linesOf({ anomalies: [anAnomaly()] }).join('\n')).toContain('pvc/shop/data-postgres-0');
  });
});

describe('patterns', () => {
  it('are named where the data show them', () => {
    const pools = [aPoolAnalysis({ growth: aGrowth({ patterns: ['weekly', 'steps'] }) })];
    expect(linesOf({ pools }).join('\n')).toContain('weekly, steps');
    expect(linesOf({}).join('\n')).not.toContain('PATTERN');
  });
});
