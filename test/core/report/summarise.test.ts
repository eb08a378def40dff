import { describe, expect, test } from 'vitest';
import { failed, notApplicable, partial, COMPLETE } from '../../../src/lib/core/model/coverage.ts';
import { type Finding } from '../../../src/lib/core/model/finding.ts';
import { type SourceStatus } from '../../../src/lib/core/model/report.ts';
import { type ResourceRef, type ResourceType } from '../../../src/lib/core/model/resource-ref.ts';
import { bytes } from '../../../src/lib/core/model/units.ts';
import { summarise } from '../../../src/lib/core/report/summarise.ts';
import { aReportFinding, onCluster, onSystem } from './finding-builder.ts';

const source = (over: Partial<SourceStatus>): SourceStatus => ({
  name: 'persistentVolumes',
  cluster: 'prod',
  system: null,
  coverage: COMPLETE,
  count: 5,
  ...over,
});

describe('orphans', () => {
  const count = (...findings: Finding[]) => summarise(findings, []);

  test('are counted by object, not by finding', () => {
    const subject = onCluster('PersistentVolume', 'a');
    const { totalOrphans, orphanedPvs, bySeverity } = count(
      aReportFinding({ subject, rule: 'pv-released', severity: 'medium' }),
      aReportFinding({ subject, rule: 'pv-backend-missing', severity: 'critical' }),
    );
    expect({ totalOrphans, orphanedPvs, bySeverity }).toEqual({
      totalOrphans: 1,
      orphanedPvs: 1,
      bySeverity: { medium: 1, critical: 1 },
    });
  });

  test('fall into groups that add up', () => {
    const types: readonly ResourceType[] = [
      'PersistentVolume',
      'PersistentVolumeClaim',
      'VolumeSnapshotContent',
      'ZfsSnapshot',
      'Dataset',
      'Zvol',
      'NfsShare',
      'IscsiExtent',
    ];
    const subjects: ResourceRef[] = types.map((type) =>
      type.startsWith('P') || type.startsWith('V') ? onCluster(type, 'a') : onSystem(type, 'a'),
    );
    expect(count(...subjects.map((subject) => aReportFinding({ subject })))).toMatchObject({
      totalOrphans: 8,
      orphanedPvs: 1,
      orphanedPvcs: 1,
      orphanedSnapshots: 2,
      orphanedTruenasObjects: 4,
    });
  });

  test('are neither drift nor remarks', () => {
    expect(
      count(
        aReportFinding({ category: 'drift' }),
        aReportFinding({ severity: 'info', subject: onSystem('NfsShare', '/mnt/x') }),
      ).totalOrphans,
    ).toBe(0);
  });

  test('of one name on two systems are two', () => {
    expect(
      count(
        aReportFinding({ subject: onSystem('Dataset', 'tank/a', 'nas1') }),
        aReportFinding({ subject: onSystem('Dataset', 'tank/a', 'nas2') }),
      ).orphanedTruenasObjects,
    ).toBe(2);
  });
});

describe('reclaimable bytes', () => {
  const dataset = (path: string, size: number, system = 'nas1', over: Partial<Finding> = {}) =>
    aReportFinding({
      subject: onSystem('Dataset', path, system),
      truenasReference: path,
      reclaimable: bytes(size),
      ...over,
    });
  const sum = (...findings: Finding[]) => summarise(findings, []).reclaimable;

  test('are added up over what is certain', () => {
    expect(
      sum(dataset('a', 5), dataset('b', 7), dataset('c', 9, 'nas1', { confidence: 'likely' })),
    ).toBe(12);
  });

  test('are counted once for an object with several findings', () => {
    const volume = aReportFinding({
      subject: onCluster('PersistentVolume', 'pv'),
      truenasReference: 'a',
      reclaimable: bytes(8),
    });
    expect(sum(dataset('a', 5), volume)).toBe(8);
    expect(sum(volume, dataset('a', 9))).toBe(9);
  });

  test('of one path on two systems are two sums', () => {
    expect(sum(dataset('a', 5, 'nas1'), dataset('a', 7, 'nas2'))).toBe(12);
  });

  test('of a snapshot are within those of its dataset', () => {
    const snapshot = (path: string, system: string) =>
      aReportFinding({
        subject: onSystem('ZfsSnapshot', path, system),
        truenasReference: path,
        reclaimable: bytes(3),
      });
    expect(sum(dataset('a', 5), snapshot('a@s', 'nas1'), snapshot('b@s', 'nas1'))).toBe(8);
    expect(sum(dataset('a', 5), snapshot('a@s', 'nas2'))).toBe(8);
  });

  test('never leave the range of exact numbers', () => {
    expect(sum(dataset('a', Number.MAX_SAFE_INTEGER), dataset('b', 10))).toBe(
      Number.MAX_SAFE_INTEGER,
    );
  });

  test('of an object without a place on the NAS are none', () => {
    expect(sum(aReportFinding({ truenasReference: null, reclaimable: bytes(5) }))).toBe(0);
  });
});

describe('totals', () => {
  const total = (...rows: SourceStatus[]) => summarise([], rows).totalPvs;

  test('are summed over clusters', () => {
    expect(total(source({}), source({ cluster: 'dev', count: 2 }), source({ name: 'pods' }))).toBe(
      7,
    );
  });

  test('are unknown where a list was not read', () => {
    expect(total()).toBeNull();
    expect(total(source({}), source({ cluster: 'dev', coverage: failed('403') }))).toBeNull();
  });

  test('are unknown where a list was cut short: what was seen is not all there is', () => {
    expect(total(source({ coverage: partial('page 2') }))).toBeNull();
    expect(total(source({}), source({ cluster: 'dev', coverage: partial('403') }))).toBeNull();
  });

  test('are nothing where it cannot exist', () => {
    expect(total(source({ coverage: notApplicable('no CRD'), count: 0 }))).toBe(0);
  });
});
