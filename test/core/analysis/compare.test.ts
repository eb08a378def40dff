import { describe, expect, it } from 'vitest';
import { compareWithEarlier, type EarlierFinding } from '../../../src/lib/core/analysis/compare.ts';
import { failed, notApplicable } from '../../../src/lib/core/model/coverage.ts';
import { type Report, type SourceStatus } from '../../../src/lib/core/model/report.ts';
import { aFinding, aReport } from '../../support/report-builders.ts';

const RULES = [
  { id: 'dataset-unclaimed', scope: 'system' },
  { id: 'pvc-lost', scope: 'cluster' },
] as const;

const there = aFinding({ id: 'there' });

function reportWith(over: Partial<Report> = {}): Report {
  return aReport({ findings: [there], suppressed: [], skipped: [], filteredOut: 0, ...over });
}

const [system] = reportWith().systems;
const [cluster] = reportWith().clusters;
const HOST = system?.hostId ?? `system ${system?.name ?? ''}`;
const UID = cluster?.uid ?? `cluster ${cluster?.name ?? ''}`;
const gone = { id: 'gone', rule: 'dataset-unclaimed', scope: HOST };

function idsOf(earlier: readonly EarlierFinding[], report: Report): Record<string, string[]> {
  const { opened, fixed, unchanged, unknown } = compareWithEarlier(earlier, report, RULES);
  const ids = (list: readonly { readonly id: string }[]): string[] => list.map(({ id }) => id);
  return {
    opened: ids(opened),
    fixed: ids(fixed),
    unchanged: ids(unchanged),
    unknown: ids(unknown),
  };
}

const because = (coverage: SourceStatus['coverage']): SourceStatus => ({
  name: 'datasets',
  cluster: null,
  system: system?.name ?? null,
  coverage,
  count: 0,
  unreadable: [],
});

describe('what became of findings', () => {
  it('is new, unchanged or fixed, by the id alone', () => {
    const kept = { ...gone, id: 'there' };
    expect(idsOf([], reportWith())).toMatchObject({ opened: ['there'], unchanged: [] });
    expect(idsOf([kept, gone], reportWith())).toEqual({
      opened: [],
      unchanged: ['there'],
      fixed: ['gone'],
      unknown: [],
    });
  });

  it('is not known where the rule was skipped in that place', () => {
    const row = {
      rule: 'dataset-unclaimed',
      cluster: null,
      system: system?.name ?? null,
      because: [because(failed('no answer'))],
    };
    expect(idsOf([gone], reportWith({ skipped: [row] }))).toMatchObject({
      fixed: [],
      unknown: ['gone'],
    });
    const nothingThere = { ...row, because: [because(notApplicable('not installed'))] };
    expect(idsOf([gone], reportWith({ skipped: [nothingThere] }))).toMatchObject({
      fixed: ['gone'],
    });
  });

  it('is not known where its place was not part of the scan, its rule did not run, or a filter left something out', () => {
    const elsewhere = { ...gone, scope: 'another-host' };
    const unjudged = { ...gone, rule: 'pv-released' };
    const wrongSide = { ...gone, rule: 'pvc-lost' };
    for (const finding of [elsewhere, unjudged, wrongSide]) {
      expect(idsOf([finding], reportWith())).toMatchObject({ fixed: [], unknown: ['gone'] });
    }
    expect(idsOf([gone], reportWith({ filteredOut: 1 }))).toMatchObject({ unknown: ['gone'] });
    const claim = { id: 'claim', rule: 'pvc-lost', scope: UID };
    expect(idsOf([claim], reportWith())).toMatchObject({ fixed: ['claim'] });
  });

  it('is neither fixed nor unknown where somebody suppressed it', () => {
    const suppressed = {
      finding: aFinding({ id: 'gone' }),
      by: 'annotation',
      origin: 'x',
      reason: '',
      until: null,
    } as const;
    expect(idsOf([gone], reportWith({ suppressed: [suppressed] }))).toMatchObject({
      fixed: [],
      unknown: [],
    });
  });
});
