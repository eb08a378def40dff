import { type Tone } from '../../../model/document.ts';
import { xmlText } from '../../junit/xml.ts';
import { toneWord } from '../tone-words.ts';

/** A text as it may stand between tags and in quoted attributes. */
export const html = xmlText;

/** Lines as they are. Tabs stay: they are part of what is copied. */
export function htmlLines(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => line.split('\t').map(xmlText).join('\t'))
    .join('\n');
}

/** A tone in a word beside its text; nothing for a neutral one, and where the text says it. */
export function toneTag(tone: Tone, text: string): string {
  const word = toneWord(tone, text);
  return word === '' ? '' : `<span class="tag ${tone}">${word}</span>`;
}
