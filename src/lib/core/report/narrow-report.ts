import { type Evidence } from '../correlate/correlate.ts';
import { isAtLeast, type Severity } from '../model/finding.ts';
import {
  type FindingMention,
  type ReportChanges,
  type ReportComparison,
} from '../model/full-report.ts';
import { type Report } from '../model/report.ts';
import { reclaimableBytes } from './reclaimable.ts';
import { summarise } from './summarise.ts';

/*
 * What `--min-severity` leaves of a report. It is made of everything first, so that history, and what became of earlier
 * findings, rest on everything.
 */

/** The report of the severe findings alone, with numbers that fit it. */
export function narrowReport(
  report: Report,
  evidence: Pick<Evidence, 'inventory' | 'derived'>,
  severity: Severity,
): Report {
  const findings = report.findings.filter((each) => isAtLeast(each.severity, severity));
  const suppressed = report.suppressed.filter(({ finding }) =>
    isAtLeast(finding.severity, severity),
  );
  const { findings: all, suppressed: silenced, sources } = report;
  return {
    ...report,
    findings,
    suppressed,
    filteredOut: all.length + silenced.length - findings.length - suppressed.length,
    summary: summarise(findings, suppressed.length, sources, reclaimableBytes(findings, evidence)),
  };
}

function severe(
  mentions: readonly FindingMention[],
  severity: Severity,
): readonly FindingMention[] {
  return mentions.filter((each) => isAtLeast(each.severity, severity));
}

export function narrowChanges(changes: ReportChanges, severity: Severity): ReportChanges {
  const { opened, fixed, unknown } = changes;
  return {
    ...changes,
    opened: severe(opened, severity),
    fixed: severe(fixed, severity),
    unknown: severe(unknown, severity),
  };
}

export function narrowComparison(
  comparison: ReportComparison,
  severity: Severity,
): ReportComparison {
  const { opened, fixed, unchanged, unknown, suppressed } = comparison;
  return {
    ...comparison,
    opened: severe(opened, severity),
    fixed: severe(fixed, severity),
    unchanged: severe(unchanged, severity),
    unknown: severe(unknown, severity),
    suppressed: severe(suppressed, severity),
  };
}
