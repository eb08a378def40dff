import type { Mark } from 'vega';
import { type ChartColourName } from '../../core/render/document/chart-colours.ts';
import { colour, fit, type Label, LINE_HEIGHT, shown, textWidth } from './frame.ts';

/** How something is drawn, told apart without its colour. */
export type Sample =
  | {
      readonly kind: 'line';
      readonly colour: ChartColourName;
      readonly dash: readonly number[];
      /** Shape of the points on the line; null for none. */
      readonly shape: string | null;
    }
  | {
      readonly kind: 'area';
      readonly fill: ChartColourName;
      readonly opacity: number;
      readonly outline: ChartColourName | null;
    };

export interface LegendEntry {
  readonly name: string;
  readonly sample: Sample;
}

interface Placed extends LegendEntry {
  readonly x: number;
  readonly row: number;
}

const SAMPLE_WIDTH = 26;
const GAP = 8;
const BETWEEN = 22;

/** From left to right, and on to the next row where the width ends. */
function place(entries: readonly LegendEntry[], width: number): readonly Placed[] {
  let x = 0;
  let row = 0;
  return entries.map(({ name, sample }) => {
    const text = fit(shown(name), width - SAMPLE_WIDTH - GAP);
    const needed = SAMPLE_WIDTH + GAP + textWidth(text);
    if (x > 0 && x + needed > width) {
      x = 0;
      row += 1;
    }
    const placed = { name: text, sample, x, row };
    x += needed + BETWEEN;
    return placed;
  });
}

function sampleMarks(sample: Sample, x: number, y: number): Mark[] {
  const at = { x: { value: x }, y: { value: y } };
  if (sample.kind === 'area') {
    return [
      {
        type: 'rect',
        aria: false,
        encode: {
          enter: {
            x: { value: x },
            y: { value: y - 5 },
            width: { value: SAMPLE_WIDTH },
            height: { value: 10 },
            fill: { value: colour(sample.fill) },
            fillOpacity: { value: sample.opacity },
            ...(sample.outline && { stroke: { value: colour(sample.outline) } }),
          },
        },
      },
    ];
  }
  const stroke = { value: colour(sample.colour) };
  const rule: Mark = {
    type: 'rule',
    aria: false,
    encode: {
      enter: {
        ...at,
        x2: { value: x + SAMPLE_WIDTH },
        stroke,
        strokeWidth: { value: 2 },
        ...(sample.dash.length > 0 && { strokeDash: { value: [...sample.dash] } }),
      },
    },
  };
  if (sample.shape === null) return [rule];
  return [
    rule,
    {
      type: 'symbol',
      aria: false,
      encode: {
        enter: {
          ...at,
          x: { value: x + SAMPLE_WIDTH / 2 },
          shape: { value: sample.shape },
          size: { value: 50 },
          fill: stroke,
        },
      },
    },
  ];
}

interface Legend {
  readonly rows: number;
  /** @param top of its first row, relative to the plot */
  readonly draw: (
    left: number,
    top: number,
  ) => { marks: readonly Mark[]; labels: readonly Label[] };
}

/** What the lines and areas of a chart are called. */
export function legendOf(entries: readonly LegendEntry[], width: number): Legend {
  const placed = place(entries, width);
  const rows = placed.reduce((most, { row }) => Math.max(most, row + 1), 0);
  return {
    rows,
    draw: (left, top) => ({
      marks: placed.flatMap(({ sample, x, row }) =>
        sampleMarks(sample, left + x, top + (row + 0.5) * LINE_HEIGHT),
      ),
      labels: placed.map(({ name, x, row }) => ({
        x: left + x + SAMPLE_WIDTH + GAP,
        y: top + (row + 0.5) * LINE_HEIGHT,
        text: name,
      })),
    }),
  };
}
