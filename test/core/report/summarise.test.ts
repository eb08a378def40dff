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
  unreadable: [],
  count: 5,
  ...over,
});

describe('orphans', () => {
  const count = (...findings: Finding[]) => summarise(findings, 0, [], bytes(0));

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

  test('are certain where one finding of theirs is', () => {
    const a = onCluster('PersistentVolume', 'a');
    const b = onCluster('PersistentVolume', 'b');
    expect(
      count(
        aReportFinding({ subject: a, rule: 'pv-released', confidence: 'likely' }),
        aReportFinding({ subject: a, rule: 'pv-failed', confidence: 'certain' }),
        aReportFinding({ subject: b, confidence: 'likely' }),
        aReportFinding({ subject: onCluster('PersistentVolume', 'c'), category: 'drift' }),
      ),
    ).toMatchObject({ totalOrphans: 2, certainOrphans: 1 });
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
      'SnapshotTask',
      'VolumeAttachment',
      'StorageClass',
    ];
    const subjects: ResourceRef[] = types.map((type) =>
      type.startsWith('P') || type.startsWith('V') || type === 'StorageClass'
        ? onCluster(type, 'a')
        : onSystem(type, 'a'),
    );
    expect(count(...subjects.map((subject) => aReportFinding({ subject })))).toMatchObject({
      totalOrphans: 11,
      orphanedPvs: 1,
      orphanedPvcs: 1,
      orphanedSnapshots: 2,
      orphanedTruenasObjects: 5,
      orphanedOthers: 2,
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

test('what is suppressed is counted apart', () => {
  expect(summarise([], 3, [], bytes(0))).toMatchObject({ suppressed: 3, totalOrphans: 0 });
});

describe('totals', () => {
  const total = (...rows: SourceStatus[]) => summarise([], 0, rows, bytes(0)).totalPvs;

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
