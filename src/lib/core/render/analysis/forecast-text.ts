import { type BackTest, type Forecast, type NotEnoughData } from '../../model/trend.ts';
import { be } from '../../rules/checks/wording.ts';
import { daysText, percentText, UNKNOWN } from './amounts.ts';

const DAY = 86_400_000;

/** Whole days from one instant to another; none where it has passed. */
function daysUntil(at: Date, now: Date): number {
  return Math.max(0, Math.round((at.getTime() - now.getTime()) / DAY));
}

/** When it is full, with the interval: `47 d (38–61 d)`. */
export function fullInText(forecast: Forecast, now: Date): string {
  switch (forecast.state) {
    case 'fills': {
      if (forecast.daysUntilFull === 0) return 'full now';
      const earliest = daysUntil(forecast.fullAtEarliest, now);
      const middle = daysText(forecast.daysUntilFull);
      return forecast.fullAtLatest === null
        ? `${middle} (${daysText(earliest)}+)`
        : `${middle} (${rangeText(earliest, daysUntil(forecast.fullAtLatest, now))})`;
    }
    case 'does-not-fill': {
      const beyond = `> ${daysText(forecast.horizonDays)}`;
      const { fullAtEarliest } = forecast;
      return fullAtEarliest === null
        ? beyond
        : `${beyond} (${daysText(daysUntil(fullAtEarliest, now))}+)`;
    }
    case 'not-enough-data':
      return UNKNOWN;
  }
}

function rangeText(from: number, to: number): string {
  const [start, end] = [daysText(from), daysText(to)];
  // One unit for both, where it is the same.
  return start.slice(-2) === end.slice(-2) ? `${start.slice(0, -2)}–${end}` : `${start} – ${end}`;
}

/** Empty where there is no forecast to be sure of. */
export function confidenceText(forecast: Forecast): string {
  return forecast.state === 'not-enough-data' ? '' : forecast.confidence;
}

/** How the forecast would have done: `94 % of 18 d, off by 0.4 %`. */
export function backTestText(forecast: Forecast): string {
  const test = forecast.state === 'not-enough-data' ? null : forecast.backTest;
  return test === null ? UNKNOWN : testText(test);
}

function testText({ heldBackDays, coverage, medianError }: BackTest): string {
  return `${percentText(coverage)} of ${daysText(heldBackDays)}, off by ${(medianError * 100).toFixed(1)} %`;
}

/** What a statement still waits for; as often as not days enough over too short a span. */
export function missingText({ days, spanDays, neededDays, neededSpanDays }: NotEnoughData): string {
  const [known, span] = [Math.min(days, neededDays), Math.min(spanDays, neededSpanDays)];
  return `${String(known)} of the ${String(neededDays)} days it takes ${be(known)} known, over ${String(span)} of at least ${String(neededSpanDays)}`;
}
