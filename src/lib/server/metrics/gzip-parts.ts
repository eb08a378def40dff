import { promisify } from 'node:util';
import { constants, crc32, deflateRaw } from 'node:zlib';

const deflate = promisify(deflateRaw);

/** The first part of something compressed: the rest can be added to it without compressing this again. */
export interface GzipStart {
  readonly deflated: Buffer;
  readonly checksum: number;
  readonly length: number;
}

/** No more than that: a scrape is read at once, and most often from nearby. */
const LEVEL = constants.Z_BEST_SPEED;
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 0xff]);

export async function startGzip(data: Uint8Array): Promise<GzipStart> {
  return {
    // Ends on a byte, and is not the end.
    deflated: await deflate(data, { level: LEVEL, finishFlush: constants.Z_SYNC_FLUSH }),
    checksum: crc32(data),
    length: data.length,
  };
}

/** One gzip of a start and what comes after it. */
export async function endGzip(start: GzipStart, rest: Uint8Array): Promise<Buffer> {
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc32(rest, start.checksum), 0);
  trailer.writeUInt32LE((start.length + rest.length) % 2 ** 32, 4);
  return Buffer.concat([HEADER, start.deflated, await deflate(rest, { level: LEVEL }), trailer]);
}
