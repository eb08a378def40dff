import type { Mark } from 'vega';
import { type ChartEvent } from '../../core/model/chart.ts';
import { colour, fit, type Label, LINE_HEIGHT, shown } from './frame.ts';

/** Events so close to each other that they share a number. */
export interface EventGroup {
  readonly number: number;
  /** Pixels from the left of the plot. */
  readonly x: number;
  readonly events: readonly ChartEvent[];
}

const RADIUS = 8;
/** Height of the row of numbers above the plot. */
export const EVENT_ROW = 22;
const MOST_LINES = 12;
const KEY_INDENT = 24;

/** From left to right, so that no number covers another. */
export function groupEvents(
  events: readonly ChartEvent[],
  xOf: (day: Date) => number,
): readonly EventGroup[] {
  const groups: { number: number; x: number; events: ChartEvent[] }[] = [];
  for (const event of events.toSorted((a, b) => a.day.getTime() - b.day.getTime())) {
    const x = xOf(event.day);
    const last = groups.at(-1);
    if (last !== undefined && x - last.x < 2 * RADIUS + 2) last.events.push(event);
    else groups.push({ number: groups.length + 1, x, events: [event] });
  }
  return groups;
}

/** A number on the upper edge, and a line down from it on each of its days. */
export function eventMarks(
  groups: readonly EventGroup[],
  xOf: (day: Date) => number,
  height: number,
): readonly Mark[] {
  return groups.flatMap(({ x, events }): Mark[] => [
    ...events.map(({ day }): Mark => ({
      type: 'rule',
      aria: false,
      encode: {
        enter: {
          x: { value: xOf(day) },
          y: { value: 0 },
          y2: { value: height },
          stroke: { value: colour('muted') },
          strokeDash: { value: [1, 3] },
        },
      },
    })),
    {
      type: 'symbol',
      aria: false,
      encode: {
        enter: {
          x: { value: x },
          y: { value: -RADIUS - 3 },
          size: { value: Math.PI * RADIUS ** 2 },
          fill: { value: colour('surface') },
          stroke: { value: colour('muted') },
        },
      },
    },
  ]);
}

export function eventNumbers(groups: readonly EventGroup[]): readonly Label[] {
  return groups.map(({ number, x }) => ({
    x,
    y: -RADIUS - 3,
    text: String(number),
    size: 10,
    align: 'center',
  }));
}

/** What a number means; without one, how many there is no room for. */
interface KeyLine {
  readonly number: string;
  readonly text: string;
}

/** What the numbers mean, one a line. */
export function eventLines(groups: readonly EventGroup[], width: number): readonly KeyLine[] {
  const lines = groups.slice(0, MOST_LINES).map(({ number, events }) => {
    const texts = events.map(
      ({ day, label }) => `${day.toISOString().slice(0, 10)} ${shown(label)}`,
    );
    return { number: String(number), text: fit(texts.join(' · '), width - KEY_INDENT) };
  });
  const more = groups.length - lines.length;
  return more > 0 ? [...lines, { number: '', text: `and ${String(more)} more` }] : lines;
}

export function eventKey(lines: readonly KeyLine[], top: number): readonly Label[] {
  return lines.flatMap(({ number, text }, row) => {
    const y = top + (row + 0.5) * LINE_HEIGHT;
    return [
      { x: KEY_INDENT - 8, y, text: number, bold: true, align: 'right' },
      { x: KEY_INDENT, y, text },
    ];
  });
}
