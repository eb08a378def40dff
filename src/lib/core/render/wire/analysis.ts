import {
  type AnalysisSubject,
  type Anomaly,
  type ClassAnalysis,
  type PoolAnalysis,
  type Recommendation,
  type SnapshotsAnalysis,
  type StorageAnalysis,
  type TakenNow,
  type VolumeAnalysis,
} from '../../model/analysis.ts';
import { SCHEMA_VERSION } from '../../model/report.ts';
import { forecastedPool } from '../analysis/first-to-fill.ts';
import { unmappedOf } from '../analysis/unmapped.ts';
import { type AnalysisWire } from './analysis-schema.ts';
import {
  isoDay,
  toBackground,
  toDays,
  toForecast,
  toGrowth,
  whole,
  rounded,
} from './analysis-trend.ts';
import { seconds, toCluster, toSource, toSystem } from './scan-parts.ts';

type List<K extends 'pools' | 'storage_classes' | 'volumes' | 'anomalies' | 'recommendations'> =
  AnalysisWire[K][number];

/** An analysis as JSON, YAML and REST carry it. Keys are written in their published order. */
export function analysisToWire(analysis: StorageAnalysis): AnalysisWire {
  return {
    schema_version: SCHEMA_VERSION,
    kind: 'StorageAnalysis',
    timestamp: analysis.takenAt.toISOString(),
    scan_duration_seconds: seconds(analysis.duration),
    ...(analysis.cachedFor !== null && {
      cached: true as const,
      cached_age_seconds: seconds(analysis.cachedFor),
    }),
    complete: analysis.complete,
    sources: analysis.sources.map(toSource),
    clusters: analysis.clusters.map(toCluster),
    systems: analysis.systems.map(toSystem),
    history: toBackground(analysis.history),
    total_capacity_bytes: analysis.totalCapacity,
    total_allocated_bytes: analysis.totalAllocated,
    total_used_bytes: analysis.totalUsed,
    total_snapshot_bytes: analysis.totalSnapshots,
    thin_provisioning_efficiency: rounded(analysis.thinProvisioningEfficiency),
    pool_overcommitment_ratio: rounded(analysis.poolOvercommitmentRatio),
    growth_trend: toGrowth(analysis.growth),
    capacity_forecast: toCapacityForecast(analysis),
    pools: analysis.pools.map(toPool),
    storage_classes: analysis.classes.map(toClass),
    volumes: analysis.volumes.map(toVolume),
    snapshots: toSnapshots(analysis.snapshots),
    anomalies: analysis.anomalies.map(toAnomaly),
    recommendations: analysis.recommendations.map(toRecommendation),
    notes: [...analysis.notes],
    warnings: analysis.warnings.map(({ code, message }) => ({ code, message })),
  };
}

export function toCapacityForecast(analysis: StorageAnalysis): AnalysisWire['capacity_forecast'] {
  const pool = forecastedPool(analysis);
  const growth = pool?.growth;
  return {
    pool: analysis.forecastPool?.name ?? null,
    system: analysis.forecastPool?.system ?? null,
    projected_growth_rate: growth?.state === 'known' ? whole(growth.bytesPerDay) : null,
    ...toForecast(analysis.forecast),
  };
}

function toSpace<T extends number | null>(space: TakenNow & { readonly provisioned: T }) {
  return {
    provisioned_bytes: space.provisioned,
    used_bytes: space.used,
    snapshot_bytes: space.snapshots,
    snapshot_count: space.snapshotCount,
    compression_ratio: rounded(space.compression),
  };
}

/** A pool as every output of the wire form carries it. */
export function toPool(pool: PoolAnalysis): List<'pools'> {
  return {
    ...toPoolNow(pool),
    growth: toGrowth(pool.growth),
    forecast: toForecast(pool.forecast),
    history: toDays(pool.history),
    ahead: pool.ahead.map(({ day, value, low, high }) => ({
      day: isoDay(day),
      bytes: whole(Math.max(0, value)),
      low_bytes: whole(Math.max(0, low)),
      high_bytes: whole(Math.max(0, high)),
    })),
  };
}

/** The same without its past and its future. */
export function toPoolNow(
  pool: PoolAnalysis,
): Omit<List<'pools'>, 'growth' | 'forecast' | 'history' | 'ahead'> {
  return {
    name: pool.name,
    system: pool.system,
    status: pool.status,
    severity: pool.severity,
    capacity_bytes: pool.capacity,
    available_bytes: pool.available,
    ...toSpace(pool),
    used_ratio: rounded(pool.usedRatio),
    overcommit_ratio: rounded(pool.overcommit),
    volumes: pool.volumes,
  };
}

export function toClass(each: ClassAnalysis): List<'storage_classes'> {
  return {
    ...toClassNow(each),
    growth: toGrowth(each.growth),
    history: toDays(each.history),
  };
}

export function toClassNow(
  each: ClassAnalysis,
): Omit<List<'storage_classes'>, 'growth' | 'history'> {
  return {
    name: each.storageClass,
    cluster: each.cluster,
    ...toSpace(each),
    volumes: each.volumes,
  };
}

/** A volume as every output of the wire form carries it. */
export function toVolume(volume: VolumeAnalysis): List<'volumes'> {
  const { mapped, oldest, newest, beyondRetention, undated, bytesPerDay } = volume.snapshotDetails;
  return {
    name: volume.volume,
    cluster: volume.cluster,
    namespace: volume.namespace,
    claim: volume.claim,
    storage_class: volume.storageClass,
    system: volume.system,
    pool: volume.pool,
    dataset: volume.dataset,
    ...toSpace(volume),
    used_ratio: rounded(volume.usedRatio),
    pressure: volume.pressure,
    growth: toGrowth(volume.growth),
    forecast: toForecast(volume.forecast),
    snapshots: {
      mapped,
      oldest_at: oldest?.toISOString() ?? null,
      newest_at: newest?.toISOString() ?? null,
      beyond_retention: beyondRetention,
      undated,
      bytes_per_day: bytesPerDay === null ? null : whole(bytesPerDay),
    },
    history: toDays(volume.history),
  };
}

export function toSnapshots(snapshots: SnapshotsAnalysis): AnalysisWire['snapshots'] {
  return {
    count: snapshots.count,
    bytes: snapshots.bytes,
    mapped: snapshots.mapped,
    unmapped: unmappedOf(snapshots),
    undated: snapshots.undated,
    retention_seconds: snapshots.retentionSeconds,
    beyond_retention: snapshots.beyondRetention,
    stuck: snapshots.stuck.map(({ subject, reason, since }) => ({
      ...toSubject(subject),
      reason,
      since: since?.toISOString() ?? null,
    })),
    growth: toGrowth(snapshots.growth),
    history: toDays(snapshots.history),
  };
}

function toSubject({ type, name, namespace, cluster, system }: AnalysisSubject) {
  return { type, name, namespace, cluster, system };
}

export function toAnomaly(anomaly: Anomaly): List<'anomalies'> {
  return {
    ...toSubject(anomaly.subject),
    severity: anomaly.severity,
    day: isoDay(anomaly.day),
    bytes: whole(anomaly.bytes),
    usual_bytes: whole(anomaly.usual),
    deviations: rounded(Math.abs(anomaly.deviations)),
  };
}

export function toRecommendation(recommendation: Recommendation): List<'recommendations'> {
  const { action, subject, message, gainBytes, gainDays, numbers, steps } = recommendation;
  return {
    action,
    ...toSubject(subject),
    message,
    gain_bytes: gainBytes,
    gain_days: rounded(gainDays),
    numbers: numbers.map(({ label, value, unit }) => ({
      label,
      value: unit === 'ratio' ? rounded(value) : whole(value),
      unit: unit === 'bytes-per-day' ? 'bytes_per_day' : unit,
    })),
    steps: [...steps],
  };
}
