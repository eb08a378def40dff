import { describe, expect, test } from 'vitest';
import { failed, partial } from '../../../src/lib/core/model/coverage.ts';
import { type Report } from '../../../src/lib/core/model/report.ts';
import { coverageLines } from '../../../src/lib/core/render/table/coverage.ts';
import { plainPalette } from '../../../src/lib/core/render/text/palette.ts';
import { aClusterSource, aReport, aSkippedRule, aSource } from '../../support/report-builders.ts';

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
    expect(said(['tank/a', 'tank/b']).slice(1, 2)).toEqual([
      'system nas2: datasets (3 read) partial: tank/a is not understood; tank/b is not understood',
    ]);
    expect(said(['tank/a', 'tank/c'])).toContain(
      '2 datasets could not be understood and were set aside: tank/a and tank/c',
    );
  });

  test('of a pool that cannot be judged promises nothing: every rule is silent about what is there', () => {
    const reason = 'pool tank is DEGRADED, so nothing there can be judged';
    const pool = aSource({ name: 'poolAvailability', count: 0, coverage: partial(reason) });
    expect(lines({ complete: false, sources: [pool] })).toEqual([
      'INCOMPLETE: what could not be read or judged may hide orphans, so silence proves little.',
      `system nas1: ${reason}`,
      'no rule says of anything there that it is missing or forgotten, whether it is or not',
    ]);
  });

  test('names the rules that get on without a list, and with less', () => {
    const events = aClusterSource('events', 0, { coverage: failed('may not list events') });
    expect(lines({ complete: false, sources: [events] })).toContain(
      'judged with less, so only likely or not found: delete-blocked',
    );
    const secrets = aClusterSource('driverSecrets', 0, { coverage: failed('denied') });
    expect(lines({ complete: false, sources: [secrets] })).toContain(
      'no rule rests on it alone; findings that would lean on it are only likely',
    );
  });
});
