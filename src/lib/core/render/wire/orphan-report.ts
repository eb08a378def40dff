import { SEVERITIES, type Finding } from '../../model/finding.ts';
import {
  SCHEMA_VERSION,
  type Report,
  type SkippedRule,
  type Summary,
  type SuppressedFinding,
} from '../../model/report.ts';
import { snakeCase } from './names.ts';
import {
  clusterOf,
  home,
  reason,
  seconds,
  systemOf,
  toCluster,
  toSource,
  toSystem,
} from './scan-parts.ts';
import { type OrphanReportWire } from './schema.ts';

type Wire<K extends keyof OrphanReportWire> = OrphanReportWire[K] extends (infer T)[]
  ? T
  : OrphanReportWire[K];

/** The report as JSON, YAML, REST and the history carry it. Keys are written in their published order. */
export function toWire(report: Report): OrphanReportWire {
  return {
    schema_version: SCHEMA_VERSION,
    kind: 'OrphanReport',
    timestamp: report.takenAt.toISOString(),
    scan_duration_seconds: seconds(report.duration),
    ...(report.cachedFor !== null && {
      cached: true as const,
      cached_age_seconds: seconds(report.cachedFor),
    }),
    complete: report.complete,
    sources: report.sources.map(toSource),
    clusters: report.clusters.map(toCluster),
    systems: report.systems.map(toSystem),
    summary: toSummary(report.summary),
    findings: report.findings.map(toFinding),
    skipped: report.skipped.map(toSkipped),
    suppressed: report.suppressed.map(toSuppressed),
    warnings: report.warnings.map(({ code, message }) => ({ code, message })),
  };
}

/** What a report counts. */
export function toSummary(summary: Summary): Wire<'summary'> {
  const bySeverity: Wire<'summary'>['by_severity'] = {};
  for (const severity of SEVERITIES) {
    const found = summary.bySeverity[severity];
    if (found !== undefined) bySeverity[severity] = found;
  }
  return {
    total_orphans: summary.totalOrphans,
    orphaned_pvs: summary.orphanedPvs,
    orphaned_pvcs: summary.orphanedPvcs,
    orphaned_snapshots: summary.orphanedSnapshots,
    orphaned_truenas_objects: summary.orphanedTruenasObjects,
    orphaned_others: summary.orphanedOthers,
    reclaimable_bytes: summary.reclaimable,
    by_severity: bySeverity,
    suppressed: summary.suppressed,
    total_pvs: summary.totalPvs,
    total_pvcs: summary.totalPvcs,
    total_snapshots: summary.totalSnapshots,
  };
}

/** A finding as every output of the wire form carries it. */
export function toFinding(finding: Finding): Wire<'findings'> {
  const { subject, remedy } = finding;
  return {
    id: finding.id,
    rule: finding.rule,
    category: finding.category,
    severity: finding.severity,
    confidence: finding.confidence,
    type: subject.type,
    name: subject.name,
    namespace: subject.namespace,
    location: subject.location,
    cluster: clusterOf(subject),
    system: systemOf(subject),
    created_at: finding.createdAt?.toISOString() ?? null,
    age_seconds: finding.age === null ? null : seconds(finding.age),
    first_seen_at: finding.firstSeen?.toISOString() ?? null,
    reason: finding.reason,
    size_bytes: finding.size,
    reclaimable_bytes: finding.reclaimable,
    ...(finding.approximate && { approximate: true as const }),
    storage_class: finding.storageClass,
    labels: { ...finding.labels },
    annotations: { ...finding.annotations },
    truenas_reference: finding.truenasReference,
    kubernetes_reference: finding.kubernetesReference,
    evidence: finding.evidence.map(({ check, result, detail }) => ({ check, result, detail })),
    remediation: {
      action: remedy.action,
      safe: remedy.safe,
      steps: [...remedy.steps],
      command: remedy.command,
    },
  };
}

export function toSkipped(skipped: SkippedRule): Wire<'skipped'> {
  return {
    rule: skipped.rule,
    ...home(skipped),
    because: skipped.because.map((source) => ({
      source: snakeCase(source.name),
      ...home(source),
      state: source.coverage.state,
      ...reason(source.coverage),
    })),
  };
}

/** A suppressed finding as every output of the wire form carries it. */
export function toSuppressed(suppressed: SuppressedFinding): Wire<'suppressed'> {
  const { id, rule, severity, confidence, subject } = suppressed.finding;
  return {
    id,
    rule,
    severity,
    confidence,
    type: subject.type,
    name: subject.name,
    namespace: subject.namespace,
    location: subject.location,
    cluster: clusterOf(subject),
    system: systemOf(subject),
    by: suppressed.by,
    origin: suppressed.origin,
    reason: suppressed.reason,
    until: suppressed.until?.toISOString() ?? null,
  };
}
