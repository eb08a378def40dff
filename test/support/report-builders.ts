import { COMPLETE, failed, notApplicable, partial } from '../../src/lib/core/model/coverage.ts';
import { SEVERITIES, type Finding, type Severity } from '../../src/lib/core/model/finding.ts';
import {
  type Report,
  type SkippedRule,
  type SourceStatus,
  type Summary,
} from '../../src/lib/core/model/report.ts';
import { bytes, millis } from '../../src/lib/core/model/units.ts';

/** Reports for tests of what is printed: valid by default, override what matters. */

export const TAKEN_AT = new Date('2026-11-22T01:02:03.000Z');
const DAY = 86_400_000;

export function aFinding(overrides: Partial<Finding> = {}): Finding {
  return {
    id: '6f0c1d2e3a4b5c6d',
    rule: 'dataset-unclaimed',
    category: 'orphan',
    severity: 'high',
    confidence: 'certain',
    subject: {
      type: 'Dataset',
      name: 'tank/k8s/vols/pvc-6f1d2c9e-3b7a-4c55-9a31-0d5b8e7f2a10',
      namespace: null,
      discriminator: null,
      location: 'truenas',
      system: 'nas1',
    },
    place: { system: 'nas1', path: 'tank/k8s/vols/pvc-6f1d2c9e-3b7a-4c55-9a31-0d5b8e7f2a10' },
    createdAt: new Date('2026-10-01T08:00:00.000Z'),
    age: millis(51 * DAY + 17 * 3_600_000 + 123_000),
    firstSeen: null,
    seenFor: null,
    reason: 'no PersistentVolume in any registered cluster refers to this dataset',
    size: bytes(20 * 1024 ** 3),
    reclaimable: bytes(1.5 * 1024 ** 3),
    approximate: false,
    storageClass: null,
    labels: {},
    annotations: {},
    truenasReference: 'tank/k8s/vols/pvc-6f1d2c9e-3b7a-4c55-9a31-0d5b8e7f2a10',
    kubernetesReference: 'shop/data-postgres-0',
    evidence: [
      { check: 'no-volume-refers', result: 'passed', detail: '42 volumes of 1 cluster compared' },
      { check: 'no-client', result: 'unknown', detail: 'NFS clients cannot be read per dataset' },
    ],
    doubt: null,
    remedy: {
      action: 'quarantine-dataset',
      safe: true,
      steps: ['Disable the share of the dataset and wait.', 'Destroy the dataset.'],
      command: null,
    },
    ...overrides,
  };
}

export function aPvFinding(overrides: Partial<Finding> = {}): Finding {
  return aFinding({
    id: '0a1b2c3d4e5f6071',
    rule: 'pv-backend-missing',
    severity: 'critical',
    subject: {
      type: 'PersistentVolume',
      name: 'pvc-2b3c4d5e-6f70-4812-93a4-b5c6d7e8f901',
      namespace: null,
      discriminator: null,
      location: 'kubernetes',
      cluster: 'prod',
    },
    place: { system: 'nas1', path: 'tank/k8s/vols/pvc-2b3c4d5e-6f70-4812-93a4-b5c6d7e8f901' },
    reason: 'no dataset tank/k8s/vols/pvc-2b3c4d5e-6f70-4812-93a4-b5c6d7e8f901 on the server',
    size: bytes(10 * 1024 ** 3),
    reclaimable: bytes(0),
    storageClass: 'truenas-nfs',
    labels: { app: 'shop' },
    annotations: { 'pv.kubernetes.io/provisioned-by': 'org.democratic-csi.nfs' },
    truenasReference: 'tank/k8s/vols/pvc-2b3c4d5e-6f70-4812-93a4-b5c6d7e8f901',
    kubernetesReference: 'shop/cart-0',
    evidence: [{ check: 'dataset-exists', result: 'failed', detail: 'looked up twice' }],
    remedy: {
      action: 'restore-volume',
      safe: false,
      steps: ['Restore the dataset from a replica, or delete the claim.'],
      command: null,
    },
    ...overrides,
  });
}

export function aSource(overrides: Partial<SourceStatus> = {}): SourceStatus {
  return {
    name: 'datasets',
    cluster: null,
    system: 'nas1',
    coverage: COMPLETE,
    count: 57,
    unreadable: [],
    ...overrides,
  };
}

export function aClusterSource(
  name: string,
  count: number,
  over: Partial<SourceStatus> = {},
): SourceStatus {
  return aSource({ name, count, cluster: 'prod', system: null, ...over });
}

export function aSkippedRule(overrides: Partial<SkippedRule> = {}): SkippedRule {
  return {
    rule: 'zfs-snapshot-unclaimed',
    cluster: null,
    system: 'nas1',
    because: [aSource({ name: 'zfsSnapshots', coverage: failed('timed out after 30s'), count: 0 })],
    ...overrides,
  };
}

/** Counts findings as the engine does, near enough for what is printed. */
function summaryOf(findings: readonly Finding[], suppressed: number): Summary {
  const orphans = findings.filter(({ category }) => category === 'orphan');
  const ofType = (type: string) => orphans.filter(({ subject }) => subject.type === type).length;
  const bySeverity: Partial<Record<Severity, number>> = {};
  for (const severity of SEVERITIES) {
    const found = findings.filter((finding) => finding.severity === severity).length;
    if (found > 0) bySeverity[severity] = found;
  }
  const certain = findings.filter(({ confidence }) => confidence === 'certain');
  return {
    totalOrphans: orphans.length,
    certainOrphans: orphans.filter(({ confidence }) => confidence === 'certain').length,
    orphanedPvs: ofType('PersistentVolume'),
    orphanedPvcs: ofType('PersistentVolumeClaim'),
    orphanedSnapshots: ofType('VolumeSnapshotContent'),
    orphanedTruenasObjects: orphans.filter(({ subject }) => subject.location === 'truenas').length,
    orphanedOthers: 0,
    reclaimable: bytes(certain.reduce((sum, { reclaimable }) => sum + reclaimable, 0)),
    bySeverity,
    suppressed,
    totalPvs: 42,
    totalPvcs: 40,
    totalSnapshots: 12,
  };
}

export function aReport(overrides: Partial<Report> = {}): Report {
  const findings = overrides.findings ?? [];
  return {
    takenAt: TAKEN_AT,
    duration: millis(840),
    cachedFor: null,
    complete: true,
    sources: [
      aClusterSource('persistentVolumes', 42),
      aClusterSource('persistentVolumeClaims', 40),
      aClusterSource('volumeSnapshots', 12),
      aSource({ name: 'pools', count: 2 }),
      aSource(),
      aSource({ name: 'zfsSnapshots', count: 1234 }),
      aSource({ name: 'nfsShares', count: 1 }),
    ],
    clusters: [
      {
        name: 'prod',
        uid: '5b7c1d1e-0000-4000-8000-000000000001',
        createdAt: new Date('2025-01-01T00:00:00.000Z'),
        version: 'v1.35.2',
        platform: 'kubernetes',
        clock: TAKEN_AT,
      },
    ],
    systems: [
      {
        name: 'nas1',
        host: 'nas1.example',
        hostId: 'c0ffee',
        version: '25.10.1',
        transport: 'jsonrpc',
        clock: TAKEN_AT,
        pools: ['tank', 'flash'],
      },
    ],
    summary: summaryOf(findings, overrides.suppressed?.length ?? 0),
    findings,
    filteredOut: 0,
    skipped: [],
    suppressed: [],
    warnings: [],
    ...overrides,
  };
}

/** A likely finding on a namespaced object. */
function aLostClaim(): Finding {
  return aPvFinding({
    id: '1111222233334444',
    rule: 'pvc-lost',
    severity: 'medium',
    confidence: 'likely',
    subject: {
      type: 'PersistentVolumeClaim',
      name: 'data-postgres-0',
      namespace: 'shop',
      discriminator: null,
      location: 'kubernetes',
      cluster: 'prod',
    },
    place: null,
    age: millis(3 * 3_600_000),
    reason: 'its volume pvc-77 is gone',
    truenasReference: null,
    kubernetesReference: null,
    doubt: {
      check: 'suspect-for-long',
      result: 'unknown',
      detail: 'seen for the first time; it counts after 1d',
    },
    remedy: { action: 'investigate', safe: false, steps: ['Look for a backup.'], command: null },
  });
}

const timedOut = failed('timed out after 30s');

const refused = failed('nas2.example refused the connection');

function anEstate(): Report {
  const [cluster] = aReport().clusters;
  const [system] = aReport().systems;
  if (cluster === undefined || system === undefined) throw new Error('a report has one of each');
  const lists = ['pools', 'datasets', 'zfsSnapshots', 'nfsShares', 'iscsiTargets', 'snapshotTasks'];
  const snapshot = `${aFinding().subject.name}@snapshot-18d5d382-88b7-4524-9227-989ed2a06c3d`;
  const left = (name: string): Finding =>
    aPvFinding({
      subject: { ...aPvFinding().subject, location: 'kubernetes', cluster: 'prod', name },
    });
  const audit = {
    by: 'configuration',
    origin: 'ignore[1]',
    reason: 'kept until the audit is over',
    until: new Date('2027-03-31T00:00:00.000Z'),
  } as const;
  return aReport({
    complete: false,
    clusters: [cluster, { ...cluster, name: 'staging-eu-west-1' }],
    systems: [
      system,
      { ...system, name: 'nas2', host: 'nas2.example', version: 'unknown', pools: [] },
    ],
    sources: [
      ...aReport().sources,
      {
        ...aClusterSource('pods', 38),
        coverage: partial('some pods could not be understood'),
        unreadable: ['shop/a', 'shop/b', 'shop/c', 'shop/d', 'shop/e', 'shop/f', 'shop/g'],
      },
      {
        ...aClusterSource('storageClasses', 2),
        cluster: 'staging-eu-west-1',
        coverage: partial('a storage class could not be understood'),
        unreadable: ['fast'],
      },
      ...lists.map((name) => aSource({ name, system: 'nas2', coverage: refused, count: 0 })),
    ],
    skipped: [
      'dataset-unclaimed',
      'dataset-half-provisioned',
      'zfs-snapshot-unclaimed',
      'detached-snapshot-unclaimed',
      'nfs-share-dangling',
      'smb-share-dangling',
      'iscsi-extent-dangling',
      'share-unclaimed',
    ].map((rule) =>
      aSkippedRule({
        rule,
        system: 'nas2',
        because: [aSource({ system: 'nas2', coverage: refused, count: 0 })],
      }),
    ),
    findings: [
      aPvFinding(),
      aFinding(),
      aFinding({
        id: '4444555566667777',
        rule: 'zfs-snapshot-unclaimed',
        severity: 'medium',
        subject: {
          ...aFinding().subject,
          location: 'truenas',
          system: 'nas1',
          type: 'ZfsSnapshot',
          name: snapshot,
        },
        reason: `no VolumeSnapshotContent in any registered cluster refers to ${snapshot}`,
      }),
      aLostClaim(),
    ],
    suppressed: [
      ...['pvc-1', 'pvc-2', 'pvc-3', 'pvc-4', 'pvc-5'].map((name) => ({
        finding: left(name),
        ...audit,
      })),
      {
        finding: left('pvc-6'),
        by: 'annotation',
        origin: 'truenas-monitor.io/ignore',
        reason: 'no reason given',
        until: null,
      },
      {
        finding: aFinding(),
        by: 'property',
        origin: `truenas-monitor:ignore of ${aFinding().subject.name}`,
        reason: 'archive',
        until: null,
      },
    ],
    warnings: [
      {
        code: 'ignore-unmatched',
        message: 'ignore[0] (rule pv-failed) matches nothing: remove it, or correct what it names',
      },
    ],
  });
}

/** What golden files show, by name. */
export const REPORTS: Readonly<Record<string, Report>> = {
  clean: aReport(),
  findings: aReport({
    findings: [aPvFinding(), aFinding(), aLostClaim()],
    skipped: [
      aSkippedRule({
        rule: 'snapshot-content-backend-missing',
        cluster: 'prod',
        system: null,
        because: [
          {
            ...aClusterSource('volumeSnapshotContents', 0),
            coverage: notApplicable('snapshot CRDs are not installed'),
          },
        ],
      }),
    ],
    suppressed: [
      {
        finding: aFinding({ id: 'ffff000011112222' }),
        by: 'configuration',
        origin: 'ignore[0]',
        reason: 'kept for the audit',
        until: new Date('2027-01-01T00:00:00.000Z'),
      },
    ],
  }),
  incomplete: aReport({
    complete: false,
    sources: [
      ...aReport().sources.slice(0, 5),
      aSource({ name: 'zfsSnapshots', coverage: timedOut, count: 0 }),
      aSource({ name: 'nfsShares', coverage: timedOut, count: 0 }),
      {
        ...aClusterSource('pods', 17),
        coverage: partial('listing pods is denied in namespace kube-system'),
      },
    ],
    findings: [
      aFinding({
        confidence: 'likely',
        approximate: true,
        doubt: {
          check: 'younger-than-cluster',
          result: 'failed',
          detail: 'created 2026-10-01T08:00:00.000Z, the cluster 2026-11-20T00:00:00.000Z',
        },
      }),
    ],
    skipped: [
      aSkippedRule(),
      aSkippedRule({
        rule: 'nfs-share-dangling',
        because: [aSource({ name: 'nfsShares', coverage: timedOut, count: 0 })],
      }),
      aSkippedRule({
        rule: 'share-missing',
        because: [aSource({ name: 'exports', coverage: timedOut, count: 0 })],
      }),
    ],
  }),
  'nothing-read': aReport({
    complete: false,
    systems: [],
    sources: [
      aClusterSource('persistentVolumes', 42),
      aSource({ coverage: failed('nas1.example refused the connection'), count: 0 }),
      aSource({
        name: 'zfsSnapshots',
        coverage: failed('nas1.example refused the connection'),
        count: 0,
      }),
    ],
    skipped: [
      aSkippedRule({
        because: [aSource({ coverage: failed('nas1.example refused the connection'), count: 0 })],
      }),
    ],
  }),
  /** Complete, though something that decides nothing could not be read, or has nothing to read. */
  noted: aReport({
    sources: [
      aClusterSource('storageClasses', 1),
      { ...aClusterSource('volumeSnapshots', 0), coverage: notApplicable('not installed') },
      { ...aClusterSource('driverSecrets', 0), coverage: failed('reading Secrets is denied') },
      aSource({ name: 'fleetWide', system: null, coverage: failed('not read'), count: 0 }),
    ],
    systems: aReport().systems.map((system) => ({ ...system, pools: [] })),
  }),
  'one-pool': aReport({
    systems: aReport().systems.map((system) => ({ ...system, pools: ['tank'] })),
  }),
  /** Several of each, one out of reach, objects nobody understands, and every way of leaving findings alone. */
  estate: anEstate(),
  cached: aReport({ cachedFor: millis(5 * 60_000), findings: [aFinding()] }),
  fleet: aReport({
    clusters: ['prod', 'staging'].map((name) => ({
      name,
      uid: null,
      createdAt: null,
      version: name === 'prod' ? 'v1.35.2' : null,
      platform: name === 'prod' ? ('openshift' as const) : ('kubernetes' as const),
      clock: null,
    })),
    findings: [
      aPvFinding(),
      aPvFinding({
        id: '2222333344445555',
        subject: { ...aPvFinding().subject, location: 'kubernetes', cluster: 'staging' },
        age: null,
        createdAt: null,
        firstSeen: new Date('2026-11-19T06:00:00.000Z'),
        seenFor: millis(2 * DAY + 19 * 3_600_000 + 123_000),
        size: null,
      }),
      aFinding({ id: '3333444455556666', rule: 'dataset-half-provisioned', severity: 'low' }),
      aFinding(),
    ],
  }),
};
