import type { Mark } from 'vega';
import { type ChartLimit } from '../../core/model/chart.ts';
import { colour, fit, type Label, shown, TEXT_SIZE, textWidth } from './frame.ts';

/** A limit and the pixel it is at, from the top of the plot. */
export interface PlacedLimit extends ChartLimit {
  readonly y: number;
}

interface Box {
  readonly from: number;
  readonly to: number;
  readonly y: number;
}

function overlap(a: Box, b: Box): boolean {
  return a.from < b.to && b.from < a.to && Math.abs(a.y - b.y) < TEXT_SIZE + 1;
}

/** At the left above its line, where observed lines seldom are, or else wherever there is room. */
function placeLabel({ label, y }: PlacedLimit, width: number, taken: Box[]): Label | null {
  const text = fit(shown(label), width * 0.6);
  const size = textWidth(text);
  for (const dy of [-9, 10]) {
    for (const align of ['left', 'right'] as const) {
      const from = align === 'left' ? 4 : width - 4 - size;
      const box = { from, to: from + size, y: y + dy };
      if (taken.some((other) => overlap(box, other))) continue;
      taken.push(box);
      return {
        x: align === 'left' ? from : width - 4,
        y: box.y,
        text,
        align,
        colour: 'vermilion',
        rim: true,
      };
    }
  }
  return null;
}

/** Names of the limits beside their lines; those of several at the same height share one. */
export function limitLabels(limits: readonly PlacedLimit[], width: number): readonly Label[] {
  const together = Map.groupBy(limits, ({ y }) => Math.round(y / 2));
  const taken: Box[] = [];
  return [...together.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const label = group.map((each) => each.label).join(', ');
    const placed = placeLabel({ ...first, label }, width, taken);
    return placed === null ? [] : [placed];
  });
}

export function limitMarks(limits: readonly PlacedLimit[], width: number): readonly Mark[] {
  return limits.map(({ y }) => ({
    type: 'rule',
    aria: false,
    encode: {
      enter: {
        x: { value: 0 },
        x2: { value: width },
        y: { value: y },
        stroke: { value: colour('vermilion') },
        strokeWidth: { value: 1.5 },
        strokeDash: { value: [10, 4, 2, 4] },
      },
    },
  }));
}
