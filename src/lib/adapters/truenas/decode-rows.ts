import { type Listing, listed, partial } from '../../core/model/coverage.ts';
import { DecodeError, firstText, isRow, type Row, type Rows } from './decode-values.ts';

/** A row of an answer that could not be understood. */
export interface Misfit {
  /** What to call it: a path or name, else its database id, else where it stands in the answer. */
  readonly label: string;
  /** Path of the dataset or snapshot it is; null where that is not clear. */
  readonly id: string | null;
  readonly why: string;
}

/** An answer, as far as it was understood. */
export interface Decoded<T> {
  readonly items: readonly T[];
  readonly misfits: readonly Misfit[];
}

const NO_MISFITS: readonly Misfit[] = Object.freeze([]);

/**
 * Decodes each row for itself: one that cannot be understood is set aside, and says nothing of the others.
 *
 * @param decode gives undefined for a row that is understood and not wanted; throws `DecodeError` for one that is not
 */
export function decodeRows<T>(rows: Rows, decode: (row: Row) => T | undefined): Decoded<T> {
  const items: T[] = [];
  let misfits: Misfit[] | undefined;
  let index = -1;
  for (const row of parsedOf(rows)) {
    index += 1;
    try {
      if (!isRow(row)) throw new DecodeError('it is no object');
      const item = decode(row);
      if (item !== undefined) items.push(item);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      (misfits ??= []).push(misfitOf(row, index, error.message));
    }
  }
  return { items, misfits: misfits ?? NO_MISFITS };
}

/** An answer that is no JSON somewhere in its middle is none at all: nobody knows what is missing of it. */
function* parsedOf(rows: Rows): Rows {
  try {
    yield* rows;
  } catch (error) {
    throw error instanceof SyntaxError ? new DecodeError('the answer is no JSON') : error;
  }
}

const LONGEST_LABEL = 300;

function misfitOf(row: unknown, index: number, why: string): Misfit {
  const fields = isRow(row) ? row : {};
  const name = firstText(fields, ['path', 'device_path', 'id', 'name', 'dataset', 'target']);
  const number = typeof fields['id'] === 'number' ? `id ${fields['id']}` : null;
  return {
    label: (name ?? number ?? `number ${index + 1} of the answer`).slice(0, LONGEST_LABEL),
    id: firstText(fields, ['id', 'name']),
    why,
  };
}

/** An object with the row it was read from. */
export interface Seen<T> {
  readonly id: string;
  readonly object: T;
  readonly row: Row;
}

/** Decodes a row, and keeps it. */
export function seeing<T extends { readonly id: string }>(
  decode: (row: Row) => T,
): (row: Row) => Seen<T> {
  return (row) => {
    const object = decode(row);
    return { id: object.id, object, row };
  };
}

export function joined<T>(parts: readonly Decoded<T>[]): Decoded<T> {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  return {
    items: parts.flatMap(({ items }) => items),
    misfits: parts.flatMap(({ misfits }) => misfits),
  };
}

/** How many rows that were set aside are named; the reason has their count. */
const NAMED = 20;

/** @param label how the system is called in messages */
export function listingOf<T>({ items, misfits }: Decoded<T>, label: string): Listing<T> {
  const [first] = misfits;
  if (first === undefined) return listed(items);
  const total = items.length + misfits.length;
  return {
    coverage: partial(
      `${label} answered with ${misfits.length} of ${total} objects in an unknown shape: ${first.why}`,
    ),
    items,
    unreadable: misfits.slice(0, NAMED).map((misfit) => misfit.label),
  };
}

/**
 * The one object a call asked for, or undefined where the answer is empty. Throws where something was answered that is
 * not understood, or is not what was asked for: neither says that there is no such object.
 */
export function requested<T extends { readonly id: string }>(
  id: string,
  { items, misfits }: Decoded<T>,
): T | undefined {
  const found = items.find((item) => item.id === id);
  if (found !== undefined) return found;
  const [misfit] = misfits;
  if (misfit !== undefined) throw new DecodeError(`${id}: ${misfit.why}`);
  const [other] = items;
  if (other !== undefined) throw new DecodeError(`${id} was answered with ${other.id}`);
  return undefined;
}
