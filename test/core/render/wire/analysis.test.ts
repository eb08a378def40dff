import { describe, expect, it } from 'vitest';
import { analysisToWire } from '../../../../src/lib/core/render/wire/analysis.ts';
import { analysisSchema } from '../../../../src/lib/core/render/wire/analysis-schema.ts';
import { isoDay, toDays, toForecast } from '../../../../src/lib/core/render/wire/analysis-trend.ts';
import { millis } from '../../../../src/lib/core/model/units.ts';
import {
  aGrowth,
  anAnalysis,
  anAnomaly,
  aPoolAnalysis,
  aSnapshotsAnalysis,
  daysAgo,
  fillsIn,
  notEnough,
} from '../../../support/analysis-builders.ts';
import { publishedSchema } from '../../../support/json-schema.ts';
import { ANALYSES } from '../../../support/sample-analysis.ts';

describe('the wire form of an analysis', () => {
  it.each(Object.entries(ANALYSES))('of %s is what the published schema says', (_, analysis) => {
    const isValid = publishedSchema('storage-analysis');
    const wire: unknown = JSON.parse(JSON.stringify(analysisToWire(analysis)));
    expect(isValid(wire), JSON.stringify(isValid.errors)).toBe(true);
    expect(analysisSchema.parse(wire)).toEqual(wire);
  });

  it('says what is missing, and nothing in place of it', () => {
    const forecast = notEnough();
    const wire = analysisToWire(
      anAnalysis({ forecast, pools: [aPoolAnalysis({ growth: forecast, forecast })] }),
    );
    expect(wire.capacity_forecast).toEqual({
      pool: 'tank',
      system: 'nas1',
      projected_growth_rate: null,
      state: 'not_enough_data',
      days: 3,
      span_days: 2,
      needed_days: 7,
      needed_span_days: 14,
      days_until_full: null,
      full_at_earliest: null,
      full_at_latest: null,
      confidence_level: null,
    });
    expect(wire.pools[0]?.growth.state).toBe('not_enough_data');
  });

  it('takes the rate of the pool that fills first, and not of another of its name', () => {
    const forecast = fillsIn(47);
    const wire = analysisToWire(
      anAnalysis({
        forecast,
        forecastPool: { system: 'nas2', name: 'tank' },
        pools: [
          aPoolAnalysis({ growth: aGrowth({ bytesPerDay: 1 }) }),
          aPoolAnalysis({
            system: 'nas2',
            forecast: { ...forecast },
            growth: aGrowth({ bytesPerDay: 7.4 }),
          }),
        ],
      }),
    );
    expect(wire.capacity_forecast).toMatchObject({
      pool: 'tank',
      system: 'nas2',
      projected_growth_rate: 7,
      days_until_full: 47,
      full_at_earliest: daysAgo(-37).toISOString(),
    });
  });

  it('writes whole bytes, whatever a slope came to', () => {
    const wire = analysisToWire(
      anAnalysis({
        growth: aGrowth({ bytesPerDay: -0.3, low: -1.6, high: 0.4 }),
        anomalies: [anAnomaly({ bytes: -10.5, deviations: -4 })],
      }),
    );
    expect(wire.growth_trend).toMatchObject({
      bytes_per_day: 0,
      low_bytes_per_day: -2,
      high_bytes_per_day: 0,
    });
    expect(Object.is(wire.growth_trend, -0)).toBe(false);
    expect(wire.anomalies[0]).toMatchObject({ bytes: -10, deviations: 4 });
    expect(JSON.stringify(wire)).not.toContain('-0,');
  });

  it('knows no number of snapshots without one where not all were listed', () => {
    const { snapshots } = analysisToWire(
      anAnalysis({ snapshots: aSnapshotsAnalysis({ count: null, mapped: 3 }) }),
    );
    expect(snapshots).toMatchObject({ count: null, mapped: 3, unmapped: null });
    expect(analysisToWire(anAnalysis()).snapshots.unmapped).toBe(1114);
  });

  it('marks a kept scan with its age', () => {
    expect(analysisToWire(anAnalysis({ cachedFor: millis(90_000) }))).toMatchObject({
      cached: true,
      cached_age_seconds: 90,
    });
    expect(analysisToWire(anAnalysis())).not.toHaveProperty('cached');
  });
});

describe('days in the wire form', () => {
  it('are one number each from the first on, and null where there was no scan', () => {
    expect(
      toDays([
        { day: daysAgo(4), value: 1 },
        { day: daysAgo(3), value: 2.6 },
        { day: daysAgo(0), value: 5 },
      ]),
    ).toEqual({ first_day: isoDay(daysAgo(4)), bytes: [1, 3, null, null, 5] });
    expect(toDays([])).toBeNull();
  });
});

describe('a forecast in the wire form', () => {
  it('has the same keys in every state, so that a template gets an answer', () => {
    for (const forecast of [fillsIn(3), notEnough(), fillsIn(3, { fullAtLatest: null })]) {
      expect(toForecast(forecast)).toMatchObject({
        days_until_full: forecast.state === 'fills' ? 3 : null,
      });
      expect(Object.keys(toForecast(forecast))).toEqual(
        expect.arrayContaining(['full_at_earliest', 'full_at_latest', 'confidence_level']),
      );
    }
  });
});
