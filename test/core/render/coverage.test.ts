import { describe, expect, test } from 'vitest';
import { partial } from '../../../src/lib/core/model/coverage.ts';
import { type Report } from '../../../src/lib/core/model/report.ts';
import { coverageLines } from '../../../src/lib/core/render/table/coverage.ts';
import { plainPalette } from '../../../src/lib/core/render/text/palette.ts';
import { aReport, aSkippedRule, aSource } from '../../support/report-builders.ts';

function lines(over: Partial<Report>): readonly string[] {
  return coverageLines(aReport(over), Number.POSITIVE_INFINITY, plainPalette).map((line) =>
    line.trim(),
  );
}

describe('what could not be read', () => {
  const [system] = aReport().systems;
  const gap = aSource({ system: 'nas2', coverage: partial('system nas2: too many rows') });
  const skipped = [
    aSkippedRule({ rule: 'dataset-unclaimed', system: 'nas2', because: [gap] }),
    aSkippedRule({ rule: 'pvc-unused', cluster: 'prod', system: null, because: [gap] }),
  ];

  test('keeps rules from being judged where the report says so, and elsewhere they were', () => {
    const systems = system === undefined ? [] : [system, { ...system, name: 'nas2' }];
    const said = lines({ complete: false, systems, sources: [gap], skipped });
    expect(said).toContain('not judged for system nas2: dataset-unclaimed');
    expect(said).toContain('not judged: pvc-unused');
  });

  test('needs no place to be named where there is no other', () => {
    const systems = system === undefined ? [] : [{ ...system, name: 'nas2' }];
    expect(lines({ complete: false, systems, sources: [gap], skipped })).toContain(
      'not judged: dataset-unclaimed and pvc-unused',
    );
  });

  test('says once on which side it is, and names once what was set aside', () => {
    const coverage = partial('system nas2: tank/a is not understood; tank/b is not understood');
    const said = (unreadable: readonly string[]): readonly string[] =>
      lines({ sources: [aSource({ system: 'nas2', coverage, count: 3, unreadable })] });
    expect(said(['tank/a', 'tank/b']).slice(1)).toEqual([
      'system nas2: datasets (3 read) partial: tank/a is not understood; tank/b is not understood',
      'no rule rests on it alone; findings that would lean on it are only likely',
    ]);
    expect(said(['tank/a', 'tank/c'])).toContain(
      '2 datasets could not be understood and were set aside: tank/a and tank/c',
    );
  });
});
