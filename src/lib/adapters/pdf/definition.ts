import type { Content, createPdf } from 'pdfmake';
import { type DocumentModel } from '../../core/model/document.ts';
import { formatInstant } from '../../core/render/text/format.ts';
import { truncateEnd } from '../../core/render/text/columns.ts';
import { type Paper } from '../../ports/document-printer.ts';
import { facts } from './card.ts';
import { FAMILY } from './fonts.ts';
import { type Lettering } from './lettering.ts';
import { type Pictures, section } from './sections.ts';
import { MARGINS, paint, type Sheet, sheetOf } from './sheet.ts';

type Definition = Parameters<typeof createPdf>[0];

const RUNNING = { fontSize: 8, color: paint('muted') } as const;

function cover({ title, subtitle, facts: known }: DocumentModel, sheet: Sheet): Content[] {
  const { letters } = sheet;
  return [
    { text: letters.line(title), fontSize: 24, bold: true, lineHeight: 1.1, margin: [0, 12, 0, 4] },
    { text: letters.line(subtitle), fontSize: 12, color: paint('muted'), margin: [0, 0, 0, 14] },
    ...facts(known, sheet),
    {
      toc: {
        title: { text: 'Contents', style: 'contents' },
        numberStyle: { color: paint('muted') },
      },
    },
  ];
}

function substitutesNote({ hasSubstitutes }: Lettering): Content[] {
  if (!hasSubstitutes) return [];
  const text =
    'Characters that the font of this document lacks are written as \\u and their number in Unicode.';
  return [{ text, style: 'small', margin: [0, 18, 0, 0] }];
}

const STYLES: Definition['styles'] = {
  contents: { fontSize: 13, bold: true, margin: [0, 18, 0, 6] },
  section: { fontSize: 17, bold: true, margin: [0, 26, 0, 4] },
  heading: { fontSize: 12.5, bold: true, margin: [0, 12, 0, 6] },
  caption: { fontSize: 9.5, bold: true, margin: [0, 4, 0, 4] },
  cardTitle: { fontSize: 10.5, bold: true },
  listTitle: { fontSize: 8.5, bold: true, color: paint('muted'), margin: [0, 2, 0, 1] },
  small: { fontSize: 8.5, color: paint('muted') },
};

/** A document as pdfmake lays it out. */
export function definitionOf(
  document: DocumentModel,
  pictures: Pictures,
  paper: Paper,
  letters: Lettering,
): Definition {
  const sheet = sheetOf(paper, letters);
  const title = letters.line(document.title);
  const generator = letters.line(document.generator);
  const body = document.sections.flatMap((each) => section(each, pictures, sheet));
  return {
    pageSize: paper === 'A4' ? 'A4' : 'LETTER',
    pageMargins: [MARGINS.left, MARGINS.top, MARGINS.right, MARGINS.bottom],
    version: '1.7',
    language: 'en',
    displayTitle: true,
    info: {
      title,
      subject: letters.line(document.subtitle),
      author: generator,
      creator: generator,
      producer: 'pdfmake',
      creationDate: document.at,
      modDate: document.at,
    },
    defaultStyle: { font: FAMILY, fontSize: 10, lineHeight: 1.2, color: paint('ink') },
    styles: STYLES,
    header: (page) =>
      page === 1
        ? null
        : {
            columns: [
              { text: truncateEnd(title, 80), ...RUNNING },
              { text: formatInstant(document.at), alignment: 'right', width: 120, ...RUNNING },
            ],
            margin: [MARGINS.left, 28, MARGINS.right, 0],
          },
    footer: (page, pages) => ({
      columns: [
        { text: truncateEnd(generator, 60), ...RUNNING },
        { text: `${String(page)} of ${String(pages)}`, alignment: 'right', width: 80, ...RUNNING },
      ],
      margin: [MARGINS.left, 18, MARGINS.right, 0],
    }),
    content: [...cover(document, sheet), ...body, ...substitutesNote(letters)],
  };
}
