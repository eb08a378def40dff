import { type Block, type Figure, type Section, type Tone } from '../../../model/document.ts';
import { anchorOf } from '../anchor.ts';
import { NOTE_WORDS } from '../tone-words.ts';
import { card } from './card.ts';
import { chart } from './chart.ts';
import { html, htmlLines, toneTag } from './markup.ts';
import { table } from './table.ts';

/** Pictures of the charts, by the ids of these. */
export type Pictures = ReadonlyMap<string, string>;

/** Anchor of a heading inside a section, counted from nought. */
export function headingAnchor(section: Section, index: number): string {
  return `section-${section.id}-${String(index + 1)}`;
}

function figures(items: readonly Figure[]): string {
  const tiles = items.map(({ label, value, tone, detail }) => {
    const more = detail === '' ? '' : `<dd class="detail">${html(detail)}</dd>`;
    return `<div class="figure ${tone}"><dt>${html(label)}${toneTag(tone, value)}</dt><dd class="value">${html(value)}</dd>${more}</div>`;
  });
  return `<dl class="figures">\n${tiles.join('\n')}\n</dl>`;
}

function note(tone: Tone, text: string): string {
  return `<p class="note ${tone}"><strong>${NOTE_WORDS[tone]}:</strong> ${html(text)}</p>`;
}

function list(items: readonly string[]): string {
  return `<ul>\n${items.map((item) => `<li>${html(item)}</li>`).join('\n')}\n</ul>`;
}

type Plain = Exclude<Block, { kind: 'heading' | 'card' }>;

function plain(block: Plain, pictures: Pictures): string {
  switch (block.kind) {
    case 'paragraph':
      return `<p>${html(block.text)}</p>`;
    case 'note':
      return note(block.tone, block.text);
    case 'list':
      return list(block.items);
    case 'code':
      return `<pre><code>${htmlLines(block.text)}</code></pre>`;
    case 'figures':
      return figures(block.figures);
    case 'table':
      return table(block);
    case 'chart':
      return chart(block.chart, pictures.get(block.chart.id));
  }
}

/** One section with its headings in order: cards are one level below the heading they follow. */
export function section(of: Section, pictures: Pictures): string {
  const parts: string[] = [];
  let headings = 0;
  for (const block of of.blocks) {
    if (block.kind === 'heading') {
      parts.push(`<h3 id="${headingAnchor(of, headings)}">${html(block.text)}</h3>`);
      headings += 1;
    } else if (block.kind === 'card') {
      parts.push(card(block, headings === 0 ? 3 : 4));
    } else {
      parts.push(plain(block, pictures));
    }
  }
  const anchor = anchorOf(`section-${of.id}`);
  return [
    `<section id="${anchor}" aria-labelledby="${anchor}-title">`,
    `<h2 id="${anchor}-title">${html(of.title)}</h2>`,
    ...parts,
    '</section>',
  ].join('\n');
}
