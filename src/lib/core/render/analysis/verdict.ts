import { type Forecast, type PoolAnalysis, type StorageAnalysis } from '../../model/analysis.ts';
import { SEVERITIES, type Severity } from '../../model/finding.ts';
import { counted, joined } from '../text/format.ts';
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
  const sentences = [forecastSentence(analysis), ...pressingSentences(analysis)];
  return { text: sentences.join(' '), severity };
}

/** Pools that are pressing beside the one that fills first. */
function pressingSentences(analysis: StorageAnalysis): string[] {
  const first = forecastedPool(analysis);
  const pressing = analysis.pools.filter((pool) => pool !== first && pool.severity !== null);
  if (pressing.length === 0) return [];
  const names = pressing.map(
    (pool) => `${poolName(pool, analysis)} (${percentText(pool.usedRatio)})`,
  );
  const verb = pressing.length === 1 ? 'is' : 'are';
  return [`${pressing.length === 1 ? 'Pool' : 'Pools'} ${joined(names)} ${verb} pressing as well.`];
}

function poolName({ system, name }: PoolAnalysis, { pools }: StorageAnalysis): string {
  const isShared = pools.some((pool) => pool.name === name && pool.system !== system);
  return printable(isShared ? `${name} of ${system}` : name);
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
      return `${aloneOf(pools)} within ${daysText(forecast.horizonDays)} as things go${soonestText(forecast)}; confidence is ${forecast.confidence}.`;
    case 'not-enough-data':
      return `When a pool fills cannot be said yet: ${missingText(forecast)}.`;
  }
}

function aloneOf(pools: readonly PoolAnalysis[]): string {
  const [only] = pools;
  return pools.length === 1 && only !== undefined
    ? `Pool ${printable(only.name)} does not fill`
    : 'No pool fills';
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
  // Zeros of what was not read would pass for facts.
  if (analysis.pools.length === 0) return [];
  const { totalCapacity, totalAllocated, totalUsed, totalSnapshots, growth } = analysis;
  const { thinProvisioningEfficiency: thin, poolOvercommitmentRatio: overcommit } = analysis;
  const rate =
    growth.state === 'known' ? `; the pools fill by ${changeText(growth.bytesPerDay)} a day` : '';
  const promised = `${sizeText(totalAllocated)} promised to ${counted(volumesOn(analysis.pools), 'volume')}`;
  return [
    `Volumes take ${sizeText(totalUsed)} and their snapshots ${sizeText(totalSnapshots)} of ${sizeText(totalCapacity)}${rate}.`,
    [
      promised,
      ...(overcommit === null ? [] : [`${timesText(overcommit)} the capacity`]),
      ...(thin === null ? [] : [thinText(thin)]),
    ].join(', ') + '.',
  ];
}

/** Of all namespaces, whichever are listed. */
function volumesOn(pools: readonly PoolAnalysis[]): number {
  return pools.reduce((sum, { volumes }) => sum + volumes, 0);
}

function thinText(efficiency: number): string {
  return efficiency >= 0
    ? `${percentText(efficiency)} of it not taken`
    : `${percentText(-efficiency)} more taken than promised`;
}

/** How far back was looked, and how much of that there is. */
export function historyText({ history }: StorageAnalysis): string {
  const { firstAt, days, askedDays } = history;
  if (firstAt === null) {
    return 'No history yet: this is the present alone. Every complete scan adds to it.';
  }
  const asked = counted(askedDays, 'day');
  return `History: a scan on ${countText(days)} of the last ${asked}, the first on ${dayText(firstAt)}.`;
}
