import type { TickCount } from 'vega';
import { type TimeChart } from '../../core/model/chart.ts';
import {
  EVENT_ROW,
  eventKey,
  eventLines,
  eventMarks,
  eventNumbers,
  groupEvents,
} from './events.ts';
import { axisOf, type Extent, extentOf, position } from './extent.ts';
import {
  type Drawing,
  type Frame,
  type Label,
  labelsLayer,
  LINE_HEIGHT,
  shown,
  textWidth,
  TITLE_HEIGHT,
  titleLabels,
  titleLines,
} from './frame.ts';
import { legendOf } from './legend.ts';
import { limitLabels, limitMarks } from './limits.ts';
import { bandEntry, linesLayer, withSamples } from './lines.ts';

const DAY = 86_400_000;
const LEFT = 64;
const RIGHT = 40;
const PLOT_HEIGHT = 190;
const LOW_HEIGHT = 96;
/** Labels and title of the horizontal axis. */
const AXIS_HEIGHT = 44;
/** The unit, above the vertical axis. */
const UNIT_HEIGHT = 28;
const TICK_WIDTH = 96;

function daysOf({ lines, band, events }: TimeChart): Extent | null {
  const days = extentOf(
    [...lines.flatMap(({ points }) => points), ...(band?.points ?? []), ...events].map(({ day }) =>
      day.getTime(),
    ),
  );
  if (days === null) return null;
  return days.low === days.high ? { low: days.low - DAY, high: days.high + DAY } : days;
}

function valuesOf({ lines, band, limits }: TimeChart): Extent {
  const values = extentOf([
    ...lines.flatMap(({ points }) => points.map(({ value }) => value)),
    ...(band?.points ?? []).flatMap(({ low, high }) => [low, high]),
    ...limits.map(({ value }) => value),
  ]);
  return axisOf(values ?? { low: 0, high: 1 });
}

/** As many dates as fit, and none twice. */
function ticksOf(days: Extent | null, most: number): TickCount {
  const few = days !== null && (days.high - days.low) / DAY <= most;
  return few ? { interval: 'day', step: 1 } : Math.max(2, most);
}

/** Days on dates that people count from, as many as fit. */
function axes(
  { unit, low }: TimeChart,
  days: Extent | null,
  width: number,
): Drawing['spec']['axes'] {
  const value = {
    orient: 'left',
    scale: 'y',
    grid: true,
    tickCount: low ? 4 : 6,
    format: ',.10~r',
    title: shown(unit),
    titleAngle: 0,
    titleAlign: 'left',
    titleAnchor: 'start',
    titleBaseline: 'middle',
    titleX: -LEFT + 4,
    titleY: -16,
  } as const;
  const date = {
    orient: 'bottom',
    scale: 'x',
    format: '%Y-%m-%d',
    tickCount: ticksOf(days, Math.floor(width / TICK_WIDTH)),
    title: 'Date (UTC)',
    titlePadding: 8,
  } as const;
  return days !== null ? [value, date] : [value];
}

/** A chart over days; where nothing is known it says so. */
export function drawTime(chart: TimeChart, width: number): Drawing {
  const days = daysOf(chart);
  const values = valuesOf(chart);
  const plotWidth = width - LEFT - RIGHT;
  const plotHeight = chart.low ? LOW_HEIGHT : PLOT_HEIGHT;
  const xOf = (day: Date): number => (days === null ? 0 : position(day.getTime(), days, plotWidth));
  const drawn = withSamples(chart.lines);
  const entries = [
    ...drawn.map(({ line, sample }) => ({ name: line.name, sample })),
    ...(chart.band === null ? [] : [bandEntry(chart.band)]),
  ];
  // What a single line is, the title says.
  const legend = legendOf(entries.length < 2 ? [] : entries, width - 8);
  const events = groupEvents(chart.events, xOf);
  const key = eventLines(events, plotWidth);
  const title = titleLines(chart.title, width);
  // The row of numbers begins where the unit ends.
  const eventRow = events.length > 0 && textWidth(chart.unit) > LEFT - 16 ? EVENT_ROW : 0;
  const legendTop = title.length * TITLE_HEIGHT;
  const top = legendTop + legend.rows * LINE_HEIGHT + UNIT_HEIGHT + eventRow;
  const bottom = AXIS_HEIGHT + key.length * LINE_HEIGHT + 4;
  const frame: Frame = {
    width,
    height: top + plotHeight + bottom,
    left: LEFT,
    right: RIGHT,
    top,
    bottom,
  };
  const named = legend.draw(4 - LEFT, legendTop - top);
  const layer = linesLayer(drawn, chart.band);
  const limits = chart.limits
    .filter(({ value }) => Number.isFinite(value))
    .map((limit) => ({ ...limit, y: plotHeight - position(limit.value, values, plotHeight) }));
  const nothing: Label = {
    x: plotWidth / 2,
    y: plotHeight / 2,
    text: 'nothing is known yet',
    align: 'center',
    colour: 'muted',
  };
  const texts = labelsLayer([
    ...titleLabels(title, frame),
    ...named.labels,
    ...limitLabels(limits, plotWidth),
    ...eventNumbers(events),
    ...eventKey(key, plotHeight + AXIS_HEIGHT),
    ...(days === null ? [nothing] : []),
  ]);
  return {
    frame,
    spec: {
      data: [...layer.data, ...texts.data],
      scales: [
        {
          name: 'x',
          type: 'utc',
          domain: days === null ? [0, DAY] : [days.low, days.high],
          range: 'width',
        },
        {
          name: 'y',
          type: 'linear',
          zero: false,
          domain: [values.low, values.high],
          range: 'height',
        },
      ],
      axes: axes(chart, days, plotWidth) ?? [],
      marks: [
        ...eventMarks(events, xOf, plotHeight),
        ...limitMarks(limits, plotWidth),
        ...layer.marks,
        ...named.marks,
        ...texts.marks,
      ],
    },
  };
}
