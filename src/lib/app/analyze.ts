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
import { type Memory } from '../ports/memory.ts';
import { type ScanPorts, type ScanRequest } from './scan-request.ts';
import { type Scanned, scanAndRecord } from './scan.ts';

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

/** Volumes after which their past is garbage worth collecting: it is 25 KB each. */
const VOLUMES_A_RELEASE = 1_000;

/**
 * V8 by itself would let the past of all volumes grow beside the inventory: to it whatever is made in a scan looks as if it were
 * there to stay.
 */
function* releasing<T>(items: Iterable<T>, memory: Memory): Generator<T> {
  let count = 0;
  for (const item of items) {
    if (count % VOLUMES_A_RELEASE === VOLUMES_A_RELEASE - 1) memory.release();
    count += 1;
    yield item;
  }
}

/** What a scan and its past tell of space; without history it speaks of the present. */
export function analyzeScan(
  memory: Memory,
  { report, judgement }: Scanned,
  reader: HistoryReader | undefined,
  { days, shown, policy }: Pick<AnalyzeRequest, 'days' | 'shown' | 'policy'>,
): StorageAnalysis {
  // What the scan was made by is in the way of the past.
  memory.release();
  const estate = estateOf(judgement.inventory);
  const since = sinceOf(report.takenAt, days);
  const past = reader && pastSpace(reader, estate, since, memory);
  return buildAnalysis({ report, evidence: judgement, past, days, filter: shown, policy });
}

/** What history has of the space of an estate. */
function pastSpace(reader: HistoryReader, estate: Estate, since: Date, memory: Memory): PastSpace {
  return {
    pools: reader.pools(estate, since),
    classes: reader.classes(estate, since),
    volumes: releasing(reader.volumes(estate, since), memory),
  };
}

/**
 * Scans once by every orphan and drift rule, so that the scan is one for the history, and says what that and the past tell of space.
 * Throws a `MonitorError` where a side cannot be had at all; without history it speaks of the present.
 */
export async function analyze(ports: ScanPorts, request: AnalyzeRequest): Promise<Analyzed> {
  const scanRequest = { ...request, rules: RULES, filter: NO_FILTER };
  const scanned = await scanAndRecord(ports, scanRequest, listsFor(SPACE_SOURCES));
  using reader = await ports.history.open();
  const analysis = analyzeScan(ports.memory, scanned, reader, request);
  ports.logger.log('debug', 'analyzed', { volumes: analysis.volumes.length });
  return { analysis, report: scanned.report };
}
