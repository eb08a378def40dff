/*
 * The library makes a node of each value, and looks at each several times: a report of ten thousand volumes takes it seconds and
 * hundreds of megabytes. Most of what is written are numbers, our own words and names, which nothing else can be meant by.
 */

/** Words with what may lie within them; none of them begins or ends with a character that means something. */
const PLAIN = /^[A-Za-z](?:[\w./@+=()%-]|:(?=\w)|,(?=\w)| (?=[\w./(]))*$/;
/** What YAML 1.1 or 1.2 takes for something else than text. */
const WORD = /^(?:y|n|yes|no|on|off|true|false|null)$/i;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

type Line = (text: string) => void;

/** Writes scalars by the library, which knows all of YAML. */
export type Scalar = (value: unknown) => string;

/** Plain data cannot be told by these few lines: it holds something else, or a key beyond words. */
class NotPlainError extends Error {}

/**
 * Plain data as the library would write it; undefined where it holds more than objects with words for keys, lists, texts of one
 * line, numbers, booleans and null.
 */
export function plainYaml(data: unknown, scalar: Scalar): string | undefined {
  if (!isFilled(data)) return undefined;
  const lines: string[] = [];
  try {
    write(data, { line: (text) => lines.push(text), scalar, first: '', indent: '' });
  } catch (error) {
    if (error instanceof NotPlainError) return undefined;
    throw error;
  }
  lines.push('');
  return lines.join('\n');
}

interface Place {
  readonly line: Line;
  readonly scalar: Scalar;
  /** What the first line begins with, and every other. */
  readonly first: string;
  readonly indent: string;
}

function isFilled(data: unknown): data is object {
  return typeof data === 'object' && data !== null && sizeOf(data) > 0;
}

function sizeOf(data: object): number {
  return Array.isArray(data) ? data.length : Object.keys(data).length;
}

function write(data: object, place: Place): void {
  const { line, scalar, indent } = place;
  let { first } = place;
  if (Array.isArray(data)) {
    for (const item of data as readonly unknown[]) {
      if (isFilled(item)) write(item, { ...place, first: `${first}- `, indent: `${indent}  ` });
      else line(`${first}- ${inLine(item, scalar)}`);
      first = indent;
    }
    return;
  }
  if (!isPlainObject(data)) throw new NotPlainError();
  for (const [key, value] of Object.entries(data)) {
    if (!isWord(key)) throw new NotPlainError();
    if (isFilled(value)) {
      line(`${first}${key}:`);
      write(value, { ...place, first: `${indent}  `, indent: `${indent}  ` });
    } else line(`${first}${key}: ${inLine(value, scalar)}`);
    first = indent;
  }
}

function isPlainObject(data: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(data);
  return prototype === Object.prototype || prototype === null;
}

function isWord(text: string): boolean {
  return text.length < 1_000 && PLAIN.test(text) && !WORD.test(text);
}

function inLine(value: unknown, scalar: Scalar): string {
  if (typeof value === 'string') return textInLine(value, scalar);
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) && !Object.is(value, -0) ? String(value) : scalar(value);
  }
  if (value === null) return 'null';
  // The library has its own ways with what is not data.
  if (typeof value !== 'object') throw new NotPlainError();
  if (Array.isArray(value)) return '[]';
  if (!isPlainObject(value)) throw new NotPlainError();
  return '{}';
}

function textInLine(text: string, scalar: Scalar): string {
  if (isWord(text)) return text;
  if (INSTANT.test(text)) return `"${text}"`;
  const written = scalar(text);
  // A block has to know how far it is indented.
  if (written.includes('\n')) throw new NotPlainError();
  return written;
}
