import { sizeOf, type Size } from '../../core/model/quantity.ts';
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

export function rowsOf(answer: unknown): readonly Row[] {
  if (!Array.isArray(answer)) throw new DecodeError('a list was expected');
  const items: readonly unknown[] = answer;
  for (const item of items) {
    if (!isRow(item)) throw new DecodeError('a list of objects was expected');
  }
  return items as readonly Row[];
}

export function textOf(row: Row, key: string): string {
  const value = row[key];
  if (typeof value !== 'string') throw new DecodeError(`"${key}" is no text`);
  return value;
}

export function optionalText(row: Row, key: string): string | null {
  const value = row[key];
  return typeof value === 'string' ? value : null;
}

export function integerOf(row: Row, key: string): number {
  const value = row[key];
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    throw new DecodeError(`"${key}" is no whole number`);
  }
  return value;
}

export function textsOf(row: Row, key: string): readonly string[] {
  const value = row[key];
  if (!Array.isArray(value)) throw new DecodeError(`"${key}" is no list`);
  return value.filter((item): item is string => typeof item === 'string');
}

/** A size that is a plain number in the answer, such as those of `pool.query`. */
export function bytesOf(value: unknown): Bytes | null {
  return typeof value === 'number' ? (sizeOfNumber(value)?.bytes ?? null) : null;
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

/** A size property; the parsed number stands in where a server sends no raw text. */
export function sizeProperty(property: unknown): Size | null {
  const raw = rawOf(property);
  if (raw !== null) return sizeOfText(raw);
  const parsed = isRow(property) ? property['parsed'] : undefined;
  return typeof parsed === 'number' ? sizeOfNumber(parsed) : null;
}

/** A limit property, where ZFS writes 0 for "none". */
export function limitProperty(property: unknown): Size | null {
  const size = sizeProperty(property);
  return size === null || size.bytes === 0 ? null : size;
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

/** A text property, where ZFS writes nothing or `-` for "none". */
export function textProperty(property: unknown): string | null {
  const raw = rawOf(property);
  return raw === null || raw === '' || raw === '-' ? null : raw;
}

/** A 64-bit id: a safe number, or text. JSON numbers beyond 2^53 have lost digits and say nothing. */
export function idText(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : null;
}
