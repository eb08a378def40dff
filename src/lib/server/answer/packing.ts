import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { BLOCK, type Packing } from '../../core/serve/packed-text.ts';

/* How what is served of a scan is kept: a tenth of its size, and made large again faster than it is sent. */

const FAST = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** What is made large is a block or less. */
const AT_ONCE = { chunkSize: BLOCK };

export const packing: Packing = {
  pack: (piece) => zstdCompressSync(piece, FAST),
  unpack: (packed) => zstdDecompressSync(packed, AT_ONCE),
};
