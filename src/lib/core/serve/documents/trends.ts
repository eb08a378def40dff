import { byGrowth } from '../../analysis/volume-order.ts';
import { type StorageAnalysis, type VolumeAnalysis } from '../../model/analysis.ts';
import {
  toAnomaly,
  toCapacityForecast,
  toClass,
  toPool,
  toSnapshots,
  toVolume,
} from '../../render/wire/analysis.ts';
import { toBackground, toGrowth } from '../../render/wire/analysis-trend.ts';
import {
  type GrowthTrendsWire,
  type SnapshotTrendsWire,
} from '../../render/wire/served-documents-schema.ts';
import { factsOf, FOREMOST } from './scan-facts.ts';

function grows({ growth }: VolumeAnalysis): boolean {
  return growth.state === 'known' && growth.bytesPerDay > 0;
}

function toFastest(volume: VolumeAnalysis): GrowthTrendsWire['fastest_volumes'][number] {
  const wire = toVolume(volume);
  const { name, cluster, namespace, claim, system, dataset, growth, forecast, history } = wire;
  return { name, cluster, namespace, claim, system, dataset, growth, forecast, history };
}

/** How the space grows, and when it runs out. */
export function toTrends(analysis: StorageAnalysis): GrowthTrendsWire {
  return {
    ...factsOf('GrowthTrends', analysis),
    history: toBackground(analysis.history),
    growth_trend: toGrowth(analysis.growth),
    capacity_forecast: toCapacityForecast(analysis),
    pools: analysis.pools.map((pool) => {
      const { name, system, severity, growth, forecast, history, ahead } = toPool(pool);
      return { name, system, severity, growth, forecast, history, ahead };
    }),
    storage_classes: analysis.classes.map((each) => {
      const { name, cluster, growth, history } = toClass(each);
      return { name, cluster, growth, history };
    }),
    fastest_volumes: analysis.volumes
      .filter(grows)
      .sort(byGrowth)
      .slice(0, FOREMOST)
      .map(toFastest),
    anomalies: analysis.anomalies.map(toAnomaly),
    notes: [...analysis.notes],
  };
}

function toHeaviest(volume: VolumeAnalysis): SnapshotTrendsWire['heaviest_volumes'][number] {
  const wire = toVolume(volume);
  const { name, cluster, namespace, claim, system, dataset, snapshots } = wire;
  const { snapshot_bytes, snapshot_count } = wire;
  return {
    name,
    cluster,
    namespace,
    claim,
    system,
    dataset,
    snapshot_bytes,
    snapshot_count,
    snapshots,
  };
}

/** How many snapshots there are, what they hold, and how that grows. */
export function toSnapshotTrends(analysis: StorageAnalysis): SnapshotTrendsWire {
  return {
    ...factsOf('SnapshotTrends', analysis),
    days: toBackground(analysis.history),
    ...toSnapshots(analysis.snapshots),
    heaviest_volumes: analysis.volumes
      .filter(({ snapshots }) => snapshots > 0)
      .sort((one, other) => other.snapshots - one.snapshots)
      .slice(0, FOREMOST)
      .map(toHeaviest),
  };
}
