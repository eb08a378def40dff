import { describe, expect, it } from 'vitest';
import {
  changeText,
  daysText,
  percentText,
  rateText,
  sizeText,
  timesText,
} from '../../../../src/lib/core/render/analysis/amounts.ts';
import {
  backTestText,
  fullInText,
  missingText,
} from '../../../../src/lib/core/render/analysis/forecast-text.ts';
import {
  aGrowth,
  daysAgo,
  doesNotFill,
  fillsIn,
  notEnough,
} from '../../../support/analysis-builders.ts';
import { TAKEN_AT } from '../../../support/report-builders.ts';

describe('an amount', () => {
  it('that is not known has a sign of its own', () => {
    expect(sizeText(null)).toBe('—');
    expect(percentText(null)).toBe('—');
    expect(timesText(null)).toBe('—');
    expect(rateText(notEnough())).toBe('—');
  });

  it.each([
    [0, '0 B'],
    [-0.4, '0 B'],
    [1.5 * 1024 ** 3, '+1.5 GiB'],
    [-20 * 1024 ** 2, '-20 MiB'],
    [1e300, '+8 PiB'],
  ])('of change (%d) has its sign', (bytes, expected) => {
    expect(changeText(bytes)).toBe(expected);
  });

  it.each([
    [0, '0 %'],
    [0.001, '<1 %'],
    [0.856, '85 %'],
    [0.7999, '79 %'],
    [0.29, '29 %'],
    [0.9999, '99 %'],
    [1, '100 %'],
    [1.5, '150 %'],
  ])('of a whole (%d) says of no limit that it is reached before it is', (ratio, expected) => {
    expect(percentText(ratio)).toBe(expected);
  });

  it.each([
    [0, '0.00×'],
    [0.004, '< 0.01×'],
    [0.53, '0.53×'],
    [1, '1.00×'],
    [2.255, '2.25×'],
  ])('of a multiple (%d) has two decimals', (ratio, expected) => {
    expect(timesText(ratio)).toBe(expected);
  });

  it.each([
    [0, '0 d'],
    [47.4, '47 d'],
    [729, '729 d'],
    [730, '2 y'],
    [1000, '2.7 y'],
  ])('of days (%d) is in years once nobody counts days', (days, expected) => {
    expect(daysText(days)).toBe(expected);
  });

  it('of growth is the robust one', () => {
    expect(rateText(aGrowth({ bytesPerDay: 1024, leastSquaresBytesPerDay: 4096 }))).toBe('+1 KiB');
  });
});

describe('when something is full', () => {
  it.each([
    ['47 d (38–61 d)', fillsIn(47, { fullAtEarliest: daysAgo(-38), fullAtLatest: daysAgo(-61) })],
    ['47 d (38 d+)', fillsIn(47, { fullAtEarliest: daysAgo(-38), fullAtLatest: null })],
    [
      '700 d (600 d – 2.5 y)',
      fillsIn(700, { fullAtEarliest: daysAgo(-600), fullAtLatest: daysAgo(-900) }),
    ],
    ['1 d (0–2 d)', fillsIn(1, { fullAtEarliest: daysAgo(3), fullAtLatest: daysAgo(-2) })],
    ['full now', fillsIn(0)],
    ['> 2 y', doesNotFill()],
    ['> 2 y (580 d+)', doesNotFill({ fullAtEarliest: daysAgo(-580) })],
    ['—', notEnough()],
  ])('reads %s', (expected, forecast) => {
    expect(fullInText(forecast, TAKEN_AT)).toBe(expected);
  });

  it('comes with how a forecast did before, where that was tried', () => {
    expect(backTestText(fillsIn(3))).toBe('94 % of 18 d, off by 0.4 %');
    expect(backTestText(fillsIn(3, { backTest: null }))).toBe('—');
    expect(backTestText(notEnough())).toBe('—');
  });

  it.each([
    [1, '1 of the 14 days it takes is known, over 1 of at least 14'],
    [3, '3 of the 14 days it takes are known, over 3 of at least 14'],
  ])('says in numbers that agree what %d days lack', (days, expected) => {
    const short = notEnough({ days, spanDays: days, neededDays: 14, neededSpanDays: 14 });
    expect(missingText(short)).toBe(expected);
  });
});
