import { type PoolAnalysis, type StorageAnalysis } from '../../model/analysis.ts';

/** The pool the forecast of the whole is of. Systems may have pools of one name, of which the forecast tells the right one. */
export function forecastedPool(analysis: StorageAnalysis): PoolAnalysis | undefined {
  const { pools, forecast, forecastPool } = analysis;
  const named = pools.filter(({ name }) => name === forecastPool);
  return named.find((pool) => pool.forecast === forecast) ?? named[0];
}
