import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { type DocumentModel, type Section } from '../../../model/document.ts';
import { formatInstant } from '../../text/format.ts';
import { anchorOf } from '../anchor.ts';
import { headingAnchor, type Pictures, section } from './blocks.ts';
import { facts } from './facts.ts';
import { html } from './markup.ts';
import { SCRIPT } from './script.ts';
import { STYLESHEET } from './stylesheet.ts';

function hashSource(text: string): string {
  return `'sha256-${btoa(String.fromCharCode(...sha256(utf8ToBytes(text))))}'`;
}

/** Nothing is fetched and nothing runs but the one style and the one script that are here. */
function policy(): string {
  return [
    "default-src 'none'",
    `style-src ${hashSource(STYLESHEET)}`,
    `script-src ${hashSource(SCRIPT)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function head({ title, generator }: DocumentModel): readonly string[] {
  return [
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy()}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    '<meta name="color-scheme" content="light dark">',
    `<meta name="generator" content="${html(generator)}">`,
    `<title>${html(title)}</title>`,
    // Without one, browsers ask the server of a page for an icon.
    '<link rel="icon" href="data:,">',
    `<style>${STYLESHEET}</style>`,
  ];
}

function link(anchor: string, text: string): string {
  return `<a href="#${anchor}">${html(text)}</a>`;
}

function entry(of: Section): string {
  const headings = of.blocks.filter((block) => block.kind === 'heading');
  const below = headings.flatMap(({ text, listed }, index) =>
    listed ? [`<li>${link(headingAnchor(of, index), text)}</li>`] : [],
  );
  const nested = below.length === 0 ? '' : `\n<ol>\n${below.join('\n')}\n</ol>\n`;
  return `<li>${link(anchorOf(`section-${of.id}`), of.title)}${nested}</li>`;
}

function contents(sections: readonly Section[]): readonly string[] {
  return [
    '<nav aria-labelledby="contents">',
    '<h2 id="contents">Contents</h2>',
    '<ol>',
    ...sections.map(entry),
    '</ol>',
    '</nav>',
  ];
}

/**
 * A document as one page that needs nothing beside it, not even its script.
 *
 * @param charts pictures of its charts as SVG, by their ids
 */
export function renderHtml(document: DocumentModel, charts: Pictures): string {
  const { title, subtitle, at, sections, generator } = document;
  return [
    '<!doctype html>',
    '<html lang="en" dir="ltr">',
    '<head>',
    ...head(document),
    '</head>',
    '<body>',
    '<a class="skip" href="#content">Skip to the content</a>',
    '<div class="page">',
    '<header>',
    `<h1>${html(title)}</h1>`,
    `<p class="subtitle">${html(subtitle)}</p>`,
    facts(document.facts),
    '</header>',
    ...contents(sections),
    '<main id="content" tabindex="-1">',
    ...sections.map((each) => section(each, charts)),
    '</main>',
    '<footer>',
    `<p>As of <time datetime="${at.toISOString()}">${formatInstant(at)}</time>, by ${html(generator)}</p>`,
    '</footer>',
    '</div>',
    `<script>${SCRIPT}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}
