import { type Chart } from '../../model/chart.ts';
import {
  type Block,
  type CardBlock,
  type Cell,
  type DocumentModel,
  type Fact,
  type Figure,
  type Section,
  type TableBlock,
  type Tone,
} from '../../model/document.ts';
import { markdownCode, markdownProse, markdownText } from '../markdown/escape.ts';
import { chartColumns, chartRows } from './chart-table.ts';
import { omittedText } from './omitted.ts';
import { NOTE_WORDS } from './tone-words.ts';

/** A document as GitHub and GitLab read Markdown: charts are what they say in words, and a table of their points. */
export function renderDocumentMarkdown(document: DocumentModel): string {
  const { title, subtitle, facts, sections, generator } = document;
  const parts = [
    `# ${markdownText(title)}`,
    markdownText(subtitle),
    factLines(facts),
    contents(sections),
    ...sections.flatMap(sectionParts),
    '---',
    `Made by ${markdownText(generator)}`,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function factLines(facts: readonly Fact[]): string {
  return facts
    .map(({ label, value }) => `- **${markdownText(label)}**: ${markdownText(value)}`)
    .join('\n');
}

/** Anchors of GitHub and GitLab differ in all but plain words, so that each section brings its own. */
function contents(sections: readonly Section[]): string {
  if (sections.length < 2) return '';
  return sections.map(({ id, title }) => `- [${markdownText(title)}](#${id})`).join('\n');
}

function sectionParts({ id, title, blocks }: Section): readonly string[] {
  return [
    `<a id="${id}"></a>`,
    `## ${markdownText(title)}`,
    ...blocks.map((block) => blockText(block)),
  ];
}

type OfKind<K extends Block['kind']> = Extract<Block, { readonly kind: K }>;

const RENDERERS: { readonly [K in Block['kind']]: (block: OfKind<K>) => string } = {
  heading: ({ text }) => `### ${markdownText(text)}`,
  paragraph: ({ text }) => markdownProse(text),
  note: ({ tone, text }) => `> **${NOTE_WORDS[tone]}**: ${markdownProse(text)}`,
  list: ({ items }) => bullets(items),
  code: ({ text }) => codeText(text),
  figures: ({ figures }) => figuresText(figures),
  table: tableText,
  chart: ({ chart }) => chartText(chart),
  card: cardText,
};

function blockText<K extends Block['kind']>(block: OfKind<K> & { readonly kind: K }): string {
  return RENDERERS[block.kind](block);
}

function bullets(items: readonly string[]): string {
  return items.map((item) => `- ${markdownProse(item)}`).join('\n');
}

function numbered(items: readonly string[]): string {
  return items.map((item, index) => `${String(index + 1)}. ${markdownProse(item)}`).join('\n');
}

/** Indented by HTML and not by a fence, which text from outside could close. */
function codeText(text: string): string {
  return text
    .split('\n')
    .map((line) => markdownCode(line))
    .join('<br>');
}

/** What a tone means, for those who see no colour. */
const MARKS: Readonly<Record<Tone, string>> = { good: '✓ ', warning: '! ', bad: '✗ ', neutral: '' };

function figuresText(figures: readonly Figure[]): string {
  const rows = figures.map(({ label, value, detail, tone }) =>
    row([markdownText(label), `**${MARKS[tone]}${markdownText(value)}**`, markdownText(detail)]),
  );
  return [row(['', '', '']), row(['---', '---', '---']), ...rows].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function tableText({ caption, columns, rows, omitted }: TableBlock): string {
  const lines = [
    `**${markdownText(caption)}**`,
    '',
    row(columns.map(({ title }) => markdownText(title))),
    row(columns.map(({ align }) => (align === 'end' ? '---:' : '---'))),
    ...rows.map((cells) => row(cells.map((cell, index) => cellText(cell, columns[index]?.code)))),
  ];
  if (omitted > 0) {
    lines.push('', markdownText(`${omittedText(omitted)}.`));
  }
  return lines.join('\n');
}

function cellText({ text, detail, tone }: Cell, code = false): string {
  if (text === '') return '';
  const below = detail === '' ? '' : `<br>${code ? markdownCode(detail) : markdownProse(detail)}`;
  const shown = code ? markdownCode(text) : markdownProse(text);
  return `${tone === 'bad' ? `**${shown}**` : shown}${below}`;
}

function chartText(chart: Chart): string {
  const header = chartColumns(chart);
  return [
    `**${markdownText(chart.title)}**`,
    '',
    markdownText(chart.description),
    '',
    '<details>',
    '<summary>Values of the chart</summary>',
    '',
    row(header.map(markdownText)),
    row(header.map((_, index) => (index === 0 ? '---' : '---:'))),
    ...chartRows(chart).map((cells) => row(cells.map(markdownText))),
    '',
    '</details>',
  ].join('\n');
}

function cardText({ title, badge, text, facts, lists, command }: CardBlock): string {
  return [
    `#### ${markdownText(title)} · ${markdownText(badge)}`,
    markdownProse(text),
    factLines(facts),
    ...lists.map(
      ({ title: name, ordered, items }) =>
        `${markdownText(name)}:\n\n${ordered ? numbered(items) : bullets(items)}`,
    ),
    command === null ? '' : `Run ${markdownCode(command)}`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}
