import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packed, packedObject } from '../../../src/lib/core/serve/documents/written.ts';
import { BLOCK, PackedReader, TextPacker } from '../../../src/lib/core/serve/packed-text.ts';
import { packing } from '../../../src/lib/server/answer/packing.ts';
import { unpackedPart } from '../../support/packed-texts.ts';

/** Short and long, and of letters that take one, two, three and four bytes. */
const piece = fc
  .tuple(fc.constantFrom('a', 'ä', '€', '🦔'), fc.nat(3), fc.constantFrom(1, 7, 20_000))
  .map(([letter, offset, times]) => 'x'.repeat(offset) + letter.repeat(times));

test('a text is the same once it was packed, wherever its letters fall between two blocks', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      expect(unpackedPart(packed(pieces, packing))).toBe(pieces.join(''));
    }),
    { numRuns: 60 },
  );
});

test('any part of a text is what it is in the whole', () => {
  const bytes = Buffer.from(
    Array.from({ length: 40_000 }, (_, at) => `${String(at)}€`).join(''),
    'utf8',
  );
  const { text, to } = packed([bytes.toString('utf8')], packing);
  expect(to).toBe(bytes.length);
  const reader = new PackedReader(text, packing);
  const part = (from: number, end: number) => Buffer.concat([...reader.pieces(from, end)]);
  for (const [from, end] of [
    [0, 1],
    [BLOCK - 1, BLOCK + 1],
    [BLOCK, 2 * BLOCK],
    [5, 3 * BLOCK + 5],
    [to - 1, to],
    [7, 7],
  ] as const) {
    expect(part(from, end).equals(bytes.subarray(from, end))).toBe(true);
  }
});

test('what lies in a block that was asked for lately is not unpacked again', () => {
  const unpacked: number[] = [];
  const { text } = packed(['row'.repeat(4 * BLOCK)], packing);
  const reader = new PackedReader(text, {
    unpack: (block) => {
      unpacked.push(block.length);
      return packing.unpack(block);
    },
  });
  for (let at = 0; at < BLOCK; at += 1024) expect([...reader.pieces(at, at + 10)]).toHaveLength(1);
  expect(unpacked).toHaveLength(1);
  for (const block of [1, 2, 0, 3, 4, 0]) {
    expect([...reader.pieces(block * BLOCK, block * BLOCK + 1)]).toHaveLength(1);
  }
  expect(unpacked).toHaveLength(5);
  // It is not kept for ever: four blocks are.
  expect([...reader.pieces(BLOCK, BLOCK + 1)]).toHaveLength(1);
  expect(unpacked).toHaveLength(6);
});

test('what was packed is no larger than it has to be, and nothing but it is handed over', () => {
  const packer = new TextPacker(packing);
  for (let at = 0; at < 10_000; at += 1) packer.add(`{"name":"pvc-${String(at)}","phase":"Bound"}`);
  const { bytes, ends } = packer.finish();
  expect(bytes.length).toBeLessThan(packer.length / 5);
  expect(bytes.buffer.byteLength).toBe(bytes.length);
  expect(ends.at(-1)).toBe(bytes.length);
});

test('a member of an object is a part of its text, and reads as it would alone', () => {
  const object = packedObject(
    [
      ['first', ['{"a":1}']],
      ['second', ['[1,', '2]']],
    ],
    packing,
  );
  expect(unpackedPart(object.whole)).toBe('{"first":{"a":1},"second":[1,2]}');
  expect(unpackedPart(object.member('second'))).toBe('[1,2]');
  expect(object.member('second').text).toBe(object.whole.text);
  expect(unpackedPart(packedObject([], packing).whole)).toBe('{}');
});
