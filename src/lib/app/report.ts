import { estateOf } from '../core/analysis/past-space.ts';
import { correlate, type Evidence } from '../core/correlate/correlate.ts';
import { listsFor } from '../core/correlate/sources.ts';
import { UsageError } from '../core/model/errors.ts';
import { NO_FILTER, SHOW_ALL } from '../core/model/filter.ts';
import { type Severity } from '../core/model/finding.ts';
import {
  type FullReport,
  type PreviousReport,
  type ReportChanges,
  type ReportComparison,
} from '../core/model/full-report.ts';
import { type Estate } from '../core/model/history.ts';
import { freezeInventory } from '../core/model/inventory.ts';
import { type Report, type ReportWarning } from '../core/model/report.ts';
import { type Settings } from '../core/model/settings.ts';
import { buildValidation, type Validated } from '../core/report/build-validation.ts';
import { checkOutcomes } from '../core/report/check-outcomes.ts';
import { narrowChanges, narrowComparison, narrowReport } from '../core/report/narrow-report.ts';
import { changesSince, compareReports, isComparable } from '../core/report/report-changes.ts';
import { CHECKS, type CheckCommand, checksOf } from '../core/rules/check-registry.ts';
import { RULES } from '../core/rules/registry.ts';
import { type HistoryReader } from '../ports/history.ts';
import { analyzeScan, SPACE_SOURCES } from './analyze.ts';
import { type Judgement } from './judge-fresh.ts';
import { type ScanPorts, type ScanRequest } from './scan-request.ts';
import { type Scanned, scanAndRecord } from './scan.ts';

/** What a report is made of. */
export interface ReportRequest extends Omit<ScanRequest, 'rules' | 'filter'> {
  /** What the configuration says, for the checks of just that. */
  readonly settings: Settings;
  /** How many days to look back. */
  readonly days: number;
  /** Only findings and results at least this severe are shown; null for all. */
  readonly minSeverity: Severity | null;
  /** The report that is compared with; null for none. */
  readonly previous: PreviousReport | null;
}

/** Everything one scan says, and whether it tells enough to be the report the next one looks back on. */
export interface MadeReport {
  readonly full: FullReport;
  /** What it rests on. */
  readonly judgement: Judgement;
  /** Remembers that it was made, once it was written. Says in the log where that fails: the report is there all the same. */
  remember(): Promise<void>;
}

/**
 * Scans once, and says all of it that there is to say. Throws a `MonitorError` where a side cannot be had at all, or the
 * earlier report is one of another estate.
 */
export async function makeReport(ports: ScanPorts, request: ReportRequest): Promise<MadeReport> {
  const scanned = await scanAndRecord(
    ports,
    { ...request, rules: RULES, filter: NO_FILTER },
    REPORT_LISTS,
  );
  const { report, judgement } = scanned;
  const { previous, minSeverity, policy } = request;
  if (previous !== null) refuseOtherEstate(previous, report);
  const estate = estateOf(judgement.inventory);
  const { analysis, changes } = await lookBack(ports, request, scanned, estate);
  ports.memory.release();
  const { validation, health } = judgeChecks(request, scanned);
  const comparison = previous === null ? null : compareReports(previous, report);
  const full: FullReport = {
    report: {
      ...(minSeverity === null ? report : narrowReport(report, judgement, minSeverity)),
      warnings: distinct([report, validation, health].flatMap(({ warnings }) => warnings)),
    },
    analysis,
    validation: validation.summary,
    health: health.summary,
    changes: narrowed(changes, minSeverity, narrowChanges),
    comparison: narrowed<ReportComparison>(comparison, minSeverity, narrowComparison),
    thresholds: policy.thresholds,
  };
  const isWhole =
    report.cachedFor === null && report.complete && minSeverity === null && isKnown(estate, report);
  return {
    full,
    judgement,
    remember: async () => {
      if (isWhole) await remember(ports, estate, report.takenAt);
    },
  };
}

/** What orphans, checks and measures of space need, read at once. */
export const REPORT_LISTS = listsFor([
  ...CHECKS.flatMap(({ requires, consults }) => [...requires, ...consults]),
  ...SPACE_SOURCES,
]);

function distinct(warnings: readonly ReportWarning[]): readonly ReportWarning[] {
  return [...new Map(warnings.map((each) => [each.message, each])).values()];
}

/** Whether everything that was read can be told from what others read. */
function isKnown(estate: Estate, { clusters, systems }: Report): boolean {
  return estate.clusters.length === clusters.length && estate.systems.length === systems.length;
}

function narrowed<T>(
  value: T | null,
  severity: Severity | null,
  narrow: (value: T, severity: Severity) => T,
): T | null {
  return value === null || severity === null ? value : narrow(value, severity);
}

function refuseOtherEstate(previous: PreviousReport, report: Report): void {
  if (isComparable(previous, report)) return;
  const names = [...previous.clusters, ...previous.systems].map(({ name }) => name).join(', ');
  throw new UsageError('the report to compare with is about other clusters and systems', {
    remediation: [
      `It speaks of ${names}, and none of them was read now: compare with a report of this estate, or leave out --compare.`,
    ],
  });
}

async function lookBack(
  ports: ScanPorts,
  { days, policy }: ReportRequest,
  scanned: Scanned,
  estate: Estate,
): Promise<Pick<FullReport, 'analysis' | 'changes'>> {
  using reader = await ports.history.open();
  const analysis = analyzeScan(ports.memory, scanned, reader, { days, shown: SHOW_ALL, policy });
  return { analysis, changes: changesOf(reader, estate, scanned.report) };
}

function changesOf(
  reader: HistoryReader | undefined,
  estate: Estate,
  report: Report,
): ReportChanges | null {
  const since = reader?.lastReport(estate, report.takenAt) ?? null;
  if (reader === undefined || since === null || !isKnown(estate, report)) return null;
  return changesSince(since, reader.findings(estate, since), report);
}

/** The checks judge the very lists the findings rest on, after the second read. */
function judgeChecks(
  { policy, settings, ignore, wholeEstate, minSeverity }: ReportRequest,
  { report, judgement }: Scanned,
): Readonly<Record<'validation' | 'health', Validated>> {
  const inventory = freezeInventory({ ...judgement.inventory, settings });
  const evidence = correlate(inventory, policy);
  // What either read missed was missing.
  const seen: Evidence = { ...evidence, statuses: judgement.sources };
  const judge = (command: CheckCommand): Validated => {
    const rules = checksOf(command);
    return buildValidation({
      evidence: seen,
      rules,
      outcomes: checkOutcomes(rules, evidence, policy),
      minSeverity,
      ignore,
      wholeEstate,
      duration: report.duration,
      cachedFor: report.cachedFor,
      files: null,
    });
  };
  return { validation: judge('validate'), health: judge('health') };
}

async function remember(
  { history, logger }: Pick<ScanPorts, 'history' | 'logger'>,
  estate: Estate,
  at: Date,
): Promise<void> {
  const recorded = await history.recordReport(estate, at);
  if (recorded.state === 'kept') return;
  logger.log('warn', `the report is written and was not added to the history: ${recorded.reason}`);
}
