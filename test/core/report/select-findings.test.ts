import { describe, expect, test } from 'vitest';
import { NO_FILTER } from '../../../src/lib/core/model/filter.ts';
import { parseSelector } from '../../../src/lib/core/model/selector.ts';
import { millis } from '../../../src/lib/core/model/units.ts';
import { passesFilter } from '../../../src/lib/core/report/select-findings.ts';
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

  test('takes what TrueNAS does not date for as old as it is known, and no younger than it is', () => {
    const olderThan = millis(86_400_000);
    const seenFor = millis(86_400_000);
    expect(passes({ ...claim, age: null, seenFor }, { olderThan })).toBe(true);
    expect(passes({ ...claim, age: null, seenFor: millis(1) }, { olderThan })).toBe(false);
    expect(passes({ ...claim, age: olderThan, seenFor: millis(1) }, { olderThan })).toBe(true);
  });
});
