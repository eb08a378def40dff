import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failed } from '../../../src/lib/core/model/coverage.ts';
import { type PreviousReport } from '../../../src/lib/core/model/full-report.ts';
import { type FindingSpell } from '../../../src/lib/core/model/history.ts';
import { bytes } from '../../../src/lib/core/model/units.ts';
import {
  changesSince,
  compareReports,
  isComparable,
} from '../../../src/lib/core/report/report-changes.ts';
import { aMention } from '../../support/full-report-builders.ts';
import {
  aFinding,
  aReport,
  aSkippedRule,
  aSource,
  TAKEN_AT,
} from '../../support/report-builders.ts';

const DAY = 86_400_000;
const SINCE = new Date(TAKEN_AT.getTime() - 7 * DAY);

function day(offset: number): Date {
  return new Date(SINCE.getTime() + offset * DAY);
}

function idOf(index: number): string {
  return index.toString(16).padStart(16, '0');
}

function aPrevious(over: Partial<PreviousReport> = {}): PreviousReport {
  return {
    takenAt: SINCE,
    complete: true,
    clusters: [{ name: 'prod', id: '5b7c1d1e-0000-4000-8000-000000000001' }],
    systems: [{ name: 'nas1', id: 'c0ffee' }],
    findings: [],
    ...over,
  };
}

function aSpell(over: Partial<FindingSpell> = {}): FindingSpell {
  return {
    ...aMention(),
    suppressed: false,
    openedAt: day(-3),
    lastSeenAt: TAKEN_AT,
    closedAt: null,
    ...over,
  };
}

const suppressedFinding = (id: string) => ({
  finding: aFinding({ id }),
  by: 'configuration' as const,
  origin: 'ignore[0]',
  reason: 'kept',
  until: null,
});

const indexes = fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { maxLength: 20 });

describe('a report and an earlier one', () => {
  it('has every finding of both in exactly one list', () => {
    fc.assert(
      fc.property(indexes, indexes, indexes, fc.boolean(), (before, now, silenced, blind) => {
        const reported = now.filter((index) => !silenced.includes(index));
        const report = aReport({
          findings: reported.map((index) => aFinding({ id: idOf(index) })),
          suppressed: silenced.map((index) => suppressedFinding(idOf(index))),
          skipped: blind
            ? [
                aSkippedRule({
                  rule: 'dataset-unclaimed',
                  because: [aSource({ coverage: failed('timed out') })],
                }),
              ]
            : [],
        });
        const findings = before.map((index) => aMention({ id: idOf(index) }));
        const compared = compareReports(aPrevious({ findings }), report);
        const ids = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id);
        expect(ids([...compared.opened, ...compared.unchanged]).sort()).toEqual(
          ids(report.findings).sort(),
        );
        const { fixed, unknown, unchanged, suppressed } = compared;
        expect(ids([...fixed, ...unknown, ...unchanged, ...suppressed]).sort()).toEqual(
          ids(findings).sort(),
        );
        expect(blind ? fixed : unknown).toEqual([]);
      }),
    );
  });

  it('says of which clusters and systems only one of them speaks', () => {
    const previous = aPrevious({ systems: [{ name: 'old', id: 'beef' }], complete: false });
    expect(compareReports(previous, aReport()).remarks).toEqual([
      'TrueNAS old was in that report and is not in this one: what was found there is unknown now',
      'TrueNAS nas1 was not in that report: all that is found there counts as new',
      'that report was incomplete: what is new may have been there, unseen',
    ]);
  });

  it('knows a system again that was renamed', () => {
    const previous = aPrevious({ systems: [{ name: 'renamed', id: 'c0ffee' }] });
    expect(compareReports(previous, aReport()).remarks).toEqual([]);
  });

  it('cannot be compared where it has nothing in common with it', () => {
    const foreign = aPrevious({
      clusters: [{ name: 'prod', id: 'another-uid' }],
      systems: [{ name: 'nas1', id: 'another-host' }],
    });
    expect(isComparable(foreign, aReport())).toBe(false);
    expect(isComparable({ ...foreign, systems: aPrevious().systems }, aReport())).toBe(true);
  });
});

describe('what came and went since the last report', () => {
  const report = aReport({ findings: [aFinding({ id: idOf(1) }), aFinding({ id: idOf(2) })] });

  it('is new where it was not there then, however often before', () => {
    const spells = [
      aSpell({ id: idOf(1), openedAt: day(-9), closedAt: day(-2) }),
      aSpell({ id: idOf(1), openedAt: day(1) }),
      aSpell({ id: idOf(2) }),
    ];
    const { opened } = changesSince(SINCE, spells, report);
    expect(opened.map(({ id }) => id)).toEqual([idOf(1)]);
  });

  it('is new even where history could not take this scan', () => {
    const { opened } = changesSince(SINCE, [aSpell({ id: idOf(2) })], report);
    expect(opened.map(({ id }) => id)).toEqual([idOf(1)]);
  });

  it('is fixed where it was there then and is not found now', () => {
    const spells = [aSpell({ id: idOf(3), closedAt: day(2), reclaimable: bytes(5) })];
    const { fixed, unknown } = changesSince(SINCE, spells, report);
    expect(fixed).toEqual([aMention({ id: idOf(3), reclaimable: bytes(5) })]);
    expect(unknown).toEqual([]);
  });

  it('is unknown where nobody could look', () => {
    const blind = aReport({
      skipped: [aSkippedRule({ rule: 'dataset-unclaimed' })],
    });
    const { fixed, unknown } = changesSince(SINCE, [aSpell({ id: idOf(3) })], blind);
    expect(fixed).toEqual([]);
    expect(unknown.map(({ id }) => id)).toEqual([idOf(3)]);
  });

  it('counts what came and went in between, each once', () => {
    const spells = [
      aSpell({ id: idOf(4), openedAt: day(1), closedAt: day(2) }),
      aSpell({ id: idOf(4), openedAt: day(3), closedAt: day(4) }),
      aSpell({ id: idOf(5), openedAt: day(1), closedAt: day(2), suppressed: true }),
    ];
    expect(changesSince(SINCE, spells, report)).toMatchObject({ passing: 1, fixed: [] });
  });

  it('is in an order that no store changes', () => {
    const spells = [
      aSpell({ id: idOf(7), severity: 'low' }),
      aSpell({ id: idOf(6), severity: 'critical' }),
      aSpell({ id: idOf(8), severity: 'high' }),
    ];
    const order = (all: readonly FindingSpell[]) =>
      changesSince(SINCE, all, report).fixed.map(({ severity }) => severity);
    expect(order(spells)).toEqual(['critical', 'high', 'low']);
    expect(order(spells.toReversed())).toEqual(['critical', 'high', 'low']);
  });
});
