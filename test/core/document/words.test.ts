import { describe, expect, it } from 'vitest';
import {
  forecastOrder,
  forecastSentence,
  growthSentence,
  notEnoughText,
  signedText,
  sizeText,
} from '../../../src/lib/core/document/words.ts';
import {
  aGrowth,
  daysAgo,
  doesNotFill,
  fillsIn,
  notEnough,
} from '../../support/analysis-builders.ts';

const UNTESTED = 'There are too few days to hold some back and test it.';

describe('a forecast in a sentence', () => {
  it.each([
    [
      fillsIn(10, { backTest: null }),
      `Forecast: full in 10 days (between 2026-11-30 and 2026-12-05; confidence high). ${UNTESTED}`,
    ],
    [
      fillsIn(0, { fullAtLatest: null, backTest: null }),
      `Forecast: full now (2026-11-22 at the earliest, with no end in sight at the slow end of the interval; confidence high). ${UNTESTED}`,
    ],
    [
      doesNotFill({ fullAtEarliest: daysAgo(-580), backTest: null }),
      `Forecast: full not within 730 days (at the fast end of the interval on 2028-06-24; confidence medium). ${UNTESTED}`,
    ],
    [
      doesNotFill(),
      'Forecast: full not within 730 days (confidence medium). Of 18 held-back days 89 % lay within its interval, with a median error of 1.2 %.',
    ],
    [
      notEnough(),
      'Forecast: not enough data: 3 days with a scan over 2 days; it takes 7 days with a scan over 14 days.',
    ],
  ])('tells its interval and its test: %#', (forecast, sentence) => {
    expect(forecastSentence(forecast)).toBe(sentence);
  });
});

it('sorts forecasts by the soonest, and those that are not known last', () => {
  const all = [notEnough(), doesNotFill(), fillsIn(90), fillsIn(3)];
  expect(all.toSorted((a, b) => forecastOrder(a) - forecastOrder(b))).toEqual(all.toReversed());
});

describe('growth in a sentence', () => {
  it('names what the data show, and nothing where they show nothing', () => {
    expect(growthSentence(aGrowth({ patterns: ['weekly', 'faster-lately'] }))).toMatch(
      / The data show a weekly rhythm and faster lately\.$/,
    );
    expect(growthSentence(aGrowth())).toMatch(/from 90 days with a scan over 89 days\.$/);
  });

  it('speaks of no day where there was none yet', () => {
    expect(notEnoughText(notEnough({ days: 0, spanDays: 0 }))).toMatch(
      /^not enough data: no day with a scan yet; it takes/,
    );
  });
});

describe('sizes in words', () => {
  it('are unknown where nobody knows, and have a sign only where they change', () => {
    expect(sizeText(null)).toBe('unknown');
    expect([-1024, 0, 0.2, 1024].map(signedText)).toEqual(['-1 KiB', '0 B', '0 B', '+1 KiB']);
  });
});
