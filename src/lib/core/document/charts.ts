import {
  type Anomaly,
  type DailyValue,
  type ForecastPoint,
  type Growth,
} from '../model/analysis.ts';
import { type ChartEvent, type ChartLimit, type TimeChart } from '../model/chart.ts';
import { signedText } from './words.ts';

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** The largest unit in which a size is one or more, and how to write values in it. */
export interface Scale {
  readonly unit: string;
  readonly of: (size: number) => number;
}

/** Chart values are for the eye: a thousandth of the unit is finer than any line. */
export function scaleFor(largest: number): Scale {
  let power = 0;
  while (largest >= 1024 ** (power + 1) && power < UNITS.length - 1) power += 1;
  const size = 1024 ** power;
  return {
    unit: UNITS[power] ?? 'B',
    of: (value) => Math.round((value / size) * 1000) / 1000,
  };
}

export interface SizesOverTime {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** What the observed line is called. */
  readonly observed: string;
  readonly history: readonly DailyValue[];
  readonly ahead: readonly ForecastPoint[];
  /** In bytes. */
  readonly limits: readonly ChartLimit[];
  readonly events: readonly ChartEvent[];
  readonly low: boolean;
}

/** Sizes by day, with what is ahead of them. */
export function sizeChart(sizes: SizesOverTime): TimeChart {
  const { id, title, description, observed, history, ahead, limits, events, low } = sizes;
  const scale = scaleFor(
    Math.max(
      ...history.map(({ value }) => value),
      ...ahead.map(({ high }) => high),
      ...limits.map(({ value }) => value),
    ),
  );
  const line = ({ day, value }: DailyValue): DailyValue => ({ day, value: scale.of(value) });
  return {
    kind: 'time',
    id,
    title,
    description,
    unit: scale.unit,
    lines: [
      { name: observed, role: 'observed', points: history.map(line) },
      ...(ahead.length === 0
        ? []
        : [{ name: 'forecast', role: 'forecast' as const, points: ahead.map(line) }]),
    ],
    band:
      ahead.length === 0
        ? null
        : {
            name: '90 % interval',
            points: ahead.map(({ day, ...interval }) => ({
              day,
              low: scale.of(Math.max(0, interval.low)),
              high: scale.of(interval.high),
            })),
          },
    limits: limits.map(({ label, value }) => ({ label, value: scale.of(value) })),
    events,
    low,
  };
}

/** Steps and anomalies as marks on a chart; a day that is both is a step. */
export function eventsOf(growth: Growth, anomalies: readonly Anomaly[]): readonly ChartEvent[] {
  const steps = growth.state === 'known' ? growth.steps : [];
  const stepped = new Set(steps.map(({ day }) => day.getTime()));
  return [
    ...steps.map(({ day, bytes }) => ({ day, label: `step of ${signedText(bytes)}` })),
    ...anomalies
      .filter(({ day }) => !stepped.has(day.getTime()))
      .map(({ day, bytes }) => ({ day, label: `anomaly of ${signedText(bytes)}` })),
  ].sort((a, b) => a.day.getTime() - b.day.getTime());
}
