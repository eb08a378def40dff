import { packed } from './documents/written.ts';
import { type PackedPart, type PackedText, type Packing, TextPacker } from './packed-text.ts';

/** What a row of a list can be chosen by. */
export interface RowKeys {
  /** Of the object, or of the claim it belongs to; null where it belongs to none. */
  readonly namespace: string | null;
  readonly labels: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch; null where nothing dates it. */
  readonly createdAt: number | null;
  /** The cluster or system it was read from. */
  readonly home: string;
}

/**
 * Rows as they are served. They are JSON already, one after the other in one text that can be handed from thread to thread, so that an
 * answer is cut out of it and nothing is made anew for a request.
 */
export interface WrittenRows {
  readonly text: PackedText;
  /** Where each row ends in the text. */
  readonly ends: Uint32Array<ArrayBuffer>;
}

/** Rows that everybody chooses among. */
export interface ServedRows<K> extends WrittenRows {
  readonly keys: readonly K[];
}

/**
 * Rows of which most are asked for all, or page by page: what they are chosen by is written as well, since some ten thousand objects
 * would hold up whoever they are handed to.
 */
export interface ServedList extends WrittenRows {
  /** The `RowKeys` of each row, as one JSON array. */
  readonly keys: PackedPart;
}

/** @param rows each with what it is chosen by, and what it is written from */
export function servedRows<K>(
  rows: Iterable<readonly [keys: K, value: unknown]>,
  packing: Pick<Packing, 'pack'>,
): ServedRows<K> {
  const keys: K[] = [];
  const ends: number[] = [];
  const packer = new TextPacker(packing);
  for (const [key, value] of rows) {
    packer.add(JSON.stringify(value));
    keys.push(key);
    ends.push(packer.length);
  }
  return { keys, text: packer.finish(), ends: Uint32Array.from(ends) };
}

/** The same of a list. */
export function servedList(
  rows: Iterable<readonly [keys: RowKeys, value: unknown]>,
  packing: Pick<Packing, 'pack'>,
): ServedList {
  const { keys, ...written } = servedRows(rows, packing);
  return { ...written, keys: packed(arrayOf(keys), packing) };
}

function* arrayOf(values: readonly unknown[]): Generator<string> {
  yield '[';
  for (const [at, value] of values.entries())
    yield `${at === 0 ? '' : ','}${JSON.stringify(value)}`;
  yield ']';
}

/** Where the JSON of one row lies in the text; nowhere where there is no such row. */
export function rowPlace(
  { ends }: Pick<WrittenRows, 'ends'>,
  index: number,
): readonly [number, number] {
  const end = ends[index];
  return end === undefined ? [0, 0] : [ends[index - 1] ?? 0, end];
}
