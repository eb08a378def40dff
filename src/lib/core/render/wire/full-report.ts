import {
  type FindingMention,
  type FullReport,
  type ReportChanges,
  type ReportComparison,
} from '../../model/full-report.ts';
import { SCHEMA_VERSION } from '../../model/report.ts';
import { analysisToWire } from './analysis.ts';
import { type FullReportWire, type MentionWire } from './full-report-schema.ts';
import { toWire } from './orphan-report.ts';
import { validationToWire } from './validation.ts';

/** Whether every part rests on complete sources. */
export function isComplete({ report, analysis, validation, health }: FullReport): boolean {
  return [report, analysis, validation, health].every(({ complete }) => complete);
}

/** Everything one scan says as JSON and YAML carry it. Keys are written in their published order. */
export function fullReportToWire(full: FullReport): FullReportWire {
  const { report, analysis, validation, health } = full;
  const { changes, comparison, ...head } = fullReportHeadToWire(full);
  return {
    ...head,
    orphans: toWire(report),
    analysis: analysisToWire(analysis),
    validation: validationToWire(validation),
    health: validationToWire(health),
    changes,
    comparison,
  };
}

/** The same without the documents it consists of, for whoever has these already. */
export function fullReportHeadToWire(
  full: FullReport,
): Omit<FullReportWire, 'orphans' | 'analysis' | 'validation' | 'health'> {
  const { report, changes, comparison } = full;
  return {
    schema_version: SCHEMA_VERSION,
    kind: 'StorageReport',
    timestamp: report.takenAt.toISOString(),
    complete: isComplete(full),
    changes: changes === null ? null : toChanges(changes),
    comparison: comparison === null ? null : toComparison(comparison),
  };
}

function toChanges(changes: ReportChanges): FullReportWire['changes'] {
  return {
    since: changes.since.toISOString(),
    new: changes.opened.map(toMention),
    fixed: changes.fixed.map(toMention),
    unknown: changes.unknown.map(toMention),
    came_and_went: changes.passing,
  };
}

function toComparison(comparison: ReportComparison): FullReportWire['comparison'] {
  return {
    since: comparison.since.toISOString(),
    new: comparison.opened.map(toMention),
    fixed: comparison.fixed.map(toMention),
    unchanged: comparison.unchanged.map(toMention),
    unknown: comparison.unknown.map(toMention),
    suppressed: comparison.suppressed.map(toMention),
    remarks: [...comparison.remarks],
  };
}

function toMention(mention: FindingMention): MentionWire {
  const { id, rule, category, severity, subject, scope, reclaimable } = mention;
  return { id, rule, category, severity, object: subject, scope, reclaimable_bytes: reclaimable };
}
