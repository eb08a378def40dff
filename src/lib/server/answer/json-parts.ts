import { rowText, type ServedRows } from '../../core/serve/served-rows.ts';

/** What is handed on at once: large enough to be cheap, small enough that nobody waits for it. */
const PIECE = 64 * 1024;

/** Rows of a list that were chosen, by their indexes. */
export interface ChosenRows {
  readonly rows: ServedRows<unknown>;
  readonly indexes: readonly number[];
}

/** A value of a document: something small that is written now, or rows that are written already. */
export type Part =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'rows'; readonly chosen: ChosenRows }
  | { readonly kind: 'row'; readonly text: Uint8Array };

export function rowsPart(rows: ServedRows<unknown>, indexes: readonly number[]): Part {
  return { kind: 'rows', chosen: { rows, indexes } };
}

/** One row by itself, where it is no list. */
export function rowPart(rows: ServedRows<unknown>, index: number): Part {
  return { kind: 'row', text: rowText(rows, index) };
}

/** Memory of the scan as it is, without a copy. */
function viewOf({ buffer, byteOffset, length }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, length);
}

/** The chosen rows in pieces, with something between each and the next. */
function* rowPieces({ rows, indexes }: ChosenRows, between: Buffer): Generator<Buffer> {
  let parts: Buffer[] = [];
  let size = 0;
  for (const [at, index] of indexes.entries()) {
    const row = viewOf(rowText(rows, index));
    if (at > 0) parts.push(between);
    parts.push(row);
    size += row.length;
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
    yield* part.kind === 'row' ? [viewOf(part.text)] : rowPieces(part.chosen, COMMA);
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
  document: Uint8Array,
): Generator<Buffer> {
  const opening = JSON.stringify(front);
  yield Buffer.from(`${opening.slice(0, -1)},`);
  // Behind its own opening brace.
  const rest = viewOf(document).subarray(1);
  for (let at = 0; at < rest.length; at += PIECE) yield rest.subarray(at, at + PIECE);
}
