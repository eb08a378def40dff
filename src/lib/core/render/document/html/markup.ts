import { type Tone } from '../../../model/document.ts';
import { xmlText } from '../../junit/xml.ts';
import { TONE_WORDS } from '../tone-words.ts';

/** A text as it may stand between tags and in quoted attributes. */
export const html = xmlText;

/** Lines as they are. Tabs stay: they are part of what is copied. */
export function htmlLines(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => line.split('\t').map(xmlText).join('\t'))
    .join('\n');
}

/** A tone in a word; nothing for a neutral one. */
export function toneTag(tone: Tone): string {
  const word = TONE_WORDS[tone];
  return word === '' ? '' : `<span class="tag ${tone}">${word}</span>`;
}
