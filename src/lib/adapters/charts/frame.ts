import type { Data, Mark, Spec } from 'vega';
import { CHART_COLOURS, type ChartColourName } from '../../core/render/document/chart-colours.ts';
import { displayWidth, truncateEnd, wrapWords } from '../../core/render/text/columns.ts';
import { printable } from '../../core/render/text/safe.ts';

/** The first that is there: the reader's own on a screen, the embedded one on paper. */
const FONT = 'system-ui, Roboto, sans-serif';
const TITLE_SIZE = 15;
export const TITLE_HEIGHT = 22;
export const TEXT_SIZE = 12;
export const LINE_HEIGHT = 18;

/** Where the plot is in its picture. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Marks and the data they read. */
export interface Layer {
  readonly data: readonly Data[];
  readonly marks: readonly Mark[];
}

/** What a chart consists of, beside its frame. */
export interface Drawing {
  readonly frame: Frame;
  readonly spec: Omit<Spec, 'width' | 'height' | 'padding' | 'autosize' | 'config'>;
}

export function colour(name: ChartColourName): string {
  return CHART_COLOURS[name].light;
}

/** A text as it may stand in a picture. */
export function shown(text: string): string {
  return printable(text).replace(/[\ufffe\uffff]/g, '\ufffd');
}

/** Space a text needs, on the safe side: nobody measures fonts here, and readers have different ones. */
export function textWidth(text: string, size = TEXT_SIZE): number {
  return displayWidth(text) * size * 0.6;
}

export function fit(text: string, width: number, size = TEXT_SIZE): string {
  return truncateEnd(text, Math.floor(width / (size * 0.6)));
}

/** A text of a picture, at a place relative to its plot. */
export interface Label {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly colour?: ChartColourName;
  readonly size?: number;
  readonly bold?: boolean;
  readonly align?: 'left' | 'center' | 'right';
  /** Whether it may cross lines. */
  readonly rim?: boolean;
}

/** One row of data for each label: a text is never part of what Vega parses. */
function labelRow({ x, y, text, ...look }: Label): object {
  return {
    x,
    y,
    text,
    align: look.align ?? 'left',
    size: look.size ?? TEXT_SIZE,
    weight: look.bold === true ? 'bold' : 'normal',
    fill: colour(look.colour ?? 'ink'),
  };
}

function textMark(data: string, isRim: boolean): Mark {
  return {
    type: 'text',
    aria: false,
    from: { data },
    encode: {
      enter: {
        x: { field: 'x' },
        y: { field: 'y' },
        text: { field: 'text' },
        align: { field: 'align' },
        baseline: { value: 'middle' },
        font: { value: FONT },
        fontSize: { field: 'size' },
        fontWeight: { field: 'weight' },
        fill: isRim ? { value: colour('surface') } : { field: 'fill' },
        ...(isRim && { stroke: { value: colour('surface') }, strokeWidth: { value: 4 } }),
      },
    },
  };
}

/** Labels above everything else; those that cross lines have a rim. */
export function labelsLayer(labels: readonly Label[]): Layer {
  const rims = labels.filter(({ rim }) => rim === true);
  return {
    data: [
      { name: 'rims', values: rims.map(labelRow) },
      { name: 'labels', values: labels.map(labelRow) },
    ],
    marks: [...(rims.length > 0 ? [textMark('rims', true)] : []), textMark('labels', false)],
  };
}

/** The title in the lines it needs, two at most. */
export function titleLines(title: string, width: number): readonly string[] {
  const columns = Math.floor((width - 8) / (TITLE_SIZE * 0.6));
  const lines = wrapWords(shown(title), columns);
  const [first = '', ...rest] = lines;
  return rest.length === 0 ? [first] : [first, truncateEnd(rest.join(' '), columns)];
}

/** The title above everything else, from the left edge of the picture. */
export function titleLabels(lines: readonly string[], frame: Frame): readonly Label[] {
  return lines.map((text, row) => ({
    x: 4 - frame.left,
    y: (row + 0.5) * TITLE_HEIGHT - frame.top,
    text,
    size: TITLE_SIZE,
    bold: true,
  }));
}

/** The whole as Vega reads it. Nothing is left for it to lay out, so that the same chart is always the same text. */
export function specOf({ frame, spec }: Drawing): Spec {
  return {
    width: frame.width - frame.left - frame.right,
    height: frame.height - frame.top - frame.bottom,
    padding: { left: frame.left, right: frame.right, top: frame.top, bottom: frame.bottom },
    autosize: 'none',
    ...spec,
    config: {
      axis: {
        aria: false,
        domainColor: colour('axis'),
        tickColor: colour('axis'),
        gridColor: colour('grid'),
        labelColor: colour('muted'),
        labelFont: FONT,
        labelFontSize: 11,
        titleColor: colour('muted'),
        titleFont: FONT,
        titleFontSize: TEXT_SIZE,
        titleFontWeight: 'normal',
      },
    },
  };
}
