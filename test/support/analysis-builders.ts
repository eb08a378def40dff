import {
  type AnalysisSubject,
  type Anomaly,
  type ClassAnalysis,
  type DailyValue,
  type Forecast,
  type Growth,
  type NotEnoughData,
  type PoolAnalysis,
  type Recommendation,
  type SnapshotsAnalysis,
  type StorageAnalysis,
  type VolumeAnalysis,
} from '../../src/lib/core/model/analysis.ts';
import { type ResourceType } from '../../src/lib/core/model/resource-ref.ts';
import { bytes, type Bytes } from '../../src/lib/core/model/units.ts';
import { aReport, TAKEN_AT } from './report-builders.ts';

/** Analyses for tests of what is printed: valid by default, override what matters. */

const GIB = 1024 ** 3;
export const DAY = 86_400_000;

export function gib(size: number): Bytes {
  return bytes(Math.round(size * GIB));
}

/** Midnight so many days before (or after, where negative) the day of the analysis. */
export function daysAgo(days: number): Date {
  return new Date(Math.floor(TAKEN_AT.getTime() / DAY) * DAY - days * DAY);
}

/** So many days up to today, each with what `valueOf` says in GiB; null leaves the day out. */
export function aSeries(
  days: number,
  valueOf: (index: number) => number | null,
): readonly DailyValue[] {
  return Array.from({ length: days }, (_, index) => index).flatMap((index) => {
    const value = valueOf(index);
    return value === null
      ? []
      : [{ day: daysAgo(days - 1 - index), value: Math.round(value * GIB) }];
  });
}

export function notEnough(over: Partial<NotEnoughData> = {}): NotEnoughData {
  return {
    state: 'not-enough-data',
    days: 3,
    spanDays: 2,
    neededDays: 7,
    neededSpanDays: 14,
    ...over,
  };
}

export function aGrowth(over: Partial<Extract<Growth, { state: 'known' }>> = {}): Growth {
  return {
    state: 'known',
    bytesPerDay: 2 * GIB,
    leastSquaresBytesPerDay: 2.25 * GIB,
    low: 1.75 * GIB,
    high: 2.5 * GIB,
    spanDays: 89,
    days: 90,
    patterns: [],
    steps: [],
    ...over,
  };
}

export function fillsIn(
  days: number,
  over: Partial<Extract<Forecast, { state: 'fills' }>> = {},
): Forecast {
  return {
    state: 'fills',
    daysUntilFull: days,
    fullAtEarliest: daysAgo(-Math.floor(days * 0.8)),
    fullAtLatest: daysAgo(-Math.ceil(days * 1.3)),
    confidence: 'high',
    backTest: { heldBackDays: 18, coverage: 0.944, medianError: 0.0042 },
    ...over,
  };
}

export function doesNotFill(
  over: Partial<Extract<Forecast, { state: 'does-not-fill' }>> = {},
): Forecast {
  return {
    state: 'does-not-fill',
    horizonDays: 730,
    fullAtEarliest: null,
    confidence: 'medium',
    backTest: { heldBackDays: 18, coverage: 0.89, medianError: 0.012 },
    ...over,
  };
}

export function aSubject(
  type: ResourceType,
  name: string,
  over: Partial<AnalysisSubject> = {},
): AnalysisSubject {
  return { type, name, namespace: null, cluster: null, system: 'nas1', ...over };
}

export function aPoolAnalysis(over: Partial<PoolAnalysis> = {}): PoolAnalysis {
  return {
    system: 'nas1',
    name: 'tank',
    status: 'ONLINE',
    capacity: gib(1000),
    available: gib(580),
    usedRatio: 0.42,
    overcommit: 0.6,
    provisioned: gib(600),
    used: gib(380),
    snapshots: gib(40),
    snapshotCount: 1200,
    compression: 1.42,
    volumes: 42,
    growth: aGrowth(),
    forecast: fillsIn(290),
    history: aSeries(90, (index) => 242 + index * 2),
    ahead: Array.from({ length: 30 }, (_, index) => ({
      day: daysAgo(-1 - index),
      value: gib(422 + index * 2),
      low: gib(420 + index * 1.75),
      high: gib(424 + index * 2.5),
    })),
    severity: null,
    ...over,
  };
}

export function aClassAnalysis(over: Partial<ClassAnalysis> = {}): ClassAnalysis {
  return {
    cluster: 'prod',
    storageClass: 'truenas-nfs',
    provisioned: gib(400),
    used: gib(260),
    snapshots: gib(30),
    snapshotCount: 900,
    compression: 1.5,
    volumes: 30,
    growth: aGrowth({ bytesPerDay: 1.5 * GIB }),
    history: aSeries(90, (index) => 125 + index * 1.5),
    ...over,
  };
}

export function aVolumeAnalysis(over: Partial<VolumeAnalysis> = {}): VolumeAnalysis {
  return {
    cluster: 'prod',
    volume: 'pvc-6f1d2c9e-3b7a-4c55-9a31-0d5b8e7f2a10',
    namespace: 'shop',
    claim: 'data-postgres-0',
    storageClass: 'truenas-nfs',
    system: 'nas1',
    dataset: 'tank/k8s/vols/pvc-6f1d2c9e-3b7a-4c55-9a31-0d5b8e7f2a10',
    pool: 'tank',
    provisioned: gib(20),
    used: gib(8),
    snapshots: gib(1.5),
    snapshotCount: 14,
    compression: 2.1,
    usedRatio: 0.4,
    pressure: null,
    growth: aGrowth({
      bytesPerDay: 0.05 * GIB,
      leastSquaresBytesPerDay: 0.06 * GIB,
      low: 0.04 * GIB,
      high: 0.07 * GIB,
    }),
    forecast: fillsIn(240, { confidence: 'medium' }),
    snapshotDetails: {
      count: 14,
      mapped: 2,
      bytes: gib(1.5),
      oldest: daysAgo(40),
      newest: daysAgo(1),
      beyondRetention: 3,
      undated: 0,
      bytesPerDay: 0.01 * GIB,
    },
    history: aSeries(90, (index) => 3.5 + index * 0.05),
    ...over,
  };
}

export function anAnomaly(over: Partial<Anomaly> = {}): Anomaly {
  return {
    subject: aSubject('PersistentVolume', aVolumeAnalysis().volume, {
      cluster: 'prod',
      system: null,
    }),
    day: daysAgo(9),
    bytes: 6 * GIB,
    usual: 0.05 * GIB,
    deviations: 11.4,
    severity: 'medium',
    ...over,
  };
}

export function aRecommendation(over: Partial<Recommendation> = {}): Recommendation {
  return {
    action: 'reclaim',
    subject: aSubject('Pool', 'tank'),
    message: '3 forgotten datasets hold 60 GiB of tank',
    gainBytes: gib(60),
    gainDays: 30,
    numbers: [
      { label: 'certain findings', value: 3, unit: 'count' },
      { label: 'growth', value: 2 * GIB, unit: 'bytes-per-day' },
    ],
    steps: ['Look at them: `truenas-monitor orphans`.', 'Clean up what nobody needs.'],
    ...over,
  };
}

export function aSnapshotsAnalysis(over: Partial<SnapshotsAnalysis> = {}): SnapshotsAnalysis {
  return {
    count: 1234,
    bytes: gib(45),
    mapped: 120,
    undated: 0,
    retentionSeconds: 30 * 86_400,
    beyondRetention: 210,
    stuck: [],
    growth: aGrowth({ bytesPerDay: 0.3 * GIB }),
    history: aSeries(90, (index) => 18 + index * 0.3),
    ...over,
  };
}

/** One pool that is all right, one class, one volume. */
export function anAnalysis(over: Partial<StorageAnalysis> = {}): StorageAnalysis {
  const { takenAt, duration, cachedFor, complete, sources, clusters, systems } = aReport();
  return {
    ...{ takenAt, duration, cachedFor, complete, sources, clusters, systems },
    history: { firstAt: daysAgo(89), lastAt: daysAgo(0), days: 90, askedDays: 90 },
    totalCapacity: gib(1000),
    totalAllocated: gib(600),
    totalUsed: gib(380),
    totalSnapshots: gib(40),
    thinProvisioningEfficiency: 0.3667,
    poolOvercommitmentRatio: 0.6,
    growth: aGrowth(),
    forecast: fillsIn(290),
    forecastPool: { system: 'nas1', name: 'tank' },
    pools: [aPoolAnalysis()],
    classes: [aClassAnalysis()],
    volumes: [aVolumeAnalysis()],
    snapshots: aSnapshotsAnalysis(),
    anomalies: [],
    recommendations: [],
    notes: [],
    warnings: [],
    ...over,
  };
}
