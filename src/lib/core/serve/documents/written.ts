import { type PackedPart, type Packing, TextPacker } from '../packed-text.ts';

/** A text piece by piece: what is said of ten thousand volumes is never one value, nor one text. */
export type Pieces = Iterable<string>;

export function written(value: unknown): Pieces {
  return [JSON.stringify(value)];
}

/** A list, item by item. */
export function* writtenList<T>(items: Iterable<T>, write: (item: T) => unknown): Pieces {
  let before = '[';
  for (const item of items) {
    yield `${before}${JSON.stringify(write(item))}`;
    before = ',';
  }
  yield before === '[' ? '[]' : ']';
}

/** An object, its members in the order they are given. */
export function* writtenObject(members: Iterable<readonly [name: string, value: Pieces]>): Pieces {
  let before = '{';
  for (const [name, value] of members) {
    yield `${before}${JSON.stringify(name)}:`;
    yield* value;
    before = ',';
  }
  yield before === '{' ? '{}' : '}';
}

/** A text as it is served. */
export function packed(pieces: Pieces, packing: Pick<Packing, 'pack'>): PackedPart {
  const packer = new TextPacker(packing);
  for (const piece of pieces) packer.add(piece);
  const { length } = packer;
  return { text: packer.finish(), from: 0, to: length };
}

/** An object as it is served, and each of its members, which are parts of the same text. */
export interface PackedObject {
  readonly whole: PackedPart;
  member(name: string): PackedPart;
}

export function packedObject(
  members: readonly (readonly [name: string, value: Pieces])[],
  packing: Pick<Packing, 'pack'>,
): PackedObject {
  const packer = new TextPacker(packing);
  const places = new Map<string, readonly [from: number, to: number]>();
  const noted = members.map(([name, value]) => [name, noting(name, value)] as const);
  for (const piece of writtenObject(noted)) packer.add(piece);
  const { length } = packer;
  const text = packer.finish();
  return {
    whole: { text, from: 0, to: length },
    member: (name) => {
      const [from, to] = places.get(name) ?? [0, 0];
      return { text, from, to };
    },
  };

  function* noting(name: string, value: Pieces): Pieces {
    const from = packer.length;
    yield* value;
    places.set(name, [from, packer.length]);
  }
}
