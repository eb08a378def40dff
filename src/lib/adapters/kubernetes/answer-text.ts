import { parseRecord, type JsonRecord } from './json.ts';

const KEY = '"managedFields":[';
const ENTRY = '{';
const BACKSLASH = '\\';

/** Parses what the API server answered; null where it is no JSON object. */
export function parseAnswer(text: string): JsonRecord | null {
  const shorter = withoutManagedFields(text);
  return (shorter === text ? null : parseRecord(shorter)) ?? parseRecord(text);
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
