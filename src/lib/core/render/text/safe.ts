/*
 * Text from outside can hold anything: escape sequences that rewrite a terminal, direction overrides that
 * make one name look like another, newlines that forge a row. It is shown with such characters spelled out.
 */

/** Controls, invisible and direction characters, line separators, and halves of surrogate pairs. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const EVERY_UNPRINTABLE = new RegExp(UNPRINTABLE.source, 'gu');
/** A long document has half a million line breaks, and to be asked about each takes a second and a hundred megabytes. */
const EVERY_UNPRINTABLE_IN_LINE = /[[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]--[\n]]/gv;

const SPELLED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

export function hasUnprintable(text: string): boolean {
  return UNPRINTABLE.test(text);
}

/** Text for one line of a terminal: what could act on it or hide in it is spelled out, such as `\x1b`. */
export function printable(text: string): string {
  if (!UNPRINTABLE.test(text)) return text;
  return text.replace(EVERY_UNPRINTABLE, (character) => {
    const spelled = SPELLED[character];
    if (spelled !== undefined) return spelled;
    const code = character.codePointAt(0) ?? 0;
    if (code > 0xffff) return `\\u{${code.toString(16)}}`;
    return code > 0xff ? `\\u${hex(code, 4)}` : `\\x${hex(code, 2)}`;
  });
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}

/**
 * Spells out the same characters as escapes of JSON, whose quoted strings YAML reads alike. Line breaks stay:
 * in finished JSON and YAML they are layout, never part of a string.
 */
export function escapeInJson(document: string): string {
  return document.replace(EVERY_UNPRINTABLE_IN_LINE, utf16Escapes);
}

function utf16Escapes(character: string): string {
  let escaped = '';
  for (let index = 0; index < character.length; index += 1) {
    escaped += `\\u${hex(character.charCodeAt(index), 4)}`;
  }
  return escaped;
}
