import { type BarChart, type Chart, type TimeChart } from '../../model/chart.ts';

/* A chart as a table, for whoever cannot see it. */

const DAY = 86_400_000;
/** More rows than this and nobody reads them: points are then a week or a month apart. */
const MOST = 26;
const STEPS = [1, 7, 30] as const;

export function chartColumns(chart: Chart): readonly string[] {
  if (chart.kind === 'bars') return ['', ...chart.series.map((name) => withUnit(name, chart.unit))];
  const { lines, band, unit } = chart;
  return [
    'day',
    ...lines.map(({ name }) => withUnit(name, unit)),
    ...(band === null ? [] : [`${band.name}, low (${unit})`, `${band.name}, high (${unit})`]),
    ...(chart.events.length === 0 ? [] : ['event']),
  ];
}

function withUnit(name: string, unit: string): string {
  return `${name} (${unit})`;
}

export function chartRows(chart: Chart): readonly (readonly string[])[] {
  return chart.kind === 'bars' ? barRows(chart) : timeRows(chart);
}

function barRows({ bars }: BarChart): readonly (readonly string[])[] {
  return bars.map(({ label, values }) => [label, ...values.map(numberText)]);
}

function numberText(value: number | undefined): string {
  return value === undefined ? '' : value.toFixed(2);
}

function byDay<P extends { readonly day: Date }>(points: readonly P[]): ReadonlyMap<number, P> {
  return new Map(points.map((point) => [point.day.getTime(), point]));
}

function timeRows({ lines, band, events }: TimeChart): readonly (readonly string[])[] {
  const values = lines.map(({ points }) => byDay(points));
  const intervals = byDay(band?.points ?? []);
  const labels = Map.groupBy(events, ({ day }) => day.getTime());
  const days = [
    ...new Set([...values.flatMap((points) => [...points.keys()]), ...labels.keys()]),
  ].sort((a, b) => a - b);
  return days
    .filter(isShown(days, labels))
    .map((day) => [
      new Date(day).toISOString().slice(0, 10),
      ...values.map((points) => numberText(points.get(day)?.value)),
      ...(band === null
        ? []
        : [numberText(intervals.get(day)?.low), numberText(intervals.get(day)?.high)]),
      ...(events.length === 0
        ? []
        : [(labels.get(day) ?? []).map(({ label }) => label).join('; ')]),
    ]);
}

/** Days so far apart that the table can be read, the first, the last, and every one on which something happened. */
function isShown(
  days: readonly number[],
  labels: ReadonlyMap<number, unknown>,
): (day: number) => boolean {
  const first = days[0] ?? 0;
  const last = days.at(-1) ?? 0;
  const step = STEPS.find((each) => (last - first) / DAY / each <= MOST) ?? 30;
  let next = first;
  return (day) => {
    if (day >= next) {
      // By the calendar and not by the last row: a gap does not shift what follows.
      next = day + step * DAY - ((day - first) % (step * DAY));
      return true;
    }
    return day === last || labels.has(day);
  };
}
