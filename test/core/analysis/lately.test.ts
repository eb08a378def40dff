import { describe, expect, it } from 'vitest';
import { anomaliesIn } from '../../../src/lib/core/analysis/anomalies.ts';
import { forecastOf } from '../../../src/lib/core/analysis/forecast.ts';
import { growthOf } from '../../../src/lib/core/analysis/growth.ts';
import {
  type DailyValue,
  type Forecast,
  type Pattern,
} from '../../../src/lib/core/model/analysis.ts';
import {
  daily,
  dailyOf,
  DAY,
  GIB,
  noise,
  type NoiseKind,
  noonAfter,
  randomFrom,
} from '../../support/daily-series.ts';

const LIMIT = 1000 * GIB;

function patternsOf(series: readonly DailyValue[]): readonly Pattern[] {
  const growth = growthOf(series);
  return growth.state === 'known' ? growth.patterns : [];
}

/** Days from now; null for never. */
interface Ends {
  readonly earliest: number;
  readonly middle: number;
  readonly latest: number | null;
  readonly confidence: string;
}

function endsOf(forecast: Forecast, now: Date): Ends {
  if (forecast.state !== 'fills') return expect.fail(`it ${forecast.state}`);
  const inDays = (instant: Date): number => Math.round((instant.getTime() - now.getTime()) / DAY);
  return {
    earliest: inDays(forecast.fullAtEarliest),
    middle: forecast.daysUntilFull,
    latest: forecast.fullAtLatest === null ? null : inDays(forecast.fullAtLatest),
    confidence: forecast.confidence,
  };
}

/** 60 days at one rate in GiB a day, and then at another. */
function turned(before: number, after: number, days: number): readonly DailyValue[] {
  const random = randomFrom(4);
  return dailyOf(
    60 + days,
    (day) =>
      GIB * (500 + before * Math.min(day, 59) + after * Math.max(0, day - 59) + random() - 0.5),
  );
}

describe('growth that has lately become another', () => {
  it.each([5, 7, 10, 14])('is warned of where it runs away, %i days later', (days) => {
    const series = turned(1, 20, days);
    const now = noonAfter(60 + days);
    const left = (LIMIT - (series.at(-1)?.value ?? 0)) / GIB;
    const ends = endsOf(forecastOf(series, LIMIT, now), now);
    expect(patternsOf(series)).toContain('faster-lately');
    expect(ends.confidence).toBe('low');
    expect(ends.earliest).toBeLessThanOrEqual(Math.ceil(left / 20) + 1);
    expect(ends.middle).toBeLessThan((left / 20) * 2);
    // It may yet have been an episode.
    expect(ends.latest ?? Infinity).toBeGreaterThan(100);
  });

  it('is noticed as soon as it makes up most of a week', () => {
    expect(patternsOf(turned(1, 20, 4))).toContain('faster-lately');
    expect(patternsOf(turned(1, 20, 1))).not.toContain('faster-lately');
  });

  it('is not what differs by less than half', () => {
    expect(patternsOf(turned(4, 5, 10))).not.toContain('faster-lately');
    expect(patternsOf(turned(4, 7, 10))).toContain('faster-lately');
  });

  it.each([1, 4, 7, 14, 18])('stays a row of anomalies on day %i', (days) => {
    expect(anomaliesIn(turned(1, 20, days))).toHaveLength(Math.min(days, 10));
  });

  it.each([7, 14])('is not trusted where it has stopped, %i days later', (days) => {
    const series = turned(4, 0, days);
    const now = noonAfter(60 + days);
    const ends = endsOf(forecastOf(series, LIMIT, now), now);
    expect(patternsOf(series)).toContain('slower-lately');
    expect(ends.confidence).toBe('low');
    // From today's level on, and not from where the old line would be by now.
    expect(ends.middle).toBeGreaterThanOrEqual(62);
    expect(ends.latest ?? Infinity).toBeGreaterThan(150);
  });

  it('is noticed where only few of the last days were seen', () => {
    const random = randomFrom(5);
    const series = daily(
      Array.from({ length: 84 }, (_, day) => {
        if (day < 60) return GIB * (500 + 4 * day + random());
        return (day - 59) % 8 === 0 ? GIB * (500 + 4 * 59) : null;
      }),
    );
    const now = noonAfter(84);
    expect(patternsOf(series)).toContain('slower-lately');
    expect(endsOf(forecastOf(series, LIMIT, now), now)).toMatchObject({
      confidence: 'low',
      latest: null,
    });
  });

  it.each([1, 2, 3, 6])('is not what one large copy is, %i days later', (days) => {
    const random = randomFrom(6);
    const series = dailyOf(
      60 + days,
      (day) => GIB * (500 + day + (day >= 60 ? 200 : 0) + random()),
    );
    expect(patternsOf(series)).not.toContain('faster-lately');
  });

  it.each<[NoiseKind, number]>([
    ['gaussian', 0.01],
    ['heavy-tailed', 0.01],
    ['autocorrelated', 0.01],
    ['weekly', 0.01],
    ['wandering', 0.04],
  ])('is rarely seen in %s noise', (kind, most) => {
    for (const days of [30, 90]) {
      const seen = Array.from({ length: 500 }, (_, seed) =>
        daily(noise(kind, days, randomFrom(seed)).map((value, day) => GIB * (1000 + day + value))),
      ).filter((series) => patternsOf(series).some((pattern) => pattern.endsWith('lately')));
      expect(seen.length).toBeLessThanOrEqual(most * 500);
    }
  });
});

describe('space that is freed again and again', () => {
  it('may never be full, and no test on past days makes that sure', () => {
    const series = dailyOf(90, (day) => GIB * (500 + 10 * (day % 30)));
    const now = noonAfter(90);
    expect(endsOf(forecastOf(series, LIMIT, now), now)).toMatchObject({
      confidence: 'low',
      latest: null,
    });
  });
});
