import { type TakenNow } from '../../model/analysis.ts';
import { type DailyValue, type Forecast, type Growth } from '../../model/trend.ts';
import { sparkline } from '../text/sparkline.ts';
import { changeText, daysText, rateText, sizeText, timesText, UNKNOWN } from './amounts.ts';
import { type RankedColumn } from './fitted-grid.ts';
import { backTestText } from './forecast-text.ts';
import { type View } from './view.ts';

/* Columns that pools, classes and volumes have in common. */

type Cell<T> = RankedColumn<T>['cell'];

/** Text that is read whole. */
export function textColumn<T>(header: string, rank: number, cell: Cell<T>): RankedColumn<T> {
  return {
    header,
    align: 'left',
    cut: 'never',
    atLeast: 0,
    cell,
    style: null,
    rank,
    below: null,
    wide: false,
  };
}

export function numberColumn<T>(header: string, rank: number, cell: Cell<T>): RankedColumn<T> {
  return { ...textColumn(header, rank, cell), align: 'right' };
}

/** A name, which is cut in the middle before a column goes. */
export function nameColumn<T>(header: string, atLeast: number, cell: Cell<T>): RankedColumn<T> {
  return { ...textColumn(header, 0, cell), cut: 'middle', atLeast };
}

interface OverTime {
  readonly growth: Growth;
  readonly history: readonly DailyValue[];
}

export function growthColumn<T extends OverTime>(): RankedColumn<T> {
  const column = numberColumn<T>('GROWTH/DAY', 1, ({ growth }) => rateText(growth));
  return { ...column, below: ({ growth }) => `${rateText(growth)} a day` };
}

/** None where there is nothing to draw. */
export function trendColumns<T extends OverTime>(
  { window, glyphs }: View,
  rows: readonly T[],
): readonly RankedColumn<T>[] {
  if (rows.every(({ history }) => history.length < 2)) return [];
  return [textColumn('TREND', 2, ({ history }) => trendText(history, window, glyphs))];
}

/** A single day is no line. */
export function trendText(
  history: readonly DailyValue[],
  window: View['window'],
  glyphs: View['glyphs'],
): string {
  return history.length < 2 ? '' : sparkline(history, window, glyphs);
}

function wide<T>(column: RankedColumn<T>): RankedColumn<T> {
  return { ...column, wide: true };
}

function logicalText({ used, snapshots, compression }: TakenNow): string {
  return sizeText(compression === null ? null : (used + snapshots) * compression);
}

/** How sure the growth is, and what it was worked out from. */
export function wideGrowthColumns<T extends OverTime & TakenNow>(): readonly RankedColumn<T>[] {
  return [
    wide(numberColumn('LOGICAL', 9, logicalText)),
    wide(textColumn('GROWTH 90 %', 9, ({ growth }) => intervalText(growth))),
    wide(numberColumn('LEAST SQUARES', 9, ({ growth }) => leastSquaresText(growth))),
    wide(numberColumn('DAYS', 9, ({ growth }) => String(growth.days))),
    wide(numberColumn('SPAN', 9, ({ growth }) => daysText(growth.spanDays))),
    wide(textColumn('STEPS', 9, ({ growth }) => stepsText(growth))),
  ];
}

export function wideForecastColumns<
  T extends { readonly forecast: Forecast },
>(): readonly RankedColumn<T>[] {
  return [wide(textColumn('BACK-TEST', 9, ({ forecast }) => backTestText(forecast)))];
}

export function compressionColumn<T extends TakenNow>(): RankedColumn<T> {
  const column = numberColumn<T>('COMPRESSION', 8, ({ compression }) => timesText(compression));
  return { ...column, below: ({ compression }) => `compression ${timesText(compression)}` };
}

export function patternColumn<T extends OverTime>(): RankedColumn<T> {
  return {
    ...textColumn<T>('PATTERN', 7, ({ growth }) => patternText(growth)),
    below: ({ growth }) => patternText(growth),
  };
}

function patternText(growth: Growth): string {
  return growth.state === 'known' ? growth.patterns.join(', ') : '';
}

function intervalText(growth: Growth): string {
  if (growth.state !== 'known') return UNKNOWN;
  return `${changeText(growth.low)} to ${changeText(growth.high)}`;
}

function leastSquaresText(growth: Growth): string {
  return growth.state === 'known' ? changeText(growth.leastSquaresBytesPerDay) : UNKNOWN;
}

function stepsText(growth: Growth): string {
  if (growth.state !== 'known') return UNKNOWN;
  return growth.steps
    .map(({ day, bytes }) => `${changeText(bytes)} on ${day.toISOString().slice(0, 10)}`)
    .join(', ');
}
