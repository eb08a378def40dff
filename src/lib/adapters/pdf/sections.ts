import type { Content } from 'pdfmake';
import { type Chart } from '../../core/model/chart.ts';
import { type Block, type Section, type Tone } from '../../core/model/document.ts';
import { NOTE_WORDS } from '../../core/render/document/tone-words.ts';
import { card } from './card.ts';
import { code } from './code.ts';
import { figures } from './figures.ts';
import { below, paint, reserve, type Sheet, tonePaint } from './sheet.ts';
import { beginningHeight, table } from './table.ts';

/** SVG of the charts, by their ids. */
export type Pictures = ReadonlyMap<string, string>;

const CAPTION_HEIGHT = 30;
const HEADING_HEIGHT = 42;
const PADDING = 8;

function note(tone: Tone, text: string, { letters, width }: Sheet): Content {
  const { of, on } = tonePaint(tone);
  return {
    table: {
      widths: [width - 2 * PADDING - 3],
      body: [
        [
          {
            text: [{ text: `${NOTE_WORDS[tone]}: `, bold: true, color: of }, letters.line(text)],
            fillColor: on,
          },
        ],
      ],
    },
    layout: {
      hLineWidth: () => 0,
      vLineWidth: (line: number) => (line === 0 ? 3 : 0),
      vLineColor: () => of,
      paddingLeft: () => PADDING,
      paddingRight: () => PADDING,
      paddingTop: () => 4,
      paddingBottom: () => 4,
    },
    margin: [1.5, 0, 0, 6],
  };
}

/** Points a picture takes at the width of the page, or less where it is taller than one. */
function pictureHeight(svg: string, { width, height }: Sheet): number {
  const size = (name: string): number =>
    Number(new RegExp(`^<svg[^>]* ${name}="([0-9.]+)"`).exec(svg)?.[1]);
  const natural = (width * size('height')) / size('width');
  return Math.min(Number.isFinite(natural) ? natural : height, height - 2 * CAPTION_HEIGHT);
}

function chart(
  { id, title, description }: Chart,
  pictures: Pictures,
  sheet: Sheet,
): readonly Content[] {
  const { letters } = sheet;
  const caption = {
    text: letters.line(description),
    style: 'small',
    margin: below(14),
  };
  const picture = pictures.get(id);
  if (picture === undefined) {
    return [{ text: `${letters.line(title)} (no picture was made of it)`, bold: true }, caption];
  }
  const height = pictureHeight(picture, sheet);
  return [
    reserve(height + CAPTION_HEIGHT),
    { svg: letters.picture(picture), fit: [sheet.width, height], margin: [0, 0, 0, 4] },
    caption,
  ];
}

/** Points that have to be left below a heading for the beginning of what follows. */
function beginningOf(blocks: readonly Block[], pictures: Pictures, sheet: Sheet): number {
  const [block, ...others] = blocks;
  if (block?.kind === 'heading') return HEADING_HEIGHT + beginningOf(others, pictures, sheet);
  if (block?.kind === 'table') return beginningHeight(block, sheet);
  if (block?.kind !== 'chart') return 80;
  const picture = pictures.get(block.chart.id);
  return picture === undefined ? 80 : pictureHeight(picture, sheet) + CAPTION_HEIGHT;
}

type Plain = Exclude<Block, { kind: 'heading' }>;

function plain(block: Plain, pictures: Pictures, sheet: Sheet): readonly Content[] {
  const { letters } = sheet;
  switch (block.kind) {
    case 'paragraph':
      return [{ text: letters.line(block.text), margin: [0, 0, 0, 8] }];
    case 'note':
      return [note(block.tone, block.text, sheet)];
    case 'list':
      return [{ ul: block.items.map((item) => letters.line(item)), margin: [0, 0, 0, 8] }];
    case 'code':
      return [code(block.text, sheet)];
    case 'figures':
      return figures(block.figures, sheet);
    case 'table':
      return table(block, sheet);
    case 'chart':
      return chart(block.chart, pictures, sheet);
    case 'card':
      return card(block, sheet);
  }
}

/** One section; its title and headings are in the bookmarks, and those that are listed in the contents, and never stand alone at the end of a page. */
export function section(
  { id, title, blocks }: Section,
  pictures: Pictures,
  sheet: Sheet,
): readonly Content[] {
  const anchor = `section-${id}`;
  const text = sheet.letters.line(title);
  return [
    reserve(62 + beginningOf(blocks, pictures, sheet)),
    {
      text,
      id: anchor,
      style: 'section',
      tocItem: true,
      tocStyle: { bold: true },
      outline: true,
      outlineText: text,
      outlineExpanded: true,
    },
    {
      canvas: [
        {
          type: 'line',
          x1: 0,
          y1: 0,
          x2: sheet.width,
          y2: 0,
          lineWidth: 0.75,
          lineColor: paint('line'),
        },
      ],
      margin: [0, 0, 0, 10],
    },
    ...blocks.flatMap((block, index) => {
      if (block.kind !== 'heading') return plain(block, pictures, sheet);
      const heading = sheet.letters.line(block.text);
      return [
        reserve(HEADING_HEIGHT + beginningOf(blocks.slice(index + 1), pictures, sheet)),
        {
          text: heading,
          style: 'heading',
          ...(block.listed && { tocItem: true, tocMargin: [12, 0, 0, 0] }),
          outline: true,
          outlineText: heading,
          outlineParentId: anchor,
        } as const,
      ];
    }),
  ];
}
