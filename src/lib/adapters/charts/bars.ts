import type { Mark } from 'vega';
import { type BarChart } from '../../core/model/chart.ts';
import { truncateMiddle } from '../../core/render/text/columns.ts';
import { axisOf, position } from './extent.ts';
import {
  colour,
  type Drawing,
  type Frame,
  type Label,
  labelsLayer,
  LINE_HEIGHT,
  shown,
  TEXT_SIZE,
  textWidth,
  TITLE_HEIGHT,
  titleLabels,
  titleLines,
} from './frame.ts';
import { legendOf, type Sample } from './legend.ts';

const BAR = 18;
const ROW = 28;
/** A bar among others that it is compared with, and the room between those of one name and the next. */
const SLIM = 12;
const BETWEEN = 12;
const AXIS_HEIGHT = 44;
const VALUE_WIDTH = 64;

type Area = Extract<Sample, { kind: 'area' }>;

/** Dark and pale by turns, so that neighbours differ without their colour. */
const FILLS: readonly Area[] = [
  { kind: 'area', fill: 'blue', opacity: 1, outline: 'blue' },
  { kind: 'area', fill: 'paleVermilion', opacity: 1, outline: 'vermilion' },
  { kind: 'area', fill: 'green', opacity: 1, outline: 'green' },
  { kind: 'area', fill: 'palePurple', opacity: 1, outline: 'purple' },
];

function fillOf(index: number): Area {
  return FILLS[index % FILLS.length] ?? { kind: 'area', fill: 'blue', opacity: 1, outline: 'blue' };
}

interface Part {
  readonly from: number;
  readonly to: number;
  readonly series: number;
}

/** A part less than nothing has no length; those that are compared all begin at nothing. */
function partsOf(values: readonly number[], adds: boolean): readonly Part[] {
  let from = 0;
  return values.map((value, series) => {
    const to = from + (Number.isFinite(value) ? Math.max(0, value) : 0);
    const part = { from, to, series };
    if (adds) from = to;
    return part;
  });
}

/** Where the bars of a name are, from the top of the plot. */
interface Rows {
  readonly height: number;
  /** Of all that has one name. */
  readonly row: number;
  /** The middle of a part, from the top of its row. */
  readonly middleOf: (series: number) => number;
}

function rowsOf({ adds, series }: BarChart): Rows {
  if (adds) return { height: BAR, row: ROW, middleOf: () => ROW / 2 };
  return {
    height: SLIM,
    row: Math.max(1, series.length) * SLIM + BETWEEN,
    middleOf: (at) => BETWEEN / 2 + (at + 0.5) * SLIM,
  };
}

/** What stands at the end of bars: their sum, or each by itself. */
function valueLabels(
  parts: readonly Part[],
  { adds }: BarChart,
  { middleOf }: Rows,
): readonly { readonly value: number; readonly y: number; readonly size?: number }[] {
  if (adds) return [{ value: parts.at(-1)?.to ?? 0, y: middleOf(0) }];
  return parts.map(({ to, series }) => ({ value: to, y: middleOf(series), size: 10 }));
}

function barMark(x: number, width: number, y: number, height: number, series: number): Mark {
  const { fill, outline } = fillOf(series);
  return {
    type: 'rect',
    aria: false,
    encode: {
      enter: {
        x: { value: x },
        width: { value: width },
        y: { value: y - height / 2 },
        height: { value: height },
        fill: { value: colour(fill) },
        stroke: { value: colour(outline ?? fill) },
        strokeWidth: { value: 1 },
      },
    },
  };
}

/** Three digits say enough beside a bar; the table has the rest. */
function formatValue(value: number): string {
  if (value === 0) return '0';
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}

/** Horizontal bars, which leave room for long names. */
export function drawBars(chart: BarChart, width: number): Drawing {
  const bars = chart.bars.map(({ label, values }) => ({
    label,
    parts: partsOf(values, chart.adds),
  }));
  const totals = bars.flatMap(({ parts }) => parts.map(({ to }) => to));
  const rows = rowsOf(chart);
  const axis = { ...axisOf({ low: 0, high: Math.max(0, ...totals) }), low: 0 };
  const columns = Math.floor((width * 0.36) / (TEXT_SIZE * 0.6));
  const names = chart.bars.map(({ label }) => truncateMiddle(shown(label), columns));
  const left = Math.ceil(Math.max(40, ...names.map((name) => textWidth(name)))) + 14;
  const plotWidth = width - left - VALUE_WIDTH;
  const plotHeight = Math.max(1, bars.length) * rows.row;
  const legend = legendOf(
    chart.series.length < 2
      ? []
      : chart.series.map((name, index) => ({ name, sample: fillOf(index) })),
    width - 8,
  );
  const title = titleLines(chart.title, width);
  const legendTop = title.length * TITLE_HEIGHT;
  const top = legendTop + legend.rows * LINE_HEIGHT + 10;
  const frame: Frame = {
    width,
    height: top + plotHeight + AXIS_HEIGHT + 4,
    left,
    right: VALUE_WIDTH,
    top,
    bottom: AXIS_HEIGHT + 4,
  };
  const named = legend.draw(4 - left, legendTop - top);
  const middle = (index: number): number => (index + 0.5) * rows.row;
  const texts = labelsLayer([
    ...titleLabels(title, frame),
    ...named.labels,
    ...names.map((text, index): Label => ({ x: -8, y: middle(index), text, align: 'right' })),
    ...bars.flatMap(({ parts }, index) =>
      valueLabels(parts, chart, rows).map(({ value, y, ...look }): Label => ({
        ...look,
        x: position(value, axis, plotWidth) + 6,
        y: index * rows.row + y,
        text: formatValue(value),
      })),
    ),
    ...(bars.length === 0
      ? [{ x: 4, y: middle(0), text: 'nothing to show', colour: 'muted' } as const]
      : []),
  ]);
  return {
    frame,
    spec: {
      data: [...texts.data],
      scales: [{ name: 'x', type: 'linear', domain: [axis.low, axis.high], range: 'width' }],
      axes: [
        {
          orient: 'bottom',
          scale: 'x',
          grid: true,
          tickCount: 6,
          format: ',.10~r',
          title: shown(chart.unit),
          titlePadding: 8,
        },
      ],
      marks: [
        ...bars.flatMap(({ parts }, index) =>
          parts
            .filter(({ from, to }) => to > from)
            .map(({ from, to, series }) =>
              barMark(
                position(from, axis, plotWidth),
                position(to - from, axis, plotWidth),
                index * rows.row + rows.middleOf(series),
                rows.height,
                series,
              ),
            ),
        ),
        ...named.marks,
        ...texts.marks,
      ],
    },
  };
}
