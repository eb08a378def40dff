import { type Forecast, type PoolAnalysis, type StorageAnalysis } from '../../model/analysis.ts';
import { SEVERITIES, type Severity } from '../../model/finding.ts';
import { counted, formatInstant, joined } from '../text/format.ts';
import { printable } from '../text/safe.ts';
import {
  changeText,
  countText,
  dayText,
  daysText,
  percentText,
  sizeText,
  timesText,
} from './amounts.ts';
import { forecastedPool } from './first-to-fill.ts';
import { fullInText, missingText } from './forecast-text.ts';

/** What it all comes to, in one or two sentences. */
export interface Verdict {
  readonly text: string;
  /** Of the worst pool; null where none is pressing. */
  readonly severity: Severity | null;
}

export function verdictOf(analysis: StorageAnalysis): Verdict {
  const { pools } = analysis;
  const severity = SEVERITIES.find((each) => pools.some((pool) => pool.severity === each)) ?? null;
  const sentences = [...fullSentences(analysis), forecastSentence(analysis)];
  return { text: sentences.join(' '), severity };
}

/** Pools that are pressing for what they hold now, and not only for what is to come. */
function fullSentences(analysis: StorageAnalysis): string[] {
  const first = forecastedPool(analysis);
  const pressing = analysis.pools.filter((pool) => pool !== first && pool.severity !== null);
  if (pressing.length === 0) return [];
  const names = pressing.map(
    (pool) => `${poolName(pool, analysis)} (${percentText(pool.usedRatio)})`,
  );
  const verb = pressing.length === 1 ? 'is' : 'are';
  return [`${pressing.length === 1 ? 'Pool' : 'Pools'} ${joined(names)} ${verb} pressing as well.`];
}

function poolName(pool: PoolAnalysis, { systems }: StorageAnalysis): string {
  return printable(systems.length > 1 ? `${pool.name} of ${pool.system}` : pool.name);
}

function forecastSentence(analysis: StorageAnalysis): string {
  const { pools, forecast, takenAt } = analysis;
  if (pools.length === 0) return 'No pool was read, so nothing is said of when one fills.';
  const pool = forecastedPool(analysis);
  const name = pool === undefined ? 'A pool' : `Pool ${poolName(pool, analysis)}`;
  const state = pool === undefined ? '' : `, ${percentText(pool.usedRatio)} used,`;
  switch (forecast.state) {
    case 'fills':
      return forecast.daysUntilFull === 0
        ? `${name}${state} is full.`
        : `${name}${state} fills first: in ${fullInText(forecast, takenAt)}, ${betweenText(forecast)}; confidence is ${forecast.confidence}.`;
    case 'does-not-fill':
      return `${aloneOf(pools)} fills within ${daysText(forecast.horizonDays)} as things go${soonestText(forecast)}; confidence is ${forecast.confidence}.`;
    case 'not-enough-data':
      return `When a pool fills cannot be said yet: ${missingText(forecast)}.`;
  }
}

function aloneOf(pools: readonly PoolAnalysis[]): string {
  return pools.length === 1 ? `Pool ${printable(pools[0]?.name ?? '')} never` : 'No pool';
}

function betweenText(forecast: Extract<Forecast, { state: 'fills' }>): string {
  const from = dayText(forecast.fullAtEarliest);
  return forecast.fullAtLatest === null
    ? `from ${from} on`
    : `between ${from} and ${dayText(forecast.fullAtLatest)}`;
}

function soonestText({ fullAtEarliest }: Extract<Forecast, { state: 'does-not-fill' }>): string {
  return fullAtEarliest === null
    ? ''
    : `, and not before ${dayText(fullAtEarliest)} at the fastest`;
}

/** The sums over all pools volumes live on. */
export function totalTexts(analysis: StorageAnalysis): readonly string[] {
  const { totalCapacity, totalAllocated, totalUsed, totalSnapshots, growth } = analysis;
  const { thinProvisioningEfficiency: thin, poolOvercommitmentRatio: overcommit } = analysis;
  const rate =
    growth.state === 'known' ? `; ${changeText(growth.bytesPerDay)} a day on all pools` : '';
  const promised = `${sizeText(totalAllocated)} promised to ${counted(analysis.volumes.length, 'volume')}`;
  return [
    `${sizeText(totalUsed)} used and ${sizeText(totalSnapshots)} in snapshots, of ${sizeText(totalCapacity)}${rate}.`,
    [
      promised,
      ...(overcommit === null ? [] : [`${timesText(overcommit)} the capacity`]),
      ...(thin === null ? [] : [thinText(thin)]),
    ].join(', ') + '.',
  ];
}

function thinText(efficiency: number): string {
  return efficiency >= 0
    ? `${percentText(efficiency)} of it not taken`
    : `${percentText(-efficiency)} more taken than promised`;
}

/** How far back was looked, and how much of that there is. */
export function historyText({ history, takenAt }: StorageAnalysis): string {
  const { firstAt, days, askedDays } = history;
  if (firstAt === null) {
    return 'No history yet: this is the present alone. Every complete scan adds to it.';
  }
  const asked = counted(askedDays, 'day');
  return `History: ${countText(days)} of the last ${asked} have a scan, the first of ${formatInstant(firstAt)}, up to ${dayText(takenAt)}.`;
}
