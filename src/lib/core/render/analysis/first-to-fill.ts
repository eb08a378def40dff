import { type PoolAnalysis, type StorageAnalysis } from '../../model/analysis.ts';

/** The pool the forecast of the whole is of. */
export function forecastedPool(analysis: StorageAnalysis): PoolAnalysis | undefined {
  const { pools, forecastPool } = analysis;
  return pools.find(
    ({ system, name }) => system === forecastPool?.system && name === forecastPool.name,
  );
}
