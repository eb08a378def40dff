import { expect, test } from 'vitest';
import { anomaliesIn } from '../../../src/lib/core/analysis/anomalies.ts';
import { forecastOf } from '../../../src/lib/core/analysis/forecast.ts';
import { growthOf } from '../../../src/lib/core/analysis/growth.ts';
import { daily, GIB, noise, noonAfter, randomFrom } from '../../support/daily-series.ts';

// About 0.3 seconds on a machine with neighbours: three for 10,000 volumes if every one of them changes every day, which few do.
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
