import { isAtLeast, type Finding, type Severity } from '../model/finding.ts';
import { type SourceStatus, type Summary } from '../model/report.ts';
import { refKey, type ResourceType } from '../model/resource-ref.ts';
import { bytes, type Bytes } from '../model/units.ts';

type Group = 'pvs' | 'pvcs' | 'snapshots' | 'truenas';

/** Every type counts in exactly one group, so that the groups add up to the total. */
const GROUPS: Readonly<Record<ResourceType, Group>> = {
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
};

/** What would come back at one path: what findings on each system say, and what volumes say that lie on one of them. */
interface Space {
  readonly onSystems: Map<string, number>;
  ofVolumes: number;
}

function spaceByPath(findings: readonly Finding[]): ReadonlyMap<string, Space> {
  const spaces = new Map<string, Space>();
  for (const { confidence, subject, truenasReference, reclaimable } of findings) {
    if (confidence !== 'certain' || truenasReference === null) continue;
    const space: Space = spaces.get(truenasReference) ?? {
      onSystems: new Map<string, number>(),
      ofVolumes: 0,
    };
    spaces.set(truenasReference, space);
    if (subject.location === 'kubernetes') {
      space.ofVolumes = Math.max(space.ofVolumes, reclaimable);
    } else {
      const { onSystems } = space;
      onSystems.set(subject.system, Math.max(onSystems.get(subject.system) ?? 0, reclaimable));
    }
  }
  return spaces;
}

/**
 * Bytes that come back when every certain finding is mended, each byte once: several findings may be about
 * one dataset, and a dataset's own figure already holds its snapshots.
 */
function reclaimableBytes(findings: readonly Finding[]): Bytes {
  const spaces = spaceByPath(findings);
  let total = 0;
  for (const [path, { onSystems, ofVolumes }] of spaces) {
    const at = path.indexOf('@');
    const whole = at < 0 ? undefined : spaces.get(path.slice(0, at));
    let there = 0;
    for (const [system, size] of onSystems) {
      const counted = whole !== undefined && (whole.ofVolumes > 0 || whole.onSystems.has(system));
      if (!counted) there += size;
    }
    total += Math.max(there, ofVolumes);
  }
  return bytes(Math.min(total, Number.MAX_SAFE_INTEGER));
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

/** Counts what is reported: distinct objects with an orphan finding of some weight. */
export function summarise(findings: readonly Finding[], sources: readonly SourceStatus[]): Summary {
  const orphans: Record<Group, Set<string>> = {
    pvs: new Set(),
    pvcs: new Set(),
    snapshots: new Set(),
    truenas: new Set(),
  };
  const bySeverity: Partial<Record<Severity, number>> = {};
  for (const { category, severity, subject } of findings) {
    bySeverity[severity] = (bySeverity[severity] ?? 0) + 1;
    if (category === 'orphan' && isAtLeast(severity, 'low')) {
      orphans[GROUPS[subject.type]].add(refKey(subject));
    }
  }
  const { pvs, pvcs, snapshots, truenas } = orphans;
  return {
    totalOrphans: pvs.size + pvcs.size + snapshots.size + truenas.size,
    orphanedPvs: pvs.size,
    orphanedPvcs: pvcs.size,
    orphanedSnapshots: snapshots.size,
    orphanedTruenasObjects: truenas.size,
    reclaimable: reclaimableBytes(findings),
    bySeverity,
    totalPvs: totalOf('persistentVolumes', sources),
    totalPvcs: totalOf('persistentVolumeClaims', sources),
    totalSnapshots: totalOf('volumeSnapshots', sources),
  };
}
