import { describe, expect, test } from 'vitest';
import { NO_FILTER, type IgnoreEntry } from '../../../src/lib/core/model/filter.ts';
import { parseSelector } from '../../../src/lib/core/model/selector.ts';
import { millis } from '../../../src/lib/core/model/units.ts';
import { passesFilter, suppress } from '../../../src/lib/core/report/select-findings.ts';
import { JUST_NOW, NOW } from '../../support/builders.ts';
import { aReportFinding, onCluster } from './finding-builder.ts';

const claim = aReportFinding({
  rule: 'pvc-lost',
  subject: onCluster('PersistentVolumeClaim', 'library', 'media'),
  labels: { app: 'db' },
  kubernetesReference: 'media/library',
});
const volume = aReportFinding({
  rule: 'pv-released',
  subject: onCluster('PersistentVolume', 'pvc-1'),
  kubernetesReference: 'media/library',
});
const nobodys = aReportFinding({ kubernetesReference: null });

describe('a filter', () => {
  const passes = (finding: typeof claim, over: Partial<typeof NO_FILTER>) =>
    passesFilter(finding, { ...NO_FILTER, ...over });

  test('that asks for nothing lets everything through', () => {
    expect([claim, volume, nobodys].every((finding) => passes(finding, {}))).toBe(true);
  });

  test('goes by the namespace of the object, or of the claim it refers to', () => {
    const namespaces = ['media'];
    expect([claim, volume, nobodys].map((each) => passes(each, { namespaces }))).toEqual([
      true,
      true,
      false,
    ]);
    expect(passes(claim, { namespaces: ['other'] })).toBe(false);
  });

  test('goes by labels', () => {
    const selector = parseSelector('app=db') ?? null;
    expect([passes(claim, { selector }), passes(volume, { selector })]).toEqual([true, false]);
  });

  test('goes by type and severity', () => {
    expect(passes(claim, { types: ['PersistentVolumeClaim'] })).toBe(true);
    expect(passes(claim, { types: ['Dataset'] })).toBe(false);
    expect(passes(claim, { minSeverity: 'high' })).toBe(true);
    expect(passes(claim, { minSeverity: 'critical' })).toBe(false);
  });

  test('takes what has no known age for younger than anything', () => {
    const olderThan = millis(86_400_000);
    expect(passes(claim, { olderThan })).toBe(true);
    expect(passes({ ...claim, age: millis(86_399_999) }, { olderThan })).toBe(false);
    expect(passes({ ...claim, age: null }, { olderThan: millis(0) })).toBe(false);
  });
});

describe('an ignore entry', () => {
  const entry = (over: Partial<IgnoreEntry>): IgnoreEntry => ({
    rule: null,
    name: null,
    namespace: null,
    selector: null,
    reason: 'known',
    until: null,
    ...over,
  });
  const suppressed = (over: Partial<IgnoreEntry>) =>
    suppress([claim, volume, nobodys], [entry(over)], NOW).suppressed.map(
      ({ finding }) => finding.rule,
    );

  test('without conditions matches everything', () => {
    expect(suppressed({})).toEqual(['pvc-lost', 'pv-released', 'dataset-unclaimed']);
  });

  test('goes by rule, name, namespace and labels, all of which must hold', () => {
    expect(suppressed({ rule: 'pv*' })).toEqual(['pvc-lost', 'pv-released']);
    expect(suppressed({ name: 'tank/*' })).toEqual(['dataset-unclaimed']);
    expect(suppressed({ namespace: 'media' })).toEqual(['pvc-lost', 'pv-released']);
    expect(suppressed({ selector: parseSelector('app') ?? null })).toEqual(['pvc-lost']);
    expect(suppressed({ rule: 'pv*', name: 'tank/*' })).toEqual([]);
  });

  test('ends at its instant', () => {
    expect(suppressed({ until: NOW })).toEqual([]);
    expect(suppressed({ until: JUST_NOW })).toEqual([]);
    expect(suppressed({ until: new Date(NOW.getTime() + 1) })).toHaveLength(3);
  });

  test('leaves its reason, and what it does not match is reported', () => {
    const until = new Date('2027-01-01');
    const { reported, suppressed: kept } = suppress(
      [claim, volume],
      [entry({ rule: 'none' }), entry({ rule: 'pvc-lost', until }), entry({ reason: 'late' })],
      NOW,
    );
    expect(reported).toEqual([]);
    expect(kept).toEqual([
      { finding: claim, reason: 'known', until },
      { finding: volume, reason: 'late', until: null },
    ]);
    expect(suppress([claim], [], NOW)).toEqual({ reported: [claim], suppressed: [] });
  });
});
