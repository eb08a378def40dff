import { type PackedPart, PackedReader, type PackedText } from '../../core/serve/packed-text.ts';
import { rowPlace, type WrittenRows } from '../../core/serve/served-rows.ts';
import { packing } from './packing.ts';

/** What is handed on at once: large enough to be cheap, small enough that nobody waits for it. */
const PIECE = 64 * 1024;

/** Rows of a list that were chosen, by their indexes. */
export interface ChosenRows {
  readonly rows: WrittenRows;
  readonly indexes: readonly number[];
}

/** A value of a document: something small that is written now, or rows that are written already. */
export type Part =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'rows'; readonly chosen: ChosenRows }
  | { readonly kind: 'row'; readonly row: PackedPart };

export function rowsPart(rows: WrittenRows, indexes: readonly number[]): Part {
  return { kind: 'rows', chosen: { rows, indexes } };
}

/** One row by itself, where it is no list. */
export function rowPart(rows: WrittenRows, index: number): Part {
  const [from, to] = rowPlace(rows, index);
  return { kind: 'row', row: { text: rows.text, from, to } };
}

/** The same memory, without a copy. */
function viewOf({ buffer, byteOffset, length }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, length);
}

const readers = new WeakMap<PackedText, PackedReader>();

/** One for each text, whoever asks: it knows what was asked for last. */
function readerOf(text: PackedText): PackedReader {
  const reader = readers.get(text) ?? new PackedReader(text, packing);
  readers.set(text, reader);
  return reader;
}

/** A part of a text that is written already, as what it says. */
export function readPart(part: PackedPart): unknown {
  return JSON.parse(Buffer.concat([...partPieces(part)]).toString('utf8'));
}

/** A part of a text that is written already. */
function* partPieces({ text, from, to }: PackedPart): Generator<Buffer> {
  for (const piece of readerOf(text).pieces(from, to)) yield viewOf(piece);
}

/** The chosen rows in pieces, with something between each and the next. */
function* rowPieces({ rows, indexes }: ChosenRows, between: Buffer): Generator<Buffer> {
  let parts: Buffer[] = [];
  let size = 0;
  const reader = readerOf(rows.text);
  for (const [at, index] of indexes.entries()) {
    const [from, to] = rowPlace(rows, index);
    if (at > 0) parts.push(between);
    for (const piece of reader.pieces(from, to)) parts.push(viewOf(piece));
    size += to - from;
    if (size < PIECE) continue;
    yield Buffer.concat(parts);
    parts = [];
    size = 0;
  }
  if (parts.length > 0) yield Buffer.concat(parts);
}

const COMMA = Buffer.from(',');
const LINE = Buffer.from('\n');

/** An object as JSON, in pieces, its keys in the order they are given. */
export function* documentPieces(
  parts: Iterable<readonly [key: string, part: Part]>,
): Generator<Buffer> {
  let text = '{';
  let separator = '';
  for (const [key, part] of parts) {
    text += `${separator}${JSON.stringify(key)}:`;
    separator = ',';
    if (part.kind === 'value') {
      text += JSON.stringify(part.value);
      continue;
    }
    yield Buffer.from(part.kind === 'row' ? text : `${text}[`);
    yield* part.kind === 'row' ? partPieces(part.row) : rowPieces(part.chosen, COMMA);
    text = part.kind === 'row' ? '' : ']';
  }
  yield Buffer.from(`${text}}`);
}

/** The chosen rows alone, one a line. */
export function* linePieces(all: readonly ChosenRows[]): Generator<Buffer> {
  for (const chosen of all) {
    yield* rowPieces(chosen, LINE);
    if (chosen.indexes.length > 0) yield LINE;
  }
}

/** A document that is written already, with something small said in front of what it says itself. */
export function* spliced(
  front: Readonly<Record<string, unknown>>,
  document: PackedPart,
): Generator<Buffer> {
  const opening = JSON.stringify(front);
  yield Buffer.from(`${opening.slice(0, -1)},`);
  // Behind its own opening brace.
  yield* partPieces({ ...document, from: document.from + 1 });
}
