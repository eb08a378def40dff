import { type Fact } from '../../../model/document.ts';
import { html } from './markup.ts';

/** Labels and their values; nothing where there are none. */
export function facts(items: readonly Fact[]): string {
  if (items.length === 0) return '';
  const rows = items.map(
    ({ label, value }) => `<div><dt>${html(label)}</dt><dd>${html(value)}</dd></div>`,
  );
  return `<dl class="facts">\n${rows.join('\n')}\n</dl>`;
}
