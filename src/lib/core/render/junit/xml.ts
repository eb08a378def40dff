import { printable } from '../text/safe.ts';

/** An element as it is written. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Elements, or the lines of a text; none for an empty element. */
  readonly content: readonly Element[] | readonly string[];
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** A line for text or for a value: what XML 1.0 forbids is spelled out, as what could act on a terminal is. */
export function xmlText(text: string): string {
  return printable(text)
    .replace(/[\ufffe\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`)
    .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}

/** A document of one root element. */
export function xmlDocument(root: Element): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${linesOf(root, '').join('\n')}\n`;
}

function linesOf({ name, attributes, content }: Element, indent: string): string[] {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${xmlText(value)}"`);
  const opening = `${indent}<${name}${written.join('')}`;
  const [first] = content;
  if (first === undefined) return [`${opening}/>`];
  if (typeof first === 'string') {
    const text = content.filter((line) => typeof line === 'string').map(xmlText);
    return `${opening}>${text.join('\n')}</${name}>`.split('\n');
  }
  const children = content.filter((child) => typeof child !== 'string');
  return [
    `${opening}>`,
    ...children.flatMap((child) => linesOf(child, `${indent}  `)),
    `${indent}</${name}>`,
  ];
}
