import { type Evidence } from '../correlate/correlate.ts';
import { type StorageAnalysis } from '../model/analysis.ts';
import { type AnalysisFilter } from '../model/filter.ts';
import { type Policy } from '../model/policy.ts';
import { type Report, type ScanFacts } from '../model/report.ts';
import { reclaimableBytes } from '../report/reclaimable.ts';
import { AnomalyList } from './anomaly-list.ts';
import { poolSubject } from './analysis-subject.ts';
import { totalsOf } from './capacity.ts';
import { analyzeClass } from './class-analysis.ts';
import { dayNumber, dayStart } from './daily.ts';
import { historyFacts } from './history-facts.ts';
import { notesOn } from './notes.ts';
import { classKey, PastKeys, type PastSpace, poolKey } from './past-space.ts';
import { type AnalysisTime, type AnalyzedPool, analyzePool } from './pool-analysis.ts';
import { type PoolSpace } from './pool-space.ts';
import { recommend } from './recommend.ts';
import { type Shown, shownOf, showsFinding, unmatchedNames } from './shown.ts';
import { snapshotDates } from './snapshot-dates.ts';
import { analyzeSnapshots } from './snapshots.ts';
import { estateSpace, type EstateSpace } from './space.ts';
import { stuckSnapshots } from './stuck-snapshots.ts';
import { analyzeVolumes } from './volume-stream.ts';
import { type SnapshotView } from './volume-snapshots.ts';

/** Everything an analysis is made from. */
export interface AnalysisInput {
  /** Of all orphan and drift rules, unfiltered. */
  readonly report: Report;
  /** What that report was made of. */
  readonly evidence: Pick<Evidence, 'inventory' | 'derived' | 'now'>;
  /** What earlier scans saw; undefined where there is no history. */
  readonly past: PastSpace | undefined;
  /** How many days of it are looked at. */
  readonly days: number;
  readonly filter: AnalysisFilter;
  readonly policy: Policy;
}

/** The first instant that is looked at: the day of the scan counts, and each day is looked at as a whole. */
export function sinceOf(at: Date, days: number): Date {
  return dayStart(dayNumber(at) - days + 1);
}

function factsOf(report: Report): ScanFacts {
  const { takenAt, duration, cachedFor, complete, sources, clusters, systems } = report;
  return { takenAt, duration, cachedFor, complete, sources, clusters, systems };
}

function viewOf({ evidence, policy }: AnalysisInput): SnapshotView {
  return {
    links: evidence.derived.snapshotLinks,
    dates: snapshotDates(evidence),
    retention: policy.thresholds.snapshotRetention,
    now: evidence.now,
  };
}

function analyzePools(
  { pools }: EstateSpace,
  past: PastSpace | undefined,
  keys: PastKeys,
  time: AnalysisTime,
): ReadonlyMap<PoolSpace, AnalyzedPool> {
  const series = new Map(
    (past?.pools ?? []).map((each) => [poolKey(each.hostId, each.pool), each]),
  );
  return new Map(
    pools.flatMap((space) => {
      const { pool } = space;
      const analyzed = analyzePool(space, series.get(keys.ofPool(pool.system, pool)), time);
      return analyzed === undefined ? [] : [[space, analyzed]];
    }),
  );
}

function analyzeClasses(
  { classes }: Shown,
  past: PastSpace | undefined,
  keys: PastKeys,
  time: AnalysisTime,
): StorageAnalysis['classes'] {
  const series = new Map(
    (past?.classes ?? []).map((each) => [classKey(each.clusterUid, each.storageClass), each]),
  );
  return classes.map((each) =>
    analyzeClass(each, series.get(keys.ofClass(each.cluster, each.storageClass)), time),
  );
}

/** Clusters and systems that cannot be told from others, so that their past is not known. */
function namelessIn({ clusters, systems }: Report): readonly string[] {
  return [
    ...clusters.filter(({ uid }) => uid === null),
    ...systems.filter(({ hostId }) => hostId === null),
  ].map(({ name }) => name);
}

/** What is said of the space of an estate: now by the scan, over time by the history, and what to do about it. */
export function buildAnalysis(input: AnalysisInput): StorageAnalysis {
  const { report, evidence, past, filter, policy } = input;
  const { inventory } = evidence;
  const at = report.takenAt;
  const { thresholds } = policy;
  const time: AnalysisTime = { at, since: sinceOf(at, input.days), thresholds };
  const keys = new PastKeys(inventory);
  const space = estateSpace(evidence);
  const shown = shownOf(space, filter);
  const view = viewOf(input);
  const anomalies = new AnomalyList();

  const allPools = analyzePools(space, past, keys, time);
  const shownPools = [...allPools].flatMap(([each, analyzed]) =>
    shown.pools.has(each) ? [analyzed] : [],
  );
  for (const each of shownPools) anomalies.add(poolSubject(each.analysis), each.anomalies);
  const pools = shownPools.map(({ analysis }) => analysis);
  const { volumes, roomy, isFileSystem } = analyzeVolumes(shown.volumes, past?.volumes ?? [], {
    time,
    keys,
    view,
    snapshots: space.snapshots,
    anomalies,
  });
  const findings = report.findings.filter((finding) => showsFinding(finding, filter));
  const stuck = stuckSnapshots(report.findings, evidence, filter, {
    orphanThreshold: policy.orphanThreshold,
    now: evidence.now,
  });
  const snapshots = analyzeSnapshots(shownPools, evidence, view, stuck);
  const advice = recommend({
    pools,
    allPools: [...allPools.values()].map(({ analysis }) => analysis),
    volumes,
    roomy,
    isFileSystem,
    findings,
    reclaimable: (own) => reclaimableBytes(own, evidence),
    thresholds,
  });
  const history = historyFacts(past, time, input.days);
  return {
    ...factsOf(report),
    history,
    ...totalsOf(pools, space.volumes, at),
    pools,
    classes: analyzeClasses(shown, past, keys, time),
    volumes,
    snapshots,
    anomalies: anomalies.items(),
    recommendations: advice.recommendations,
    notes: notesOn({
      sources: report.sources,
      history,
      nameless: namelessIn(report),
      silentPools: [...shown.pools].filter((each) => !allPools.has(each)),
      pools,
      volumes,
      unmeasured: space.unmeasured,
      snapshots,
      inPart: shown.inPart,
      omittedAnomalies: anomalies.omitted,
      omittedAdvice: advice.omitted,
    }),
    warnings: [...report.warnings, ...unmatchedNames(filter, inventory, report.findings)],
  };
}
