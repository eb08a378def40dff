import stringWidth from 'string-width';

const ELLIPSIS = '…';
const ASCII = /^[\x20-\x7e]*$/;

/** How many columns of a terminal a text takes. */
export function displayWidth(text: string): number {
  return ASCII.test(text) ? text.length : stringWidth(text);
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - displayWidth(text))) + text;
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** What a reader takes for single characters, so that no cut separates an accent from its letter. */
function graphemes(text: string): string[] {
  if (ASCII.test(text)) return Array.from(text);
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** As many characters from the front as fit. */
function take(characters: Iterable<string>, width: number): string[] {
  const taken: string[] = [];
  let left = width;
  for (const character of characters) {
    left -= displayWidth(character);
    if (left < 0) break;
    taken.push(character);
  }
  return taken;
}

/** Cuts the end off what is too long, and shows that it did. */
export function truncateEnd(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  if (width < 1) return '';
  return `${take(graphemes(text), width - 1)
    .join('')
    .trimEnd()}${ELLIPSIS}`;
}

/** Cuts the middle out of what is too long: the two ends are what tells names apart. */
export function truncateMiddle(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  if (width < 4) return truncateEnd(text, width);
  const characters = graphemes(text);
  const tail = take(characters.toReversed(), Math.floor((width - 1) / 2)).toReversed();
  const tailText = tail.join('');
  const head = take(characters, width - 1 - displayWidth(tailText));
  return `${head.join('')}${ELLIPSIS}${tailText}`;
}

/**
 * Breaks a text between words into lines of at most `width`; lines after the first start with `indent`.
 * A word longer than a line is cut in its middle: a path broken in two helps nobody.
 */
export function wrapWords(text: string, width: number, indent = ''): string[] {
  const lines: string[] = [];
  const room = Math.max(1, width - displayWidth(indent));
  let line = '';
  let used = 0;
  for (const word of text.split(' ')) {
    const size = displayWidth(word);
    const available = lines.length === 0 ? width : room;
    if (line !== '' && used + 1 + size > available) {
      lines.push(line);
      line = indent;
      used = 0;
    }
    const fitted = truncateMiddle(word, lines.length === 0 ? width : room);
    line += used === 0 ? fitted : ` ${fitted}`;
    used += (used === 0 ? 0 : 1) + displayWidth(fitted);
  }
  lines.push(line);
  return lines;
}
