/** Makes pieces of memory small, and large again. */
export interface Packing {
  pack(piece: Uint8Array): Uint8Array;
  unpack(packed: Uint8Array): Uint8Array<ArrayBuffer>;
}

/** A long text as bytes: blocks of a fixed size, each packed by itself, so that any part of it can be had without the rest. */
export interface PackedText {
  /** The packed blocks, one after the other in one piece of memory that can be handed from thread to thread. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where each of them ends there. */
  readonly ends: Uint32Array<ArrayBuffer>;
}

/** A part of a packed text, by where it begins and ends before it was packed. */
export interface PackedPart {
  readonly text: PackedText;
  readonly from: number;
  readonly to: number;
}

/** Large enough to be packed well, and small enough that a single row costs little. */
export const BLOCK = 64 * 1024;

/** A character takes at most so many bytes for each unit a string counts. */
const LONGEST = 3;

/** Packs a text while it is being written: it is never there unpacked, for a long one would be ten times as large. */
export class TextPacker {
  readonly #pack: Packing['pack'];
  readonly #encoder = new TextEncoder();
  readonly #block = new Uint8Array(BLOCK);
  readonly #packed: Uint8Array[] = [];
  #filled = 0;

  constructor({ pack }: Pick<Packing, 'pack'>) {
    this.#pack = pack;
  }

  /** How many bytes were written. */
  get length(): number {
    return this.#packed.length * BLOCK + this.#filled;
  }

  add(text: string): void {
    if (text.length * LONGEST <= BLOCK - this.#filled) {
      const { written } = this.#encoder.encodeInto(text, this.#block.subarray(this.#filled));
      this.#filled += written;
    } else {
      this.#addBytes(this.#encoder.encode(text));
    }
  }

  finish(): PackedText {
    if (this.#filled > 0) this.#close();
    const ends: number[] = [];
    let length = 0;
    for (const piece of this.#packed) ends.push((length += piece.length));
    const bytes = new Uint8Array(length);
    for (const [index, piece] of this.#packed.entries()) bytes.set(piece, ends[index - 1] ?? 0);
    return { bytes, ends: Uint32Array.from(ends) };
  }

  #addBytes(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length) {
      const part = bytes.subarray(at, at + BLOCK - this.#filled);
      this.#block.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled === BLOCK) this.#close();
    }
  }

  #close(): void {
    this.#packed.push(this.#pack(this.#block.subarray(0, this.#filled)));
    this.#filled = 0;
  }
}

/** Blocks that are kept unpacked: a hundred clients who ask for the same page ask for the same few of them. */
const KEPT = 4;

/** Reads a packed text part by part; neighbours, and what was asked for a moment ago, cost nothing more. */
export class PackedReader {
  readonly #text: PackedText;
  readonly #unpack: Packing['unpack'];
  /** The one that was used last comes last. */
  readonly #open = new Map<number, Uint8Array<ArrayBuffer>>();

  constructor(text: PackedText, { unpack }: Pick<Packing, 'unpack'>) {
    this.#text = text;
    this.#unpack = unpack;
  }

  /** A part in as many pieces as there are blocks it lies in, each made when it is asked for. */
  *pieces(from: number, to: number): Generator<Uint8Array<ArrayBuffer>> {
    for (let at = from; at < to;) {
      const index = Math.floor(at / BLOCK);
      const start = index * BLOCK;
      const end = Math.min(to, start + BLOCK);
      yield this.#block(index).subarray(at - start, end - start);
      at = end;
    }
  }

  #block(index: number): Uint8Array<ArrayBuffer> {
    const block = this.#open.get(index) ?? this.#unpacked(index);
    this.#open.delete(index);
    this.#open.set(index, block);
    const [oldest] = this.#open.keys();
    if (oldest !== undefined && this.#open.size > KEPT) this.#open.delete(oldest);
    return block;
  }

  #unpacked(index: number): Uint8Array<ArrayBuffer> {
    const { bytes, ends } = this.#text;
    return this.#unpack(bytes.subarray(ends[index - 1] ?? 0, ends[index] ?? 0));
  }
}
