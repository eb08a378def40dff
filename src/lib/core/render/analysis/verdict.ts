import { type PoolAnalysis, type StorageAnalysis } from '../../model/analysis.ts';
import { type Forecast } from '../../model/trend.ts';
import { SEVERITIES, type Severity } from '../../model/finding.ts';
import { namelessIn } from '../../analysis/nameless.ts';
import { unreadSpace } from '../../analysis/unread.ts';
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
  if (pools.length === 0) return `${withoutPools(analysis)}, so nothing is said of when one fills.`;
  const pool = forecastedPool(analysis);
  const name = pool === undefined ? 'A pool' : `Pool ${poolName(pool, analysis)}`;
  const state = pool === undefined ? '' : `, ${percentText(pool.usedRatio)} used,`;
  switch (forecast.state) {
    case 'fills':
      return forecast.daysUntilFull === 0
        ? `${name}${state} is full.`
        : `${name}${state} fills first: in ${fullInText(forecast, takenAt)}, ${betweenText(forecast)}; confidence is ${forecast.confidence}.`;
    case 'does-not-fill':
      return `${aloneOf(analysis)} within ${daysText(forecast.horizonDays)} as things go${soonestText(forecast)}; confidence is ${forecast.confidence}.${unforeseen(analysis)}`;
    case 'not-enough-data':
      return `When a pool fills cannot be said yet: ${missingText(forecast)}.`;
  }
}

/** Why there is no pool to speak of. */
function withoutPools({ silentPools, systems, ...scan }: StorageAnalysis): string {
  const unread = unreadSpace(scan);
  if (unread.length > 0)
    return `How full pools are, and what volumes take of them, is unknown: ${notWhole(unread)}`;
  if (silentPools > 0) return 'No pool tells what is used of it';
  const seen = systems.reduce((sum, { pools }) => sum + pools.length, 0);
  return seen === 0
    ? 'No pool was read'
    : `No pool matches the filter, of ${seen === 1 ? 'the one that was' : `${countText(seen)} that were`} read`;
}

/** `datasets of nas1 were not read whole`. */
function notWhole(unread: readonly string[]): string {
  return `${printable(joined(unread))} were not read whole`;
}

/** Pools of which it is not known yet when they fill. */
function withoutForecast({ pools }: StorageAnalysis): readonly PoolAnalysis[] {
  return pools.filter(({ forecast }) => forecast.state === 'not-enough-data');
}

/** Whatever does not fill says nothing of a pool nobody can look ahead for. */
function aloneOf(analysis: StorageAnalysis): string {
  const { pools } = analysis;
  const foreseen = pools.filter((pool) => !withoutForecast(analysis).includes(pool));
  const names = foreseen.map((pool) => poolName(pool, analysis));
  if (foreseen.length === 1) return `Pool ${joined(names)} does not fill`;
  return foreseen.length < pools.length ? `Pools ${joined(names)} do not fill` : 'No pool fills';
}

function unforeseen(analysis: StorageAnalysis): string {
  const names = withoutForecast(analysis).map((pool) => poolName(pool, analysis));
  if (names.length === 0) return '';
  return ` When ${names.length === 1 ? 'pool' : 'pools'} ${joined(names)} ${names.length === 1 ? 'fills' : 'fill'} cannot be said yet.`;
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
  const unread = unreadSpace(analysis);
  if (unread.length > 0) return unknownTexts(analysis, unread);
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

/** Volumes that were seen are listed; a sum of them would pass for that of all. */
function unknownTexts(
  { totalCapacity }: StorageAnalysis,
  unread: readonly string[],
): readonly string[] {
  const capacity = totalCapacity === null ? '' : ` The pools can hold ${sizeText(totalCapacity)}.`;
  return [`What volumes take and were promised is unknown: ${notWhole(unread)}.${capacity}`];
}

/** Of all namespaces, whichever are listed. */
function volumesOn(pools: readonly PoolAnalysis[]): number {
  return pools.reduce((sum, { volumes }) => sum + (volumes ?? 0), 0);
}

function thinText(efficiency: number): string {
  return efficiency >= 0
    ? `${percentText(efficiency)} of it not taken`
    : `${percentText(-efficiency)} more taken than promised`;
}

/** How far back was looked, and how much of that there is. */
export function historyText({ history, ...scan }: StorageAnalysis): string {
  const { firstAt, days, askedDays } = history;
  if (firstAt === null && namelessIn(scan).length > 0) {
    return 'No history can be kept, so this is the present alone: the notes say why.';
  }
  if (firstAt === null) {
    return 'No history yet: this is the present alone. Every complete scan adds to it.';
  }
  const asked = counted(askedDays, 'day');
  return `History: a scan on ${countText(days)} of the last ${asked}, the first on ${dayText(firstAt)}.`;
}
