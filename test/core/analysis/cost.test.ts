import { expect, test } from 'vitest';
import { anomaliesIn } from '../../../src/lib/core/analysis/anomalies.ts';
import { forecastOf } from '../../../src/lib/core/analysis/forecast.ts';
import { growthOf } from '../../../src/lib/core/analysis/growth.ts';
import { daily, GIB, noise, noonAfter, randomFrom } from '../../support/daily-series.ts';

// On a machine to itself, 10,000 volumes over 90 days take about two seconds; here a tenth of them, with room for neighbours.
test('a thousand volumes over 90 days take a second of the processor at most', () => {
  const all = Array.from({ length: 1000 }, (_, seed) =>
    daily(noise('gaussian', 90, randomFrom(seed)).map((value, day) => GIB * (100 + day + value))),
  );
  const before = process.cpuUsage();
  for (const series of all) {
    growthOf(series);
    forecastOf(series, 300 * GIB, noonAfter(90));
    anomaliesIn(series);
  }
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1e6).toBeLessThan(1);
});
