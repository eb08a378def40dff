import {
  type Growth,
  type Measure,
  type PoolAnalysis,
  type VolumeAnalysis,
} from '../../model/analysis.ts';
import { type Finding } from '../../model/finding.ts';
import { type Thresholds } from '../../model/settings.ts';
import { bytes, type Bytes } from '../../model/units.ts';
import { HORIZON_DAYS } from '../forecast.ts';
import { type RoomyVolume } from '../volume-stream.ts';

/** Everything advice is made from. */
export interface Situation {
  /** Pools that are shown: advice is about these. */
  readonly pools: readonly PoolAnalysis[];
  /** All that there are, as places to move to. */
  readonly allPools: readonly PoolAnalysis[];
  readonly volumes: readonly VolumeAnalysis[];
  readonly roomy: readonly RoomyVolume[];
  readonly isFileSystem: (volume: VolumeAnalysis) => boolean;
  readonly findings: readonly Finding[];
  /** What comes back when these are mended, each byte once. */
  readonly reclaimable: (findings: readonly Finding[]) => Bytes;
  readonly thresholds: Thresholds;
}

/** Bytes a day by which something grows; null where it does not, or nobody knows. */
export function growingBy(growth: Growth): number | null {
  return growth.state === 'known' && growth.bytesPerDay > 0 ? growth.bytesPerDay : null;
}

/** Days until full; null where that is never, or nobody knows. */
export function daysLeft({ forecast }: Pick<PoolAnalysis, 'forecast'>): number | null {
  return forecast.state === 'fills' ? forecast.daysUntilFull : null;
}

/** Days that a pool has longer when so much is freed; null where that is less than one, or it does not grow. */
export function daysWonBy(freed: number, pool: PoolAnalysis | undefined): number | null {
  const growing = pool === undefined ? null : growingBy(pool.growth);
  if (growing === null || freed < growing) return null;
  return Math.min(HORIZON_DAYS, Math.floor(freed / growing));
}

export function poolOf(
  { system, pool }: Pick<VolumeAnalysis, 'system' | 'pool'>,
  pools: readonly PoolAnalysis[],
): PoolAnalysis | undefined {
  return pools.find((each) => each.system === system && each.name === pool);
}

export function measured(label: string, value: number, unit: Measure['unit']): Measure {
  return { label, value, unit };
}

/** A measure that is left out where it is not known. */
export function ifKnown(
  label: string,
  value: number | null,
  unit: Measure['unit'],
): readonly Measure[] {
  return value === null ? [] : [{ label, value, unit }];
}

const GIB = 2 ** 30;

/** Up to whole GiB, as people write requests. */
export function wholeGib(size: number): Bytes {
  return bytes(
    Math.min(Math.ceil(size / GIB) * GIB, Math.floor(Number.MAX_SAFE_INTEGER / GIB) * GIB),
  );
}

/** A computed size as one that can be shown. */
export function asBytes(size: number): Bytes {
  return bytes(Math.min(Math.max(0, Math.round(size)), Number.MAX_SAFE_INTEGER));
}
