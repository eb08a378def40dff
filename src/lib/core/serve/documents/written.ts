import { utf8ToBytes } from '@noble/hashes/utils.js';

/** JSON as bytes that can be handed from thread to thread. */
export type Written = Uint8Array<ArrayBuffer>;

export function written(value: unknown): Written {
  return joined([utf8ToBytes(JSON.stringify(value))]);
}

/** An object, and where each of its members lies within its text. */
export interface WrittenObject {
  readonly text: Written;
  /** A view of the text, and no copy. */
  member(name: string): Written;
}

/**
 * An object some members of which are written already, or are written piece by piece: what is said of ten thousand volumes is
 * never one value, nor one text, beside its bytes.
 */
export function writtenObject(
  members: readonly (readonly [name: string, value: Iterable<Uint8Array>])[],
): WrittenObject {
  const parts: Uint8Array[] = [];
  const places = new Map<string, readonly [from: number, to: number]>();
  let length = 0;
  const add = (part: Uint8Array): void => {
    parts.push(part);
    length += part.length;
  };
  for (const [name, value] of members) {
    add(utf8ToBytes(`${parts.length === 0 ? '{' : ','}${JSON.stringify(name)}:`));
    const from = length;
    for (const part of value) add(part);
    places.set(name, [from, length]);
  }
  add(utf8ToBytes('}'));
  const text = joined(parts);
  return { text, member: (name) => text.subarray(...(places.get(name) ?? [0, 0])) };
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
