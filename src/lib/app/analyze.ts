import { buildAnalysis, sinceOf } from '../core/analysis/build-analysis.ts';
import { estateOf, type PastSpace } from '../core/analysis/past-space.ts';
import { listsFor } from '../core/correlate/sources.ts';
import { type StorageAnalysis } from '../core/model/analysis.ts';
import { type EvidenceSource } from '../core/model/evidence.ts';
import { type AnalysisFilter, NO_FILTER } from '../core/model/filter.ts';
import { type Estate } from '../core/model/history.ts';
import { type Report } from '../core/model/report.ts';
import { RULES } from '../core/rules/registry.ts';
import { type HistoryReader } from '../ports/history.ts';
import { type ScanPorts, type ScanRequest } from './scan-request.ts';
import { scanAndRecord } from './scan.ts';

/** What to analyze, and what of it to show. */
export interface AnalyzeRequest extends Omit<ScanRequest, 'rules' | 'filter'> {
  /** How many days to look back. */
  readonly days: number;
  readonly shown: AnalysisFilter;
}

/** An analysis, and the report of the scan it rests on. */
export interface Analyzed {
  readonly analysis: StorageAnalysis;
  readonly report: Report;
}

/** What space is measured by; most of it rules ask for as well. */
export const SPACE_SOURCES: readonly EvidenceSource[] = [
  'pools',
  'datasets',
  'persistentVolumes',
  'storageClasses',
  'volumeLinks',
  'snapshotLinks',
  'snapshotTasks',
];

/** What history has of the space of an estate. */
export function pastSpace(reader: HistoryReader, estate: Estate, since: Date): PastSpace {
  return {
    pools: reader.pools(estate, since),
    classes: reader.classes(estate, since),
    volumes: reader.volumes(estate, since),
  };
}

/**
 * Scans once by every orphan and drift rule, so that the scan is one for the history, and says what that and the past tell of space.
 * Throws a `MonitorError` where a side cannot be had at all; without history it speaks of the present.
 */
export async function analyze(ports: ScanPorts, request: AnalyzeRequest): Promise<Analyzed> {
  const { days, shown, ...asked } = request;
  const scanRequest = { ...asked, rules: RULES, filter: NO_FILTER };
  const { report, judgement } = await scanAndRecord(ports, scanRequest, listsFor(SPACE_SOURCES));
  using reader = await ports.history.open();
  const past =
    reader && pastSpace(reader, estateOf(judgement.inventory), sinceOf(report.takenAt, days));
  const analysis = buildAnalysis({
    report,
    evidence: judgement,
    past,
    days,
    filter: shown,
    policy: request.policy,
  });
  ports.logger.log('debug', 'analyzed', { volumes: analysis.volumes.length });
  return { analysis, report };
}
