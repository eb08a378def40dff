import { wrapWords } from '../core/render/text/columns.ts';

/** What a line begins with that its further lines stand under: spaces, and the number of a step. */
const START = /^ *(?:\d+\. )?/;

/**
 * Breaks the lines of a message between words, so that a terminal does not break them inside one. Secrets have to be blanked
 * before: one that is broken would not be found.
 *
 * @param columns infinite where nothing has to fit
 */
export function fitMessage(text: string, columns: number): string {
  if (!Number.isFinite(columns)) return text;
  return text
    .split('\n')
    .flatMap((line) => {
      const [start = ''] = START.exec(line) ?? [];
      const hang = ' '.repeat(start === '' ? 2 : start.length);
      // Spaces in front are no words.
      const [first = '', ...further] = wrapWords(line.slice(start.length), columns - hang.length);
      return [start + first, ...further.map((each) => hang + each)];
    })
    .join('\n');
}
