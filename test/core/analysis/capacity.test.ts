import { describe, expect, it } from 'vitest';
import { totalsOf } from '../../../src/lib/core/analysis/capacity.ts';
import { type PoolAnalysis } from '../../../src/lib/core/model/analysis.ts';
import {
  aPoolAnalysis,
  daysAgo,
  doesNotFill,
  fillsIn,
  notEnough,
} from '../../support/analysis-builders.ts';
import { NOW } from '../../support/builders.ts';

const KNOWN = { pools: true, capacity: true, snapshots: true, volumes: true };

const totals = (...pools: readonly PoolAnalysis[]) => totalsOf(pools, [], NOW, KNOWN);

const slow = doesNotFill();
const perhaps = doesNotFill({ fullAtEarliest: daysAgo(-600) });

describe('the forecast of all pools', () => {
  it.each([
    ['fills first', [fillsIn(290), fillsIn(47)], fillsIn(47)],
    ['fills, before any that does not', [perhaps, fillsIn(700)], fillsIn(700)],
    ['might fill at the fastest', [slow, perhaps], perhaps],
    ['is known, before any that is not', [notEnough(), notEnough(), slow], slow],
  ])('is that of the one that %s', (_, forecasts, first) => {
    const pools = forecasts.map((forecast, index) =>
      aPoolAnalysis({ name: `pool-${String(index)}`, forecast }),
    );
    expect(totals(...pools).forecast).toEqual(first);
    expect(totals(...pools.toReversed()).forecast).toEqual(first);
  });

  it('names a pool only where one fills', () => {
    expect(totals(aPoolAnalysis()).forecastPool).toEqual({ system: 'nas1', name: 'tank' });
    expect(totals(aPoolAnalysis({ forecast: slow })).forecastPool).toBeNull();
    expect(totals()).toMatchObject({ forecastPool: null, forecast: { state: 'not-enough-data' } });
  });

  it('passes over pools that nobody has volumes on, where any is in use', () => {
    const idle = aPoolAnalysis({ name: 'idle', volumes: 0, forecast: fillsIn(1) });
    expect(totals(idle, aPoolAnalysis()).forecastPool?.name).toBe('tank');
    expect(totals(idle, aPoolAnalysis({ volumes: null })).forecastPool?.name).toBe('tank');
    expect(totals(idle).forecastPool?.name).toBe('idle');
  });
});
