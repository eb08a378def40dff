import { type Forecast, type PoolAnalysis, type StorageAnalysis } from '../model/analysis.ts';
import { forecastOf } from './forecast.ts';
import { growthOf } from './growth.ts';
import { total } from './measured.ts';
import { overcommitOf, thinEfficiency } from './overcommit.ts';
import { sumOfDays } from './series.ts';
import { type VolumeSpace } from './volume-space.ts';

export type Totals = Pick<
  StorageAnalysis,
  | 'totalCapacity'
  | 'totalAllocated'
  | 'totalUsed'
  | 'totalSnapshots'
  | 'thinProvisioningEfficiency'
  | 'poolOvercommitmentRatio'
  | 'growth'
  | 'forecast'
  | 'forecastPool'
>;

/** Of what is said of all: a pool that nobody has volumes on is not what runs out. */
function poolsInUse(pools: readonly PoolAnalysis[]): readonly PoolAnalysis[] {
  const used = pools.filter(({ volumes }) => volumes > 0);
  return used.length > 0 ? used : pools;
}

/** When a forecast has its pool full, for comparing; what never is comes last, and what is not known after it. */
function rankOf(forecast: Forecast): number {
  switch (forecast.state) {
    case 'fills':
      return forecast.daysUntilFull;
    case 'does-not-fill':
      return forecast.fullAtEarliest?.getTime() ?? Number.MAX_SAFE_INTEGER;
    case 'not-enough-data':
      return Number.POSITIVE_INFINITY;
  }
}

function firstToFill(
  pools: readonly PoolAnalysis[],
  at: Date,
): Pick<Totals, 'forecast' | 'forecastPool'> {
  const [first] = pools.toSorted((one, other) => {
    const ranks = [rankOf(one.forecast), rankOf(other.forecast)] as const;
    return ranks[0] === ranks[1] ? 0 : ranks[0] - ranks[1];
  });
  if (first === undefined) return { forecast: forecastOf([], 0, at), forecastPool: null };
  const { forecast, system, name } = first;
  return { forecast, forecastPool: forecast.state === 'fills' ? { system, name } : null };
}

/** What is said of the pools that are shown, taken together. */
export function totalsOf(
  shown: readonly PoolAnalysis[],
  volumes: readonly VolumeSpace[],
  at: Date,
): Totals {
  const pools = poolsInUse(shown);
  const keys = new Set(pools.map(({ system, name }) => `${system} ${name}`));
  const spaces = volumes
    .filter(({ dataset: { system, pool } }) => keys.has(`${system} ${pool}`))
    .map(({ space }) => space);
  const totalAllocated = total(spaces.map(({ provisioned }) => provisioned));
  const totalUsed = total(spaces.map(({ used }) => used));
  return {
    totalCapacity: total(pools.map(({ capacity }) => capacity ?? 0)),
    totalAllocated,
    totalUsed,
    totalSnapshots: total(spaces.map(({ snapshots }) => snapshots)),
    thinProvisioningEfficiency: thinEfficiency(totalUsed, totalAllocated),
    poolOvercommitmentRatio: overcommitOf(pools),
    growth: growthOf(sumOfDays(pools.map(({ history }) => history))),
    ...firstToFill(pools, at),
  };
}
