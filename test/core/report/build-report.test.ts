import { describe, expect, test } from 'vitest';
import { correlate } from '../../../src/lib/core/correlate/correlate.ts';
import { COMPLETE, failed, notApplicable, partial } from '../../../src/lib/core/model/coverage.ts';
import { NO_FILTER } from '../../../src/lib/core/model/filter.ts';
import { DEFAULT_POLICY } from '../../../src/lib/core/model/policy.ts';
import { type SourceStatus } from '../../../src/lib/core/model/report.ts';
import { millis } from '../../../src/lib/core/model/units.ts';
import { buildReport, mergeStatuses } from '../../../src/lib/core/report/build-report.ts';
import { evaluate } from '../../../src/lib/core/rules/evaluate.ts';
import { RULES } from '../../../src/lib/core/rules/registry.ts';
import { anInventory, NOW } from '../../support/builders.ts';
import { withoutList } from '../../support/rule-tester.ts';
import { aReportFinding } from './finding-builder.ts';

const status = (over: Partial<SourceStatus> = {}): SourceStatus => ({
  name: 'datasets',
  cluster: null,
  system: 'nas1',
  coverage: COMPLETE,
  unreadable: [],
  count: 3,
  ...over,
});

describe('two reads of one scan', () => {
  test('are as good as the worse of the two, with the later count', () => {
    const gone = failed('closed');
    expect(mergeStatuses([status({ coverage: gone })], [status({ count: 4 })])).toEqual([
      status({ coverage: gone, count: 4 }),
    ]);
    expect(mergeStatuses([status()], [status({ coverage: gone })])).toEqual([
      status({ coverage: gone }),
    ]);
  });

  test('keep what only one of them saw', () => {
    const other = status({ system: 'nas2' });
    const pods = status({ name: 'pods', cluster: 'prod', system: null });
    expect(mergeStatuses([status(), other], [status(), pods])).toEqual([status(), other, pods]);
  });

  test('keep the trouble of each pool', () => {
    const pool = (reason: string) =>
      status({ name: 'poolAvailability', coverage: partial(reason) });
    expect(mergeStatuses([pool('a'), pool('b')], [pool('b')])).toEqual([pool('a'), pool('b')]);
  });
});

describe('a report', () => {
  const report = (over: Partial<Parameters<typeof buildReport>[0]> = {}) =>
    buildReport({
      inventory: anInventory(),
      derived: correlate(anInventory(), DEFAULT_POLICY).derived,
      now: NOW,
      findings: [],
      outcomes: [],
      sources: [status()],
      filter: NO_FILTER,
      ignore: [],
      wholeEstate: true,
      duration: millis(5),
      cachedFor: null,
      ...over,
    });

  test('is complete where every source is, or cannot exist', () => {
    const crd = status({ name: 'volumeSnapshots', coverage: notApplicable('no CRD') });
    expect(report({ sources: [status(), crd] }).complete).toBe(true);
    expect(report({ sources: [status({ coverage: partial('page 2') })] }).complete).toBe(false);
    expect(report({ sources: [status({ coverage: failed('403') })] }).complete).toBe(false);
  });

  test('holds the findings that pass the filter, worst first, apart from the suppressed', () => {
    const findings = [
      aReportFinding({ id: 'c', severity: 'low' }),
      aReportFinding({ id: 'a', severity: 'critical' }),
      aReportFinding({ id: 'b', severity: 'info' }),
      aReportFinding({ id: 'd', rule: 'pv-failed' }),
    ];
    const {
      findings: reported,
      suppressed,
      summary,
    } = report({
      findings,
      filter: { ...NO_FILTER, minSeverity: 'low' },
      ignore: [
        { rule: 'pv-*', name: null, namespace: null, selector: null, reason: 'r', until: null },
      ],
    });
    expect(reported.map(({ id }) => id)).toEqual(['a', 'c']);
    expect(suppressed.map(({ finding }) => finding.id)).toEqual(['d']);
    expect(summary.bySeverity).toEqual({ critical: 1, low: 1 });
  });

  test('names the rules that were skipped, where, and for want of what', () => {
    const evidence = correlate(withoutList(anInventory(), 'persistentVolumes'), DEFAULT_POLICY);
    const rules = RULES.filter(({ id }) =>
      ['pv-released', 'dataset-unclaimed', 'nfs-share-dangling'].includes(id),
    );
    const { skipped } = report({ outcomes: evaluate(rules, evidence, DEFAULT_POLICY) });
    expect(
      skipped.map(({ rule, cluster, system, because }) => ({
        rule,
        cluster,
        system,
        because: because.map(({ name }) => name),
      })),
    ).toEqual([
      { rule: 'pv-released', cluster: 'prod', system: null, because: ['persistentVolumes'] },
      { rule: 'dataset-unclaimed', cluster: null, system: 'nas1', because: ['persistentVolumes'] },
    ]);
  });

  test('names the pools of each system, and none where they were not read', () => {
    expect(report().systems.map(({ pools }) => pools)).toEqual([['tank']]);
    const [system] = anInventory().systems;
    if (system === undefined) throw new Error('the small world has a system');
    const inventory = { ...anInventory(), systems: [{ ...system, lists: {} }] };
    expect(report({ inventory }).systems.map(({ pools }) => pools)).toEqual([[]]);
  });
});

describe('an entry that matches nothing', () => {
  const rules = RULES.filter(({ id }) => id === 'pv-released');
  const entry = {
    rule: 'pv-released',
    name: 'gone',
    namespace: null,
    selector: null,
    reason: 'r',
    until: null,
  };
  const warned = (
    inventory = anInventory(),
    over: Partial<Parameters<typeof buildReport>[0]> = {},
  ) => {
    const evidence = correlate(inventory, DEFAULT_POLICY);
    return buildReport({
      inventory,
      derived: evidence.derived,
      now: NOW,
      findings: [],
      outcomes: evaluate(rules, evidence, DEFAULT_POLICY),
      sources: evidence.statuses,
      filter: NO_FILTER,
      ignore: [entry],
      wholeEstate: true,
      duration: millis(5),
      cachedFor: null,
      ...over,
    }).warnings.map(({ code }) => code);
  };

  test('is a warning after a whole scan', () => {
    expect(warned()).toEqual(['ignore-unmatched']);
  });

  test('is none where anything was left out: a filter, a rule, a list, or a server', () => {
    expect(warned(anInventory(), { filter: { ...NO_FILTER, minSeverity: 'high' } })).toEqual([]);
    expect(warned(anInventory(), { outcomes: [] })).toEqual([]);
    expect(warned(anInventory(), { wholeEstate: false })).toEqual([]);
    expect(warned(anInventory(), { sources: [status({ coverage: failed('403') })] })).toEqual([]);
    const blind = correlate(withoutList(anInventory(), 'persistentVolumes'), DEFAULT_POLICY);
    const outcomes = evaluate(rules, blind, DEFAULT_POLICY);
    expect(warned(anInventory(), { outcomes })).toEqual([]);
  });
});
