import { describe, expect, it } from 'vitest';
import { bytes, millis } from '../../../../src/lib/core/model/units.ts';
import { snakeCase } from '../../../../src/lib/core/render/wire/names.ts';
import { toWire } from '../../../../src/lib/core/render/wire/orphan-report.ts';
import { orphanReportSchema } from '../../../../src/lib/core/render/wire/schema.ts';
import { publishedSchema } from '../../../support/json-schema.ts';
import { aFinding, aPvFinding, aReport, REPORTS } from '../../../support/report-builders.ts';

describe('the wire form of a report', () => {
  it.each(Object.entries(REPORTS))('of %s follows the published schema', (_, report) => {
    const isValid = publishedSchema('orphan-report');
    const wire = toWire(report);
    expect(isValid(wire), JSON.stringify(isValid.errors)).toBe(true);
    expect(orphanReportSchema.parse(wire)).toEqual(wire);
  });

  it('writes its keys in the published order', () => {
    expect(Object.keys(toWire(aReport()))).toEqual([
      ...['schema_version', 'kind', 'timestamp', 'scan_duration_seconds', 'complete', 'sources'],
      ...['clusters', 'systems', 'summary', 'findings', 'skipped', 'suppressed', 'warnings'],
    ]);
    const [finding = {}] = toWire(aReport({ findings: [aFinding()] })).findings;
    expect(Object.keys(finding)).toEqual([
      ...['id', 'rule', 'category', 'severity', 'confidence', 'type', 'name', 'namespace'],
      ...[
        'location',
        'cluster',
        'system',
        'created_at',
        'age_seconds',
        'first_seen_at',
        'reason',
        'size_bytes',
      ],
      ...['reclaimable_bytes', 'storage_class', 'labels', 'annotations', 'truenas_reference'],
      ...['kubernetes_reference', 'evidence', 'remediation'],
    ]);
  });

  it('carries instants in UTC, spans in seconds and sizes in bytes', () => {
    const finding = aFinding({
      createdAt: new Date('2026-10-01T10:00:00+02:00'),
      age: millis(1_500),
      size: bytes(1024),
    });
    expect(toWire(aReport({ findings: [finding] })).findings[0]).toMatchObject({
      created_at: '2026-10-01T08:00:00.000Z',
      age_seconds: 1.5,
      size_bytes: 1024,
    });
  });

  it('says null for what is not known', () => {
    const finding = aFinding({ createdAt: null, age: null, size: null, kubernetesReference: null });
    expect(toWire(aReport({ findings: [finding] })).findings[0]).toMatchObject({
      created_at: null,
      age_seconds: null,
      size_bytes: null,
      kubernetes_reference: null,
    });
  });

  it('places a finding on its own side', () => {
    const report = aReport({ findings: [aFinding(), aPvFinding()] });
    expect(toWire(report).findings).toMatchObject([
      { location: 'truenas', cluster: null, system: 'nas1' },
      { location: 'kubernetes', cluster: 'prod', system: null },
    ]);
  });

  it('marks a size that is not exact, and no other', () => {
    const report = aReport({ findings: [aFinding({ approximate: true }), aFinding()] });
    const [approximate = {}, exact = {}] = toWire(report).findings;
    expect(approximate).toHaveProperty('approximate', true);
    expect(exact).not.toHaveProperty('approximate');
  });

  it('marks a cached view with its age, and a fresh scan not at all', () => {
    expect(toWire(aReport({ cachedFor: millis(90_000) }))).toMatchObject({
      cached: true,
      cached_age_seconds: 90,
    });
    expect(toWire(aReport())).not.toHaveProperty('cached');
  });

  it('orders severities from worst to least and leaves out those without findings', () => {
    const summary = { ...aReport().summary, bySeverity: { info: 3, critical: 1 } };
    expect(Object.entries(toWire(aReport({ summary })).summary.by_severity)).toEqual([
      ['critical', 1],
      ['info', 3],
    ]);
  });
});

describe('the published schema', () => {
  it('refuses what the form does not know', () => {
    const isValid = publishedSchema('orphan-report');
    expect(isValid({ ...toWire(aReport()), extra: 1 })).toBe(false);
    expect(isValid({ ...toWire(aReport()), timestamp: '2026-11-22 01:02:03' })).toBe(false);
  });
});

describe('snakeCase', () => {
  it.each([
    ['datasets', 'datasets'],
    ['zfsSnapshots', 'zfs_snapshots'],
    ['iscsiTargetExtents', 'iscsi_target_extents'],
  ])('writes %s as %s', (name, expected) => {
    expect(snakeCase(name)).toBe(expected);
  });
});
