/*
 * Answers with many thousand rows. Parsed at once, such an answer is alive as a whole while it is decoded, and ten times as large as
 * what is kept of it; parsed some rows at a time, nothing of it grows old.
 */

/** Characters that are parsed at a time. */
const STRETCH = 64 * 1024;

/** Places that look like the end of a row and are none, after which the rest is parsed at once. */
const PATIENCE = 8;

/** Parses a JSON array; throws a `SyntaxError` where the text is none. */
export type ParseRows = (text: string) => readonly unknown[];

const parseRows: ParseRows = (text) => JSON.parse(text) as readonly unknown[];

/** Where a list stands in the text of an answer. */
interface Place {
  /** The first character of its first row. */
  readonly start: number;
  /** The bracket that closes it. */
  readonly end: number;
  /** What its rows begin with. */
  readonly opening: string;
}

/** The rows of a long list, which are parsed while they are gone through. Throws a `SyntaxError` at what is no JSON. */
export class LongList implements Iterable<unknown> {
  readonly #text: string;
  readonly #place: Place;
  readonly #parse: ParseRows;

  constructor(text: string, place: Place, parse: ParseRows) {
    this.#text = text;
    this.#place = place;
    this.#parse = parse;
  }

  *[Symbol.iterator](): Generator<unknown, void, undefined> {
    let from = this.#place.start;
    while (from < this.#place.end) {
      const { rows, end } = this.#stretch(from);
      yield* rows;
      from = end + 1;
    }
  }

  /**
   * Some rows from one that begins at `from`. Where a row ends is a guess that the parser proves: between the beginning of a row and a
   * comma there is a list of values only if the comma stands between two rows.
   */
  #stretch(from: number): { readonly rows: readonly unknown[]; readonly end: number } {
    let at = from + STRETCH;
    for (let guess = 0; guess < PATIENCE; guess += 1) {
      const comma = this.#commaAfter(at);
      if (comma < 0) break;
      const rows = unlessBroken(() => this.#rowsIn(from, comma));
      if (rows !== undefined) return { rows, end: comma };
      at = comma + 1;
    }
    return { rows: this.#rowsIn(from, this.#place.end), end: this.#place.end };
  }

  #rowsIn(start: number, end: number): readonly unknown[] {
    return this.#parse(`[${this.#text.slice(start, end)}]`);
  }

  /** The next comma before what rows begin with; negative where there is none. */
  #commaAfter(start: number): number {
    const { opening, end } = this.#place;
    let row = this.#text.indexOf(opening, start);
    while (row >= 0 && row < end) {
      const comma = commaBefore(this.#text, row);
      if (comma >= 0) return comma;
      row = this.#text.indexOf(opening, row + 1);
    }
    return -1;
  }
}

const SPACES = [' ', '\n', '\r', '\t'];

/** The comma that nothing but space parts from `at`; negative where there is none. */
function commaBefore(text: string, at: number): number {
  let before = at - 1;
  while (SPACES.includes(text.charAt(before))) before -= 1;
  return text.charAt(before) === ',' ? before : -1;
}

function unlessBroken<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}

/** Whether it is a list, parsed or not. */
export function isAnyList(value: unknown): value is readonly unknown[] | LongList {
  return Array.isArray(value) || value instanceof LongList;
}

/**
 * Parses an answer; where it is long, and `member` holds rows that are objects, they stand there as a {@link LongList}. Throws
 * a `SyntaxError` where it is no JSON; inside such a list that shows only when its rows are gone through.
 *
 * @param member which member of the outermost object holds the rows; null where the answer itself is the list
 */
export function parseLong(text: string, member: string | null): unknown {
  return withLongList(text, member, parseRows) ?? JSON.parse(text);
}

/**
 * The same for rows that are not parsed as plain JSON.
 *
 * @returns undefined where there is no such list, or only a short one
 */
export function withLongList(text: string, member: string | null, parse: ParseRows): unknown {
  const place = text.length > STRETCH ? placeOf(text, member) : undefined;
  if (place === undefined || !endsWithARow(text, place, parse)) return undefined;
  const list = new LongList(text, place, parse);
  // What is around the rows is parsed as if there were none, which proves that they were where they seemed to be.
  const around = unlessBroken<unknown>(() =>
    JSON.parse(text.slice(0, place.start) + text.slice(place.end)),
  );
  if (member === null) return isEmptyList(around) ? list : undefined;
  const holdsRows = isObject(around) && isEmptyList(around[member]);
  return holdsRows ? { ...around, [member]: list } : undefined;
}

const LIST = /^\s*\[\s*(\{\s*"[^"\\]*"\s*:)/;

/** Longer than whatever stands between a list's name and the first name in its first row. */
const HEAD = 200;

function placeOf(text: string, member: string | null): Place | undefined {
  const key = member === null ? '' : `"${member}":`;
  const at = text.indexOf(key);
  const open = at + key.length;
  const [head, opening] = LIST.exec(text.slice(open, open + HEAD)) ?? [];
  if (at < 0 || head === undefined || opening === undefined) return undefined;
  return { start: open + head.length - opening.length, end: text.lastIndexOf(']'), opening };
}

/** Whether what seems to be the last row is one: other lists may follow the one that is meant. */
function endsWithARow(text: string, { start, end, opening }: Place, parse: ParseRows): boolean {
  const last = Math.max(start, text.lastIndexOf(opening, end));
  return unlessBroken(() => parse(`[${text.slice(last, end)}]`)) !== undefined;
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
