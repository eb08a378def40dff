import { type Cell, type Column, type TableBlock } from '../../../model/document.ts';
import { anchorOf } from '../anchor.ts';
import { omittedText } from '../omitted.ts';
import { html, toneTag } from './markup.ts';

function classesOf({ align, code }: Column): string {
  const classes = [...(align === 'end' ? ['end'] : []), ...(code ? ['code'] : [])];
  return classes.length === 0 ? '' : ` class="${classes.join(' ')}"`;
}

/** What to sort by: the text itself, where nothing else is said and no word for a tone stands beside it. */
function sortOf({ text, sort, tone }: Cell): string {
  if (sort === null && tone === 'neutral') return '';
  return ` data-sort="${html(String(sort ?? text))}"`;
}

/** The first cell names its row. */
function cell(content: Cell, column: Column, isFirst: boolean): string {
  const [open, close] = isFirst ? ['th scope="row"', 'th'] : ['td', 'td'];
  const text = html(content.text);
  const shown =
    content.tone === 'neutral'
      ? text
      : `<span class="toned ${content.tone}">${text}</span>${toneTag(content.tone)}`;
  return `<${open}${classesOf(column)}${sortOf(content)}>${shown}</${close}>`;
}

function row(cells: readonly Cell[], columns: readonly Column[]): string {
  const written = columns.map((column, index) => {
    const content = cells[index];
    return content === undefined ? '<td></td>' : cell(content, column, index === 0);
  });
  return `<tr>${written.join('')}</tr>`;
}

/** A table in a region of its own, which scrolls where the page is narrower. */
export function table({ id, caption, columns, rows, omitted }: TableBlock): string {
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
