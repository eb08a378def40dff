import { printable } from '../text/safe.ts';

/** Whatever Markdown, the tables and shorthands of GitHub and GitLab, or HTML could take for more than a character. */
const SPECIAL = /[#$&*<>[\\\]_`|~]/g;
/** What makes a link of an address that is only mentioned. */
const ADDRESS = /:(?=\/\/)|(?<=\bwww)\./gi;
/** What begins a list, or underlines a heading. */
const ITEM = /^[-=]|^\+(?=\s|$)|(?<=^\d{1,9})[.)](?=\s|$)/;

function reference(character: string): string {
  return `&#${String(character.charCodeAt(0))};`;
}

function inert(text: string): string {
  return printable(text.trim())
    .replace(SPECIAL, reference)
    .replace(ADDRESS, reference)
    .replace(ITEM, reference);
}

/** Text from outside as text, within a line or a cell: a reference to a character is never markup. */
export function markdownText(text: string): string {
  // Nobody is called by a text that happens to hold his name: mentions are looked for once references are resolved.
  return inert(text).replaceAll('@', '&#64;<!-- -->');
}

/** A name as a name, in which nobody is mentioned. */
export function markdownCode(text: string): string {
  return `<code>${inert(text)}</code>`;
}

/** A sentence of ours, in which what stands between backquotes is to be typed. Names from outside may be anywhere in it. */
export function markdownProse(text: string): string {
  const parts = text.trim().split('`');
  // A backquote without a partner is one.
  if (parts.length % 2 === 0) return markdownText(text);
  return parts
    .map((part, index) => {
      if (index % 2 === 1) return markdownCode(part);
      const [, before = '', middle = '', after = ''] = /^( *)(.*?)( *)$/s.exec(part) ?? [];
      return `${before}${markdownText(middle)}${after}`;
    })
    .join('');
}
