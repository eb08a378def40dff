import { sizeOf, type Size } from '../../core/model/quantity.ts';
import { isAnyList } from '../http/long-json.ts';
import { bytes, type Bytes } from '../../core/model/units.ts';

/*
 * Plain functions and no schema library: a large system answers with hundreds of thousands of objects, and each
 * is projected once, on the path every scan takes.
 */

/** One object of an answer. */
export type Row = Readonly<Record<string, unknown>>;

/** An answer of a shape this adapter does not know. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
}

export function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The rows of an answer, which are looked at one by one; those of a long one are parsed meanwhile. */
export type Rows = Iterable<unknown>;

export function rowsOf(answer: unknown): Rows {
  if (!isAnyList(answer)) throw new DecodeError('a list was expected');
  return answer;
}

/** Text that has to be there; a number stands for its digits, as in a name that consists of them. */
export function textOf(row: Row, key: string): string {
  const value = row[key];
  if (typeof value === 'string') return value;
  if (Number.isSafeInteger(value)) return String(value);
  throw new DecodeError(`"${key}" is no text`);
}

export function optionalText(row: Row, key: string): string | null {
  const value = row[key];
  return typeof value === 'string' ? value : null;
}

/** The first of several fields that is text with something in it. */
export function firstText(row: Row, keys: readonly string[]): string | null {
  for (const key of keys) {
    const value = row[key];
    if (typeof value === 'string' && value !== '') return value;
  }
  return null;
}

/** A database id or another whole number, which some programs write as text. */
export function integerOf(row: Row, key: string): number {
  const number = wholeNumber(row[key]);
  if (number === null) throw new DecodeError(`"${key}" is no whole number`);
  return number;
}

function wholeNumber(value: unknown): number | null {
  const number = typeof value === 'string' && DIGITS.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : null;
}

/** @param absent what a server means that leaves the field out */
export function flagOf(row: Row, key: string, absent: boolean): boolean {
  const value = row[key] ?? absent;
  if (typeof value === 'boolean') return value;
  if (value === 1 || value === 'true' || value === 'True') return true;
  if (value === 0 || value === 'false' || value === 'False') return false;
  throw new DecodeError(`"${key}" is neither true nor false`);
}

export function listOf(row: Row, key: string): readonly unknown[] {
  const value = row[key];
  if (!Array.isArray(value)) throw new DecodeError(`"${key}" is no list`);
  return value as readonly unknown[];
}

export function textsOf(row: Row, key: string): readonly string[] {
  return listOf(row, key).map((item) => textOf({ [key]: item }, key));
}

export function integersOf(row: Row, key: string): readonly number[] {
  return listOf(row, key).map((item) => integerOf({ [key]: item }, key));
}

/** A size that is a plain number in the answer, such as those of `pool.query`. */
export function bytesOf(value: unknown): Bytes | null {
  return plainSize(value)?.bytes ?? null;
}

function plainSize(value: unknown): Size | null {
  if (typeof value === 'string') return sizeOfText(value);
  return typeof value === 'number' ? sizeOfNumber(value) : null;
}

function sizeOfNumber(value: number): Size | null {
  if (!Number.isFinite(value)) return null;
  return sizeOf(BigInt(Math.trunc(value)));
}

const DIGITS = /^\d+$/;

/** Every number of this many digits is a safe integer, and needs no detour over a big one. */
const SAFE_DIGITS = 15;

function sizeOfText(text: string): Size | null {
  if (!DIGITS.test(text)) return null;
  if (text.length > SAFE_DIGITS) return sizeOf(BigInt(text));
  return { bytes: bytes(Number(text)), approximate: false };
}

/**
 * A ZFS property as ZFS wrote it: `raw` of `zfs.resource.*`, `rawvalue` elsewhere. Never the display text in
 * `value`, which is rounded, translated and upper-cased.
 */
export function rawOf(property: unknown): string | null {
  if (!isRow(property)) return null;
  const raw = property['raw'] ?? property['rawvalue'];
  return typeof raw === 'string' ? raw : null;
}

/** A size property; a plain number stands in where a server sends no raw text. */
export function sizeProperty(property: unknown): Size | null {
  const raw = rawOf(property);
  if (raw !== null) return sizeOfText(raw);
  if (!isRow(property)) return plainSize(property);
  // `value` is display text, and a number only where a server knows no display text.
  const number = property['parsed'] ?? property['value'];
  return typeof number === 'number' ? sizeOfNumber(number) : null;
}

/** A property that is on or off; null where it is not told. */
export function switchProperty(property: unknown): boolean | null {
  const value = rawOf(property) ?? (isRow(property) ? property['parsed'] : property);
  if (value === 'on' || value === true) return true;
  return value === 'off' || value === false ? false : null;
}

/** A limit property, where ZFS writes 0 for "none". */
export function limitProperty(property: unknown): Size | null {
  const size = sizeProperty(property);
  return size === null || size.bytes === 0 ? null : size;
}

/** A ratio such as `1.23`, also written `1.23x`; null where it is not told, or no ratio. */
export function ratioProperty(property: unknown): number | null {
  const raw = rawOf(property);
  const told = raw ?? (isRow(property) ? property['parsed'] : property);
  const ratio = typeof told === 'string' ? Number(told.replace(/x$/, '') || Number.NaN) : told;
  return typeof ratio === 'number' && Number.isFinite(ratio) && ratio >= 1 ? ratio : null;
}

/** `creation`: seconds since the epoch as raw text, or `{"$date": milliseconds}` as parsed. */
export function instantProperty(property: unknown): Date | null {
  const raw = rawOf(property);
  if (raw !== null && DIGITS.test(raw)) return validInstant(Number(raw) * 1000);
  return isRow(property) ? instantOf(property['parsed'] ?? property['value']) : null;
}

/** An instant in TrueNAS's extended JSON. */
export function instantOf(value: unknown): Date | null {
  const time = isRow(value) ? value['$date'] : undefined;
  return typeof time === 'number' ? validInstant(time) : null;
}

/** Beyond what a `Date` can hold, a number is no instant, and no reason to end a scan. */
function validInstant(time: number): Date | null {
  const instant = new Date(time);
  return Number.isNaN(instant.getTime()) ? null : instant;
}

/** How ZFS says that a text property has no value. */
const NOTHING = new Set<unknown>(['', '-', null, undefined]);

/**
 * A text property, such as `origin`. Where something is there that cannot be read, it is not taken for nothing: a clone
 * must never look like a dataset that owes nothing to anybody.
 */
export function textProperty(property: unknown, name: string): string | null {
  const raw = rawOf(property);
  if (raw !== null) return NOTHING.has(raw) ? null : raw;
  const value = isRow(property) ? (property['parsed'] ?? property['value']) : property;
  if (NOTHING.has(value)) return null;
  if (isRow(property) && typeof property['parsed'] === 'string') return property['parsed'];
  throw new DecodeError(`"${name}" cannot be read`);
}

/** A 64-bit id: a safe number, or text. JSON numbers beyond 2^53 have lost digits and say nothing. */
export function idText(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : null;
}
