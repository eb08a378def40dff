import { type Cell, type Column, type TableBlock } from '../../../model/document.ts';
import { anchorOf } from '../anchor.ts';
import { omittedText } from '../omitted.ts';
import { html, toneTag } from './markup.ts';

/** A column with more letters than this in a cell is read and not scanned, and has to be wide enough for it. */
const PROSE = 60;

interface Shown extends Column {
  readonly prose: boolean;
}

function shownColumns({ columns, rows }: TableBlock): readonly Shown[] {
  return columns.map((column, index) => ({
    ...column,
    prose: !column.code && rows.some((cells) => (cells[index]?.text.length ?? 0) > PROSE),
  }));
}

function classesOf({ align, code, prose }: Shown): string {
  const classes = [
    ...(align === 'end' ? ['end'] : []),
    ...(code ? ['code'] : []),
    ...(prose ? ['prose'] : []),
  ];
  return classes.length === 0 ? '' : ` class="${classes.join(' ')}"`;
}

/** What to sort by: the text itself, where nothing else is said and nothing stands beside or below it. */
function sortOf({ text, detail, sort, tone }: Cell): string {
  if (sort === null && tone === 'neutral' && detail === '') return '';
  return ` data-sort="${html(String(sort ?? text))}"`;
}

/** The first cell names its row. */
function cell(content: Cell, column: Shown, isFirst: boolean): string {
  const [open, close] = isFirst ? ['th scope="row"', 'th'] : ['td', 'td'];
  const text = html(content.text);
  const shown =
    content.tone === 'neutral'
      ? text
      : `<span class="toned ${content.tone}">${text}</span>${toneTag(content.tone, content.text)}`;
  const below = content.detail === '' ? '' : `<small class="below">${html(content.detail)}</small>`;
  return `<${open}${classesOf(column)}${sortOf(content)}>${shown}${below}</${close}>`;
}

function row(cells: readonly Cell[], columns: readonly Shown[]): string {
  const written = columns.map((column, index) => {
    const content = cells[index];
    return content === undefined ? '<td></td>' : cell(content, column, index === 0);
  });
  return `<tr>${written.join('')}</tr>`;
}

/** A table in a region of its own, which scrolls where the page is narrower. */
export function table(block: TableBlock): string {
  const { id, caption, rows, omitted } = block;
  const columns = shownColumns(block);
  const anchor = anchorOf(`table-${id}`);
  const heads = columns.map(
    (column) => `<th scope="col"${classesOf(column)}>${html(column.title)}</th>`,
  );
  const body =
    rows.length === 0
      ? [`<tr><td colspan="${String(columns.length)}" class="none">none</td></tr>`]
      : rows.map((cells) => row(cells, columns));
  return [
    `<div class="scroll" role="group" tabindex="0" aria-labelledby="${anchor}-caption">`,
    `<table id="${anchor}"${rows.length > 1 ? ' data-sortable' : ''}>`,
    `<caption id="${anchor}-caption">${html(caption)}</caption>`,
    `<thead><tr>${heads.join('')}</tr></thead>`,
    '<tbody>',
    ...body,
    '</tbody>',
    '</table>',
    '</div>',
    ...(omitted > 0 ? [`<p class="omitted">${html(omittedText(omitted))}</p>`] : []),
  ].join('\n');
}
