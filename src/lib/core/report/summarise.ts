import { isAtLeast, type Finding, type Severity } from '../model/finding.ts';
import { type SourceStatus, type Summary } from '../model/report.ts';
import { refKey, type ResourceType, type StorageType } from '../model/resource-ref.ts';
import { type Bytes } from '../model/units.ts';

/** What an orphan counts as. */
export type OrphanGroup = 'pvs' | 'pvcs' | 'snapshots' | 'truenas' | 'others';

/** Every type counts in exactly one group, so that the groups add up to the total. */
const GROUPS: Readonly<Partial<Record<ResourceType, OrphanGroup>>> = {
  PersistentVolume: 'pvs',
  PersistentVolumeClaim: 'pvcs',
  VolumeSnapshot: 'snapshots',
  VolumeSnapshotContent: 'snapshots',
  ZfsSnapshot: 'snapshots',
  Dataset: 'truenas',
  Zvol: 'truenas',
  NfsShare: 'truenas',
  SmbShare: 'truenas',
  IscsiTarget: 'truenas',
  IscsiExtent: 'truenas',
  IscsiInitiator: 'truenas',
  NvmetNamespace: 'truenas',
  NvmetSubsystem: 'truenas',
  SnapshotTask: 'truenas',
  ReplicationTask: 'truenas',
  VolumeAttachment: 'others',
  StorageClass: 'others',
  VolumeSnapshotClass: 'others',
} satisfies Record<StorageType, OrphanGroup>;

export function orphanGroupOf(type: ResourceType): OrphanGroup {
  return GROUPS[type] ?? 'others';
}

/** Sum over all clusters; null unless every one of them was read whole. */
function totalOf(name: string, sources: readonly SourceStatus[]): number | null {
  const rows = sources.filter((source) => source.name === name);
  const known = rows.every(
    ({ coverage: { state } }) => state === 'complete' || state === 'not_applicable',
  );
  if (rows.length === 0 || !known) return null;
  return rows.reduce((sum, { count }) => sum + count, 0);
}

/** What a finding is counted by. */
export type Counted = Pick<Finding, 'category' | 'severity' | 'confidence' | 'subject'>;

/** Counts what is reported: distinct objects with an orphan finding of some weight. What is suppressed is only counted. */
export function summarise(
  findings: readonly Counted[],
  suppressed: number,
  sources: readonly SourceStatus[],
  reclaimable: Bytes,
): Summary {
  const orphans: Record<OrphanGroup, Set<string>> = {
    pvs: new Set(),
    pvcs: new Set(),
    snapshots: new Set(),
    truenas: new Set(),
    others: new Set(),
  };
  const certain = new Set<string>();
  const bySeverity: Partial<Record<Severity, number>> = {};
  for (const { category, severity, confidence, subject } of findings) {
    bySeverity[severity] = (bySeverity[severity] ?? 0) + 1;
    if (category === 'orphan' && isAtLeast(severity, 'low')) {
      const key = refKey(subject);
      orphans[orphanGroupOf(subject.type)].add(key);
      if (confidence === 'certain') certain.add(key);
    }
  }
  const { pvs, pvcs, snapshots, truenas, others } = orphans;
  return {
    totalOrphans: pvs.size + pvcs.size + snapshots.size + truenas.size + others.size,
    certainOrphans: certain.size,
    orphanedPvs: pvs.size,
    orphanedPvcs: pvcs.size,
    orphanedSnapshots: snapshots.size,
    orphanedTruenasObjects: truenas.size,
    orphanedOthers: others.size,
    reclaimable,
    bySeverity,
    suppressed,
    totalPvs: totalOf('persistentVolumes', sources),
    totalPvcs: totalOf('persistentVolumeClaims', sources),
    totalSnapshots: totalOf('volumeSnapshots', sources),
  };
}
