import type { Content } from 'pdfmake';
import { type CardBlock, type Fact } from '../../core/model/document.ts';
import { code } from './code.ts';
import { below, paint, reserve, type Sheet, tonePaint } from './sheet.ts';

const BAR = 3;

/** Each on its line: labels in a column, values beside them. */
export function facts(items: readonly Fact[], { letters }: Sheet): readonly Content[] {
  if (items.length === 0) return [];
  return [
    {
      table: {
        widths: [92, '*'],
        body: items.map(({ label, value }) => [
          { text: letters.line(label), color: paint('muted') },
          { text: letters.line(value) },
        ]),
      },
      layout: {
        defaultBorder: false,
        paddingLeft: () => 0,
        paddingRight: () => 6,
        paddingTop: () => 1,
        paddingBottom: () => 1,
      },
      margin: [0, 2, 0, 4],
    },
  ];
}

function list(
  { title, ordered, items }: CardBlock['lists'][number],
  { letters }: Sheet,
): readonly Content[] {
  const texts = items.map((item) => letters.line(item));
  return [
    { text: letters.line(title), style: 'listTitle' },
    ordered ? { ol: texts, margin: [0, 0, 0, 4] } : { ul: texts, margin: [0, 0, 0, 4] },
  ];
}

/** Beside a bar of its tone, on as many pages as it needs. */
export function card(block: CardBlock, sheet: Sheet): readonly Content[] {
  const { letters } = sheet;
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
      margin: [0, 0, 0, 3],
    },
    ...(block.text === '' ? [] : [{ text: letters.line(block.text), margin: below(3) }]),
    ...facts(block.facts, sheet),
    ...block.lists.flatMap((each) => list(each, sheet)),
    ...(block.command === null ? [] : [code(block.command, sheet)]),
  ];
  return [
    reserve(70),
    {
      table: { widths: ['*'], body: [[{ stack }]] },
      layout: {
        hLineWidth: () => 0,
        vLineWidth: (line: number) => (line === 0 ? BAR : 0),
        vLineColor: () => tone.of,
        paddingLeft: () => 10,
        paddingRight: () => 0,
        paddingTop: () => 2,
        paddingBottom: () => 2,
      },
      fontSize: 9,
      margin: [BAR / 2, 0, 0, 12],
    },
  ];
}
