import { packed, type Pieces } from '../../src/lib/core/serve/documents/written.ts';
import { type PackedPart, PackedReader } from '../../src/lib/core/serve/packed-text.ts';
import { rowPlace, type WrittenRows } from '../../src/lib/core/serve/served-rows.ts';
import { packing } from '../../src/lib/server/answer/packing.ts';

/** What is served of a scan, packed and unpacked whole. */

export function packedPart(...pieces: readonly string[]): PackedPart {
  const all: Pieces = pieces;
  return packed(all, packing);
}

export function unpackedPart({ text, from, to }: PackedPart): string {
  const pieces = [...new PackedReader(text, packing).pieces(from, to)];
  return Buffer.concat(pieces).toString('utf8');
}

export function unpackedRow(rows: WrittenRows, index: number): string {
  const [from, to] = rowPlace(rows, index);
  return unpackedPart({ text: rows.text, from, to });
}
