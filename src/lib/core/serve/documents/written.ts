import { utf8ToBytes } from '@noble/hashes/utils.js';

/** JSON as bytes that can be handed from thread to thread. */
export type Written = Uint8Array<ArrayBuffer>;

export function written(value: unknown): Written {
  return joined([utf8ToBytes(JSON.stringify(value))]);
}

/**
 * An object some members of which are written already, or are written piece by piece: what is said of ten thousand volumes is
 * never one value, nor one text, beside its bytes.
 */
export function writtenObject(
  members: readonly (readonly [name: string, value: Iterable<Uint8Array>])[],
): Written {
  const parts: Uint8Array[] = [];
  for (const [name, value] of members) {
    parts.push(utf8ToBytes(`${parts.length === 0 ? '{' : ','}${JSON.stringify(name)}:`));
    parts.push(...value);
  }
  parts.push(utf8ToBytes('}'));
  return joined(parts);
}

/** A list, item by item. */
export function* writtenList<T>(
  items: Iterable<T>,
  write: (item: T) => unknown,
): Iterable<Uint8Array> {
  let before = '[';
  for (const item of items) {
    yield utf8ToBytes(`${before}${JSON.stringify(write(item))}`);
    before = ',';
  }
  yield utf8ToBytes(before === '[' ? '[]' : ']');
}

function joined(parts: readonly Uint8Array[]): Written {
  const text = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    text.set(part, at);
    at += part.length;
  }
  return text;
}
