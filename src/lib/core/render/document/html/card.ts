import { type CardBlock } from '../../../model/document.ts';
import { anchorOf } from '../anchor.ts';
import { facts } from './facts.ts';
import { html, htmlLines } from './markup.ts';

function list(
  { title, ordered, folded, items }: CardBlock['lists'][number],
  anchor: string,
): readonly string[] {
  const name = ordered ? 'ol' : 'ul';
  const listed = [
    `<${name} aria-labelledby="${anchor}">`,
    ...items.map((item) => `<li>${html(item)}</li>`),
    `</${name}>`,
  ];
  if (!folded) return [`<p class="list-title" id="${anchor}">${html(title)}</p>`, ...listed];
  return [
    '<details>',
    `<summary class="list-title" id="${anchor}">${html(title)} (${String(items.length)})</summary>`,
    ...listed,
    '</details>',
  ];
}

/** One thing with all that is known of it. What is folded away is unfolded for paper, by the script and by the style. */
export function card(
  { id, title, badge, tone, text, facts: known, lists, command }: CardBlock,
  level: number,
): string {
  const anchor = anchorOf(id);
  const heading = `h${String(level)}`;
  return [
    `<article class="card ${tone}" id="${anchor}" aria-labelledby="${anchor}-title">`,
    `<div class="card-head"><${heading} id="${anchor}-title">${html(title)}</${heading}><span class="tag ${tone}">${html(badge)}</span></div>`,
    ...(text === '' ? [] : [`<p>${html(text)}</p>`]),
    ...(known.length === 0 ? [] : [facts(known)]),
    ...lists.flatMap((each, index) => list(each, `${anchor}-list-${String(index + 1)}`)),
    ...(command === null ? [] : [`<pre><code>${htmlLines(command)}</code></pre>`]),
    '</article>',
  ].join('\n');
}
