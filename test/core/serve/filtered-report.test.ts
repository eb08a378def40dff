import { describe, expect, test } from 'vitest';
import { correlate } from '../../../src/lib/core/correlate/correlate.ts';
import { UsageError } from '../../../src/lib/core/model/errors.ts';
import { NO_FILTER } from '../../../src/lib/core/model/filter.ts';
import { DEFAULT_POLICY } from '../../../src/lib/core/model/policy.ts';
import { filteredReport, type FindingQuery } from '../../../src/lib/core/serve/filtered-report.ts';
import { servedFindings } from '../../../src/lib/core/serve/served-findings.ts';
import { packing } from '../../../src/lib/server/answer/packing.ts';
import { unpackedRow } from '../../support/packed-texts.ts';
import { anInventory } from '../../support/builders.ts';
import { aReport } from '../../support/report-builders.ts';
import { aReportFinding, onCluster, onSystem } from '../report/finding-builder.ts';

const inShop = aReportFinding({
  id: 'aaaaaaaaaaaaaaaa',
  rule: 'pvc-lost',
  subject: onCluster('PersistentVolumeClaim', 'data', 'shop'),
});
const inDefault = aReportFinding({
  id: 'bbbbbbbbbbbbbbbb',
  rule: 'pvc-lost',
  subject: onCluster('PersistentVolumeClaim', 'data', 'default'),
});
const onNas = aReportFinding({ id: 'cccccccccccccccc', subject: onSystem('Dataset', 'tank/a') });

const inventory = anInventory();
const { findings, suppressed, ...report } = aReport({
  findings: [inShop, inDefault, onNas],
  warnings: [{ code: 'ignore-unmatched', message: 'ignore[0] matches nothing in default' }],
});
const scan = {
  report,
  ...servedFindings(
    { findings, suppressed },
    { inventory, derived: correlate(inventory, DEFAULT_POLICY).derived },
    packing,
  ),
};

function ask(query: Partial<FindingQuery> = {}) {
  return filteredReport(scan, { filter: NO_FILTER, rules: null, allowed: null, ...query });
}

function idsOf(query: Partial<FindingQuery>): unknown[] {
  return ask(query).findings.map((index) => {
    return (JSON.parse(unpackedRow(scan.findings, index)) as { readonly id: unknown }).id;
  });
}

describe('a caller limited to a namespace', () => {
  const allowed = new Set(['shop']);

  test('sees what lies in it, and nothing that lies in none', () => {
    expect(idsOf({ allowed })).toEqual([inShop.id]);
    expect(idsOf({})).toEqual([inShop.id, inDefault.id, onNas.id]);
  });

  test('is not told how much there is elsewhere', () => {
    const { filteredOut, summary, warnings } = ask({ allowed });
    expect(filteredOut).toBe(0);
    expect(summary).toMatchObject({ totalOrphans: 1, totalPvs: null, totalPvcs: null });
    expect(warnings).toEqual([]);
  });

  test('learns of no other by asking for one that is misspelt', () => {
    const filter = { ...NO_FILTER, namespaces: ['defautl'] };
    const messageTo = (query: Partial<FindingQuery>) =>
      ask({ filter, ...query }).warnings.find(({ code }) => code === 'namespace-unmatched')
        ?.message;
    expect(messageTo({})).toContain('did you mean default?');
    expect(messageTo({ allowed })).not.toContain('default');
    expect(ask({ filter: { ...NO_FILTER, namespaces: ['default'] }, allowed }).findings).toEqual(
      [],
    );
  });
});

test('refuses a rule that there is not', () => {
  expect(() => ask({ rules: ['dataset-unclaimd'] })).toThrow(UsageError);
});

test('refuses a rule that never speaks of the type that is asked for', () => {
  const filter = { ...NO_FILTER, types: ['PersistentVolume' as const] };
  expect(() => ask({ rules: ['dataset-unclaimed'], filter })).toThrow('no rule is left');
});
