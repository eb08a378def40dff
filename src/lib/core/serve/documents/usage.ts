import { type StorageAnalysis, type VolumeAnalysis } from '../../model/analysis.ts';
import { rounded } from '../../render/wire/analysis-trend.ts';
import { toClassNow, toPoolNow } from '../../render/wire/analysis.ts';
import { type UsageSummaryWire } from '../../render/wire/served-documents-schema.ts';
import { factsOf, FOREMOST } from './scan-facts.ts';

/** The totals of an analysis, as every document writes them. */
export function toTotals(
  analysis: StorageAnalysis,
): Pick<
  UsageSummaryWire,
  | 'total_capacity_bytes'
  | 'total_allocated_bytes'
  | 'total_used_bytes'
  | 'total_snapshot_bytes'
  | 'thin_provisioning_efficiency'
  | 'pool_overcommitment_ratio'
> {
  return {
    total_capacity_bytes: analysis.totalCapacity,
    total_allocated_bytes: analysis.totalAllocated,
    total_used_bytes: analysis.totalUsed,
    total_snapshot_bytes: analysis.totalSnapshots,
    thin_provisioning_efficiency: rounded(analysis.thinProvisioningEfficiency),
    pool_overcommitment_ratio: rounded(analysis.poolOvercommitmentRatio),
  };
}

function toFullest(volume: VolumeAnalysis): UsageSummaryWire['fullest_volumes'][number] {
  return {
    name: volume.volume,
    cluster: volume.cluster,
    namespace: volume.namespace,
    claim: volume.claim,
    storage_class: volume.storageClass,
    system: volume.system,
    dataset: volume.dataset,
    provisioned_bytes: volume.provisioned,
    used_bytes: volume.used,
    used_ratio: rounded(volume.usedRatio),
    pressure: volume.pressure,
  };
}

/** Those with the least room left, in a known share of what was promised to them. */
function fullest(volumes: readonly VolumeAnalysis[]): readonly VolumeAnalysis[] {
  return volumes
    .filter(({ usedRatio }) => usedRatio !== null)
    .toSorted((one, other) => (other.usedRatio ?? 0) - (one.usedRatio ?? 0))
    .slice(0, FOREMOST);
}

/** Where the space is now. */
export function toUsage(analysis: StorageAnalysis): UsageSummaryWire {
  return {
    ...factsOf('UsageSummary', analysis),
    ...toTotals(analysis),
    volumes: analysis.volumes.length,
    pools: analysis.pools.map(toPoolNow),
    storage_classes: analysis.classes.map(toClassNow),
    fullest_volumes: fullest(analysis.volumes).map(toFullest),
  };
}
