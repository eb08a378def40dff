import { type Severity } from './finding.ts';
import { type ReportWarning, type ScanFacts } from './report.ts';
import { type ResourceType } from './resource-ref.ts';
import { type Bytes } from './units.ts';

/** A day in UTC and a value at its end; days without a scan are missing, never made up. */
export interface DailyValue {
  /** Midnight UTC at which the day begins. */
  readonly day: Date;
  readonly value: number;
}

/** What the data themselves show; none where nothing stands out. */
export type Pattern = 'weekly' | 'steps' | 'bursts' | 'faster-lately' | 'slower-lately';

/** A change of level within a day or two that is no part of the trend. */
export interface StepChange {
  readonly day: Date;
  /** Bytes; negative where space was freed. */
  readonly bytes: number;
}

/** How something grows. Methods: docs/analysis.md. */
export type Growth =
  | {
      readonly state: 'known';
      /** Theil–Sen slope of what is left once steps are taken out, in bytes a day; negative where it shrinks. */
      readonly bytesPerDay: number;
      /** Slope of least squares over the same days, steps included, beside it. */
      readonly leastSquaresBytesPerDay: number;
      /** 90 % interval of the slope. */
      readonly low: number;
      readonly high: number;
      /** Days from the first to the last value, and how many of them have one. */
      readonly spanDays: number;
      readonly days: number;
      readonly patterns: readonly Pattern[];
      readonly steps: readonly StepChange[];
    }
  | NotEnoughData;

/** What is missing for a statement: never a guess. */
export interface NotEnoughData {
  readonly state: 'not-enough-data';
  readonly days: number;
  readonly spanDays: number;
  /** How many days with a value, and over which span, it takes. */
  readonly neededDays: number;
  readonly neededSpanDays: number;
}

export type ConfidenceLevel = 'high' | 'medium' | 'low';

/** How a forecast from the days before did on the last ones. */
export interface BackTest {
  readonly heldBackDays: number;
  /** Part of the held-back values that lay in the interval, 0 to 1. */
  readonly coverage: number;
  /** Median of the absolute errors, relative to the value, 0 to 1. */
  readonly medianError: number;
}

/** When capacity runs out, as an interval. */
export type Forecast =
  | {
      readonly state: 'fills';
      /** Whole days from now, of the middle of the interval; 0 where it is full now. */
      readonly daysUntilFull: number;
      readonly fullAtEarliest: Date;
      /** Null where the slow end of the interval never gets there within `HORIZON_DAYS`. */
      readonly fullAtLatest: Date | null;
      readonly confidence: ConfidenceLevel;
      readonly backTest: BackTest | null;
    }
  | {
      /** Flat, shrinking, or further away than anybody can say. */
      readonly state: 'does-not-fill';
      readonly horizonDays: number;
      /** The fast end of the interval may still get there. */
      readonly fullAtEarliest: Date | null;
      readonly confidence: ConfidenceLevel;
      readonly backTest: BackTest | null;
    }
  | NotEnoughData;

/** Values ahead, for charts: one a day with a 90 % interval. */
export interface ForecastPoint {
  readonly day: Date;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** What is spoken of, by the words of `type/name`. */
export interface AnalysisSubject {
  readonly type: ResourceType;
  readonly name: string;
  readonly namespace: string | null;
  readonly cluster: string | null;
  readonly system: string | null;
}

/** A day on which something grew or shrank far beyond its habit. */
export interface Anomaly {
  readonly subject: AnalysisSubject;
  readonly day: Date;
  /** Change of that day, in bytes; negative where space was freed. */
  readonly bytes: number;
  /** Median change of a day. */
  readonly usual: number;
  /** How many (scaled) median absolute deviations away it lies. */
  readonly deviations: number;
  readonly severity: Severity;
}

/** Space now. Physical bytes; `used` without snapshots. */
export interface SpaceNow {
  readonly provisioned: Bytes;
  readonly used: Bytes;
  readonly snapshots: Bytes;
  readonly snapshotCount: number | null;
  /** Logical against physical bytes, 1 and more; null where ZFS did not tell. */
  readonly compression: number | null;
}

export interface PoolAnalysis extends SpaceNow {
  readonly system: string;
  readonly name: string;
  /** As ZFS says it: `ONLINE`, … */
  readonly status: string;
  /** Usable bytes, without parity; null where the pool does not tell. */
  readonly capacity: Bytes | null;
  readonly available: Bytes | null;
  /** `(used + snapshots) / capacity`, 0 to 1. */
  readonly usedRatio: number | null;
  /** `provisioned / capacity`: what volumes may grow to against what is there. */
  readonly overcommit: number | null;
  /** Volumes of Kubernetes on it. */
  readonly volumes: number;
  readonly growth: Growth;
  readonly forecast: Forecast;
  /** Used with snapshots, by day; at most the days that were asked for. */
  readonly history: readonly DailyValue[];
  readonly ahead: readonly ForecastPoint[];
  /**
   * How pressing it is: `critical` from `thresholds.pool_critical` on or full within 7 days, `high` from `pool_warning` on or within
   * 30 days, `medium` within 90 days, else null.
   */
  readonly severity: Severity | null;
}

export interface ClassAnalysis extends SpaceNow {
  readonly cluster: string;
  readonly storageClass: string;
  readonly volumes: number;
  readonly growth: Growth;
  readonly history: readonly DailyValue[];
}

/** Snapshots of one volume. Numbers are null where they were not all listed: not seen is not the same as not there. */
export interface VolumeSnapshots {
  readonly count: number | null;
  /** Those a VolumeSnapshot of Kubernetes stands behind. */
  readonly mapped: number | null;
  readonly bytes: Bytes;
  /** Null where no creation time is known. */
  readonly oldest: Date | null;
  readonly newest: Date | null;
  /** Older than the retention; null where none is configured. */
  readonly beyondRetention: number | null;
  /** Those whose creation time could not be told. */
  readonly undated: number | null;
  /** Bytes a day; null without enough history. */
  readonly bytesPerDay: number | null;
}

export interface VolumeAnalysis extends SpaceNow {
  readonly cluster: string;
  /** Name of the PersistentVolume. */
  readonly volume: string;
  readonly namespace: string | null;
  readonly claim: string | null;
  readonly storageClass: string | null;
  readonly system: string;
  readonly dataset: string;
  readonly pool: string;
  /** `used / provisioned`, 0 to 1 and more. */
  readonly usedRatio: number | null;
  /** Against the thresholds for volumes; null below them. A zvol that is full for ZFS need not be full inside. */
  readonly pressure: 'warning' | 'critical' | null;
  readonly growth: Growth;
  /** When its own quota is reached. */
  readonly forecast: Forecast;
  readonly snapshotDetails: VolumeSnapshots;
  /** Used without snapshots, by day; kept for the volumes that grow most and the largest alone, empty for all others. */
  readonly history: readonly DailyValue[];
}

/** A snapshot that is neither usable nor gone. */
export interface StuckSnapshot {
  readonly subject: AnalysisSubject;
  readonly reason: string;
  readonly since: Date | null;
}

/** Of all pools that are shown. Numbers are null where some of the snapshots were not listed. */
export interface SnapshotsAnalysis {
  readonly count: number | null;
  readonly bytes: Bytes;
  /** ZFS snapshots behind a VolumeSnapshot. */
  readonly mapped: number | null;
  readonly undated: number | null;
  /** Seconds of `monitor.snapshot_retention`; null where it is not configured. */
  readonly retentionSeconds: number | null;
  readonly beyondRetention: number | null;
  readonly stuck: readonly StuckSnapshot[];
  readonly growth: Growth;
  /** Bytes that only snapshots hold, of all pools together, by day. */
  readonly history: readonly DailyValue[];
}

export const RECOMMENDATION_ACTIONS = [
  'reclaim',
  'shrink-request',
  'prune-snapshots',
  'raise-quota',
  'expand-pool',
  'rebalance',
] as const;
export type RecommendationAction = (typeof RECOMMENDATION_ACTIONS)[number];

/** One of the numbers behind a recommendation. */
export interface Measure {
  readonly label: string;
  readonly value: number;
  readonly unit: 'bytes' | 'bytes-per-day' | 'days' | 'ratio' | 'count';
}

export interface Recommendation {
  readonly action: RecommendationAction;
  readonly subject: AnalysisSubject;
  /** Lower case, without a full stop. */
  readonly message: string;
  /** Bytes that would be free again; null where it frees none. */
  readonly gainBytes: Bytes | null;
  /** Whole days until full that it wins; null where that is less than one, or cannot be told. */
  readonly gainDays: number | null;
  readonly numbers: readonly Measure[];
  /** Imperative sentences. */
  readonly steps: readonly string[];
}

/** How far history reaches. */
export interface HistoryFacts {
  /** Null where there is none yet. */
  readonly firstAt: Date | null;
  readonly lastAt: Date | null;
  /** Days with at least one scan, of those that were asked for. */
  readonly days: number;
  readonly askedDays: number;
}

/** What is said of the space of an estate, now and over time. */
export interface StorageAnalysis extends ScanFacts {
  readonly history: HistoryFacts;
  /** Of the pools volumes live on; of all pools where there are none. */
  readonly totalCapacity: Bytes;
  /** Promised to volumes. */
  readonly totalAllocated: Bytes;
  /** Taken by volumes, snapshots apart. */
  readonly totalUsed: Bytes;
  readonly totalSnapshots: Bytes;
  /** `1 - used / allocated`: the part of what was promised that nobody has to have; null where nothing was promised. */
  readonly thinProvisioningEfficiency: number | null;
  readonly poolOvercommitmentRatio: number | null;
  /** Of all those pools together. */
  readonly growth: Growth;
  /** Of the pool that fills first. */
  readonly forecast: Forecast;
  /** Which that is; null where none fills, or nobody knows. */
  readonly forecastPool: Pick<PoolAnalysis, 'system' | 'name'> | null;
  readonly pools: readonly PoolAnalysis[];
  readonly classes: readonly ClassAnalysis[];
  /** Largest growth first, then largest. */
  readonly volumes: readonly VolumeAnalysis[];
  readonly snapshots: SnapshotsAnalysis;
  readonly anomalies: readonly Anomaly[];
  /** Largest gain first. */
  readonly recommendations: readonly Recommendation[];
  /** What cannot be said, and why: one line each, for people. */
  readonly notes: readonly string[];
  readonly warnings: readonly ReportWarning[];
}
