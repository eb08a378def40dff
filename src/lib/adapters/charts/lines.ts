import type { Data, Mark } from 'vega';
import { type ChartBand, type ChartLine, type LineRole } from '../../core/model/chart.ts';
import { type ChartColourName } from '../../core/render/document/chart-colours.ts';
import { colour, type Layer } from './frame.ts';
import { type LegendEntry, type Sample } from './legend.ts';
import { segmentsOf } from './segments.ts';

type LineSample = Extract<Sample, { kind: 'line' }>;

/** A line and how it is drawn. */
export interface DrawnLine {
  readonly line: ChartLine;
  readonly sample: LineSample;
}

const COLOURS: Readonly<Record<LineRole, readonly ChartColourName[]>> = {
  observed: ['blue', 'green', 'purple'],
  forecast: ['blue', 'green', 'purple'],
  secondary: ['purple', 'green', 'vermilion'],
};
const DASHES: Readonly<Record<LineRole, readonly number[]>> = {
  observed: [],
  forecast: [7, 4],
  secondary: [2, 3],
};
/** Of the points of the second line of a role and those after it: the first needs none. */
const SHAPES = [null, 'square', 'triangle-up', 'diamond', 'circle'];
const MARKED_POINTS = 8;
const BAND = { fill: 'blue', opacity: 0.18 } as const;

const X = { scale: 'x', field: 'at' };

/** Gives each line its looks: by its role, and by how many of that role came before it. */
export function withSamples(lines: readonly ChartLine[]): readonly DrawnLine[] {
  const seen = new Map<LineRole, number>();
  return lines.map((line) => {
    const { role } = line;
    const before = seen.get(role) ?? 0;
    seen.set(role, before + 1);
    return {
      line,
      sample: {
        kind: 'line',
        colour: COLOURS[role][before % COLOURS[role].length] ?? 'ink',
        dash: DASHES[role],
        shape: SHAPES[before % SHAPES.length] ?? null,
      },
    };
  });
}

export function bandEntry({ name }: ChartBand): LegendEntry {
  return { name, sample: { kind: 'area', ...BAND, outline: null } };
}

function symbolMark(data: string, sample: LineSample, shape: string): Mark {
  return {
    type: 'symbol',
    aria: false,
    from: { data },
    encode: {
      enter: {
        x: X,
        y: { scale: 'y', field: 'value' },
        shape: { value: shape },
        size: { value: 45 },
        fill: { value: colour(sample.colour) },
      },
    },
  };
}

function lineMark(data: string, { colour: name, dash }: LineSample): Mark {
  return {
    type: 'line',
    aria: false,
    from: { data },
    encode: {
      enter: {
        x: X,
        y: { scale: 'y', field: 'value' },
        stroke: { value: colour(name) },
        strokeWidth: { value: 2 },
        strokeJoin: { value: 'round' },
        ...(dash.length > 0 && { strokeDash: { value: [...dash] } }),
      },
    },
  };
}

/** Every so many points, so that a long line is told apart along its whole length. */
function everyFew<P>(points: readonly P[]): readonly P[] {
  const step = Math.max(1, Math.ceil(points.length / MARKED_POINTS));
  return points.filter((_, index) => index % step === 0);
}

function lineLayer({ line, sample }: DrawnLine, name: string): Layer {
  const points = line.points
    .filter(({ value }) => Number.isFinite(value))
    .map(({ day, value }) => ({ at: day.getTime(), value }));
  const segments = segmentsOf(points);
  const joined = segments.filter(({ length }) => length > 1);
  const alone = segments.filter(({ length }) => length === 1).flat();
  const data: Data[] = [];
  const marks: Mark[] = [];
  const add = (suffix: string, values: readonly object[], mark: (data: string) => Mark): void => {
    if (values.length === 0) return;
    data.push({ name: name + suffix, values: [...values] });
    marks.push(mark(name + suffix));
  };
  for (const [index, values] of joined.entries()) {
    add(`-${String(index)}`, values, (from) => lineMark(from, sample));
  }
  add('-alone', alone, (from) => symbolMark(from, sample, sample.shape ?? 'circle'));
  const { shape } = sample;
  if (shape !== null)
    add('-points', everyFew(joined.flat()), (from) => symbolMark(from, sample, shape));
  return { data, marks };
}

function bandLayer({ points }: ChartBand): Layer {
  const values = points
    .filter(({ low, high }) => Number.isFinite(low) && Number.isFinite(high))
    .map(({ day, low, high }) => ({ at: day.getTime(), low, high }));
  const data = segmentsOf(values).map((segment, index) => ({
    name: `band-${String(index)}`,
    values: [...segment],
  }));
  const marks = data.map(({ name }): Mark => ({
    type: 'area',
    aria: false,
    from: { data: name },
    encode: {
      enter: {
        x: X,
        y: { scale: 'y', field: 'low' },
        y2: { scale: 'y', field: 'high' },
        fill: { value: colour(BAND.fill) },
        fillOpacity: { value: BAND.opacity },
      },
    },
  }));
  return { data, marks };
}

/** Lines above their band. */
export function linesLayer(lines: readonly DrawnLine[], band: ChartBand | null): Layer {
  const layers = [
    ...(band === null ? [] : [bandLayer(band)]),
    ...lines.map((line, index) => lineLayer(line, `line-${String(index)}`)),
  ];
  return {
    data: layers.flatMap(({ data }) => data),
    marks: layers.flatMap(({ marks }) => marks),
  };
}
