import { withLongList } from '../http/long-json.ts';
import { isRecord, type JsonRecord } from './json.ts';

const KEY = '"managedFields":[';
const ENTRY = '{';
const BACKSLASH = '\\';

/** Parses what the API server answered; null where it is no JSON object. The items of a long list are a `LongList`. */
export function parseAnswer(text: string): JsonRecord | null {
  try {
    const value = withLongList(text, 'items', parseItems) ?? parseShortened(text);
    return isRecord(value) ? value : null;
  } catch {
    // The parser's message quotes what it read, which may hold a secret.
    return null;
  }
}

/** A list of what was read from a list. */
function parseItems(text: string): readonly unknown[] {
  return parseShortened(text) as readonly unknown[];
}

function parseShortened(text: string): unknown {
  const shorter = withoutManagedFields(text);
  if (shorter === text) return JSON.parse(text);
  try {
    return JSON.parse(shorter);
  } catch {
    return JSON.parse(text);
  }
}
/**
 * Empties the lists of who manages which field: half of what the server sends, of no use here, and as dear to parse
 * as all the rest. Their entries hold no lists, so such a list ends at the first `}]` that is not part of a
 * key; where it is part of one, what is left is no JSON, and the caller parses the whole text instead.
 */
function withoutManagedFields(text: string): string {
  const parts: string[] = [];
  let from = 0;
  for (let key = text.indexOf(KEY + ENTRY); key >= 0; key = text.indexOf(KEY + ENTRY, from)) {
    const start = key + KEY.length;
    const end = endOfList(text, start);
    if (end < 0 || text[key - 1] === BACKSLASH) return text;
    parts.push(text.slice(from, start));
    from = end;
  }
  if (parts.length === 0) return text;
  parts.push(text.slice(from));
  return parts.join('');
}

/** Where the `]` of `}]` is. Looks for the bracket, since braces are everywhere in such a list. */
function endOfList(text: string, start: number): number {
  let end = text.indexOf(']', start);
  while (end >= 0 && text[end - 1] !== '}') end = text.indexOf(']', end + 1);
  return end;
}
