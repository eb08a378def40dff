import type { Content, TableCell } from 'pdfmake';
import { type CardBlock, type Fact } from '../../core/model/document.ts';
import { code } from './code.ts';
import { textWidth } from './letter-widths.ts';
import { below, narrower, paint, reserve, type Sheet, tonePaint } from './sheet.ts';

const BAR = 3;
const INDENT = 10;
const LABEL = 92;
const GAP = 6;
const NARROW_GAP = 4;

/** A value of more letters than this has a line of its own. */
const SHORT = 24;
const PER_LINE = 3;
const COMPACT_LABEL = 51;

/** Short ones several a line, and then the long ones. */
function linesOf(items: readonly Fact[]): readonly (readonly Fact[])[] {
  const { short = [], long = [] } = Object.groupBy(items, ({ label, value }) =>
    value.length <= SHORT && label.length <= SHORT ? 'short' : 'long',
  );
  const lines: Fact[][] = [];
  for (let first = 0; first < short.length; first += PER_LINE) {
    lines.push(short.slice(first, first + PER_LINE));
  }
  return [...lines, ...long.map((item) => [item])];
}

/** Labels in columns, values beside them. */
function compactFacts(items: readonly Fact[], { letters, width }: Sheet): readonly Content[] {
  if (items.length === 0) return [];
  const columns = 2 * PER_LINE;
  const rest = width / PER_LINE - COMPACT_LABEL - 2 * NARROW_GAP;
  return [
    {
      table: {
        widths: Array.from({ length: columns }, (_, at) => (at % 2 === 0 ? COMPACT_LABEL : rest)),
        body: linesOf(items).map((line) => {
          const cells = line.flatMap(({ label, value }, index): TableCell[] => [
            { text: letters.line(label), color: paint('muted') },
            {
              text: letters.line(value),
              // The last one has what is left of its line.
              colSpan: index === line.length - 1 ? columns - 2 * line.length + 1 : 1,
            },
          ]);
          return [...cells, ...Array.from({ length: columns - cells.length }, () => '')];
        }),
      },
      layout: { ...TIGHT, paddingRight: () => NARROW_GAP },
      fontSize: 7.75,
      margin: [0, 0, 0, 3],
    },
  ];
}

const TIGHT = {
  defaultBorder: false,
  paddingLeft: () => 0,
  paddingRight: () => GAP,
  paddingTop: () => 0.5,
  paddingBottom: () => 0.5,
};

/** Each on its line: labels in a column, values beside them. */
export function facts(items: readonly Fact[], { letters, width }: Sheet): readonly Content[] {
  if (items.length === 0) return [];
  return [
    {
      table: {
        widths: [LABEL, width - LABEL - 2 * GAP],
        body: items.map(({ label, value }) => [
          { text: letters.line(label), color: paint('muted') },
          { text: letters.line(value) },
        ]),
      },
      layout: {
        defaultBorder: false,
        paddingLeft: () => 0,
        paddingRight: () => GAP,
        paddingTop: () => 1,
        paddingBottom: () => 1,
      },
      margin: [0, 2, 0, 4],
    },
  ];
}

function list(
  { title, ordered, folded, items }: CardBlock['lists'][number],
  sheet: Sheet,
): readonly Content[] {
  const { letters } = sheet;
  if (folded) return [{ text: letters.line(title), style: 'listTitle' }, compactList(items, sheet)];
  const texts = items.map((item) => letters.line(item));
  return [
    { text: letters.line(title), style: 'listTitle' },
    ordered ? { ol: texts, margin: [0, 0, 0, 3] } : { ul: texts, margin: [0, 0, 0, 3] },
  ];
}

const SMALL = 7.5;
/** How many of what is small stand beside each other, the short ones last. */
const COLUMNS = 6;
const SPANS = [6, 3, 2] as const;

interface Spanned {
  readonly text: string;
  readonly span: number;
}

/** What is for those who ask: small, as many beside each other as need no second line, and broken between its rows. */
function compactList(items: readonly string[], { letters, width }: Sheet): Content {
  const part = width / COLUMNS;
  const spanned = items.map((item): Spanned => {
    const text = `\u2022 ${letters.line(item)}`;
    const needed = textWidth(text, SMALL) + GAP;
    return { text, span: SPANS.findLast((span) => needed <= span * part) ?? COLUMNS };
  });
  const rows = SPANS.flatMap((span) => {
    const cells = spanned.filter((each) => each.span === span);
    const perRow = COLUMNS / span;
    return Array.from({ length: Math.ceil(cells.length / perRow) }, (_, row) =>
      cells.slice(row * perRow, (row + 1) * perRow),
    );
  });
  return {
    table: { widths: Array.from({ length: COLUMNS }, () => part - GAP), body: rows.map(spanRow) },
    layout: { ...TIGHT, paddingTop: () => 0, paddingBottom: () => 0 },
    fontSize: SMALL,
    lineHeight: 1.1,
    color: paint('neutral'),
    margin: [0, 0, 0, 4],
  };
}

/** A row of cells that reach over several columns, of which pdfmake wants the covered ones too. */
function spanRow(cells: readonly Spanned[]): TableCell[] {
  const row = cells.flatMap(({ text, span }): TableCell[] => [
    { text, colSpan: span },
    ...Array.from({ length: span - 1 }, () => ''),
  ]);
  return [...row, ...Array.from({ length: COLUMNS - row.length }, () => '')];
}

/** Beside a bar of its tone, on as many pages as it needs. */
export function card(block: CardBlock, sheet: Sheet): readonly Content[] {
  const inner = narrower(sheet, BAR + INDENT);
  const { letters } = inner;
  const tone = tonePaint(block.tone);
  const stack: Content[] = [
    {
      text: [
        { text: letters.line(block.title), style: 'cardTitle' },
        '   ',
        {
          text: ` ${letters.line(block.badge)} `,
          bold: true,
          fontSize: 8,
          color: tone.of,
          background: tone.on,
        },
      ],
      margin: [0, 0, 0, 2],
    },
    ...(block.text === '' ? [] : [{ text: letters.line(block.text), margin: below(3) }]),
    ...compactFacts(block.facts, inner),
    ...block.lists.flatMap((each) => list(each, inner)),
    ...(block.command === null ? [] : [code(block.command, inner)]),
  ];
  return [
    reserve(70),
    {
      table: { widths: [inner.width], body: [[{ stack }]] },
      layout: {
        hLineWidth: () => 0,
        vLineWidth: (line: number) => (line === 0 ? BAR : 0),
        vLineColor: () => tone.of,
        paddingLeft: () => INDENT,
        paddingRight: () => 0,
        paddingTop: () => 2,
        paddingBottom: () => 2,
      },
      fontSize: 8.5,
      lineHeight: 1.15,
      margin: [BAR / 2, 0, 0, 9],
    },
  ];
}
