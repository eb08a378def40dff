import { type Finding } from '../../model/finding.ts';
import { type FullReport, type ReportChanges } from '../../model/full-report.ts';
import { type ValidationSummary } from '../../model/validation.ts';
import { isWhole } from '../../report/build-report.ts';
import { countsOf } from '../../render/validation/counts.ts';
import { toGrowth } from '../../render/wire/analysis-trend.ts';
import { toCapacityForecast, toRecommendation } from '../../render/wire/analysis.ts';
import { isComplete } from '../../render/wire/full-report.ts';
import { toSummary } from '../../render/wire/orphan-report.ts';
import {
  clusterOf,
  systemOf,
  toCluster,
  toSource,
  toSystem,
} from '../../render/wire/scan-parts.ts';
import { type ReportSummaryWire } from '../../render/wire/served-documents-schema.ts';
import { factsOf, FOREMOST } from './scan-facts.ts';
import { toTotals } from './usage.ts';

const RECOMMENDATIONS = 10;

function toWorst(finding: Finding): ReportSummaryWire['worst_findings'][number] {
  const { subject } = finding;
  return {
    id: finding.id,
    rule: finding.rule,
    severity: finding.severity,
    confidence: finding.confidence,
    type: subject.type,
    name: subject.name,
    namespace: subject.namespace,
    cluster: clusterOf(subject),
    system: systemOf(subject),
    reason: finding.reason,
    reclaimable_bytes: finding.reclaimable,
  };
}

function toChecks({ overall, results }: ValidationSummary): ReportSummaryWire['health'] {
  const counts = countsOf(results);
  return {
    overall_status: overall,
    total_checks: results.length,
    passed_checks: counts.PASS,
    failed_checks: counts.FAIL,
    warning_checks: counts.WARNING,
    skipped_checks: counts.SKIPPED,
  };
}

function countChanges(changes: ReportChanges | null): ReportSummaryWire['changes'] {
  if (changes === null) return null;
  const { since, opened, fixed, unknown, passing } = changes;
  return {
    since: since.toISOString(),
    new: opened.length,
    fixed: fixed.length,
    unknown: unknown.length,
    came_and_went: passing,
  };
}

/** An estate on one page. */
export function toReportSummary(full: FullReport): ReportSummaryWire {
  const { report, analysis, validation, health, changes } = full;
  return {
    ...factsOf('ReportSummary', { ...report, complete: isComplete(full) }),
    clusters: report.clusters.map(toCluster),
    systems: report.systems.map(toSystem),
    incomplete_sources: report.sources.filter((source) => !isWhole(source)).map(toSource),
    orphans: toSummary(report.summary),
    worst_findings: report.findings.slice(0, FOREMOST).map(toWorst),
    capacity: {
      ...toTotals(analysis),
      growth_trend: toGrowth(analysis.growth),
      capacity_forecast: toCapacityForecast(analysis),
    },
    validation: toChecks(validation),
    health: toChecks(health),
    changes: countChanges(changes),
    recommendations: analysis.recommendations.slice(0, RECOMMENDATIONS).map(toRecommendation),
    warnings: report.warnings.map(({ code, message }) => ({ code, message })),
  };
}
