import { getRawAsset } from 'node:sea';
import { type ChunkStore } from './modules.ts';

function asset(name: string): Buffer {
  return Buffer.from(getRawAsset(name));
}

/** The chunks that the executable carries, for every thread of it alike. */
export const assets: ChunkStore = {
  // Chunks are plain ASCII, which is copied without a look at each byte.
  source: (name) => asset(name).toString('latin1'),
  cache: (name) => {
    try {
      return asset(`${name}.cache`);
    } catch {
      // Not a failure: the text of the chunk is all that is needed.
      return undefined;
    }
  },
  // A thread begins with a text, since there is no file it could begin with.
  thread: (chunk) => `globalThis.truenasMonitorChunk = ${JSON.stringify(chunk)};
${asset('thread.js').toString('latin1')}`,
};
