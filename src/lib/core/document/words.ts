import {
  type BackTest,
  type Forecast,
  type Growth,
  type NotEnoughData,
  type Pattern,
} from '../model/analysis.ts';
import { bytes } from '../model/units.ts';
import { counted, formatBytes, joined } from '../render/text/format.ts';

/* Numbers in words, each with its unit. */

export function sizeText(size: number): string {
  return formatBytes(bytes(Math.min(Math.round(Math.abs(size)), Number.MAX_SAFE_INTEGER)));
}

/** A change of size: `+1.5 GiB`, `-20 MiB`, `0 B`. */
export function signedText(change: number): string {
  const text = sizeText(change);
  if (text === '0 B') return text;
  return `${change < 0 ? '-' : '+'}${text}`;
}

export function perDayText(change: number): string {
  return `${signedText(change)} a day`;
}

/** `84 %`, and a decimal where whole numbers would hide what there is. */
export function percentText(ratio: number): string {
  const percent = ratio * 100;
  const isFine = percent > 0 && percent < 10;
  return `${percent.toFixed(isFine ? 1 : 0)} %`;
}

/** How many times as much: `1.85 ×`. */
export function timesText(ratio: number): string {
  return `${ratio.toFixed(2)} ×`;
}

/** A day in UTC: `2026-11-22`. */
export function dayText(day: Date): string {
  return day.toISOString().slice(0, 10);
}

/** What there is, and what it would take. */
export function notEnoughText(data: NotEnoughData): string {
  const { days, spanDays, neededDays, neededSpanDays } = data;
  const have =
    days === 0 ? 'no day with a scan yet' : `${daysWith(days)} over ${counted(spanDays, 'day')}`;
  return `not enough data: ${have}; it takes ${daysWith(neededDays)} over ${counted(neededSpanDays, 'day')}`;
}

function daysWith(days: number): string {
  return `${counted(days, 'day')} with a scan`;
}

export const PATTERN_WORDS: Readonly<Record<Pattern, string>> = {
  weekly: 'a weekly rhythm',
  steps: 'steps',
  bursts: 'bursts',
  'faster-lately': 'faster lately',
  'slower-lately': 'slower lately',
};

/** Growth in a cell. */
export function growthText(growth: Growth): string {
  return growth.state === 'known' ? perDayText(growth.bytesPerDay) : 'not enough data';
}

/** Growth in a sentence, with all that is known of it. */
export function growthSentence(growth: Growth): string {
  if (growth.state !== 'known') return `Growth: ${notEnoughText(growth)}.`;
  const { bytesPerDay, low, high, leastSquaresBytesPerDay, days, spanDays, patterns } = growth;
  const shown =
    patterns.length === 0
      ? ''
      : ` The data show ${joined(patterns.map((each) => PATTERN_WORDS[each]))}.`;
  return `Growth: ${perDayText(bytesPerDay)} (90 % interval ${signedText(low)} to ${perDayText(high)}; by least squares, steps included, ${perDayText(leastSquaresBytesPerDay)}), from ${daysWith(days)} over ${counted(spanDays, 'day')}.${shown}`;
}

/** When it is full, in a cell. */
export function forecastText(forecast: Forecast): string {
  switch (forecast.state) {
    case 'not-enough-data':
      return 'not enough data';
    case 'does-not-fill':
      return `not within ${counted(forecast.horizonDays, 'day')}`;
    case 'fills':
      return forecast.daysUntilFull === 0 ? 'now' : `in ${counted(forecast.daysUntilFull, 'day')}`;
  }
}

/** What to sort forecasts by: the soonest first, those without one last. */
export function forecastOrder(forecast: Forecast): number {
  if (forecast.state === 'fills') return forecast.daysUntilFull;
  return forecast.state === 'does-not-fill' ? Number.MAX_SAFE_INTEGER - 1 : Number.MAX_SAFE_INTEGER;
}

/** The interval of a forecast, and how far it can be trusted; what it would take where there is none. */
export function forecastDetail(forecast: Forecast): string {
  if (forecast.state === 'not-enough-data') return notEnoughText(forecast);
  return `${intervalText(forecast)}confidence ${forecast.confidence}`;
}

function intervalText(forecast: Exclude<Forecast, NotEnoughData>): string {
  const { fullAtEarliest } = forecast;
  if (fullAtEarliest === null) return '';
  const earliest = dayText(fullAtEarliest);
  if (forecast.state === 'does-not-fill') {
    return `at the fast end of the interval on ${earliest}; `;
  }
  return forecast.fullAtLatest === null
    ? `${earliest} at the earliest, with no end in sight at the slow end of the interval; `
    : `between ${earliest} and ${dayText(forecast.fullAtLatest)}; `;
}

/** When it is full, in a sentence, as an interval and with how far it can be trusted. */
export function forecastSentence(forecast: Forecast): string {
  if (forecast.state === 'not-enough-data') return `Forecast: ${notEnoughText(forecast)}.`;
  return `Forecast: full ${forecastText(forecast)} (${forecastDetail(forecast)}). ${testText(forecast.backTest)}`;
}

function testText(test: BackTest | null): string {
  if (test === null) return 'There are too few days to hold some back and test it.';
  return `Of ${counted(test.heldBackDays, 'held-back day')} ${percentText(test.coverage)} lay within its interval, with a median error of ${percentText(test.medianError)}.`;
}
