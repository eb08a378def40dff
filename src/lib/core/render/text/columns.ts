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

/** Where a path or a name may be broken: after what separates its parts. */
const PART = /[^/@,;:-]*[/@,;:-]?/g;

/** A word that is longer than a line, in pieces that are not; broken between its parts where they fit. */
function piecesOf(word: string, width: number): string[] {
  if (displayWidth(word) <= width) return [word];
  const pieces: string[] = [];
  let piece = '';
  const parts = (word.match(PART) ?? []).flatMap((part) =>
    displayWidth(part) <= width ? [part] : graphemes(part),
  );
  for (const part of parts) {
    if (piece !== '' && displayWidth(piece + part) > width) {
      pieces.push(piece);
      piece = '';
    }
    piece += part;
  }
  return [...pieces, piece];
}

/**
 * Breaks a text between words into lines of at most `width`; lines after the first start with `indent`.
 * A word longer than a line is broken too: nothing is lost.
 */
export function wrapWords(text: string, width: number, indent = ''): string[] {
  const lines: string[] = [];
  const room = Math.max(1, width - displayWidth(indent));
  let line = '';
  let used = 0;
  for (const word of text.split(' ')) {
    for (const [index, piece] of piecesOf(word, room).entries()) {
      const size = displayWidth(piece);
      const gap = index === 0 && used > 0 ? 1 : 0;
      const available = lines.length === 0 ? width : room;
      if (line !== '' && used + gap + size > available) {
        lines.push(line);
        line = indent + piece;
        used = size;
      } else {
        line += gap === 0 ? piece : ` ${piece}`;
        used += gap + size;
      }
    }
  }
  lines.push(line);
  return lines;
}
