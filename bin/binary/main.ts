// Main script of the executable: loads the program from the assets it carries.
import { getRawAsset } from 'node:sea';
import { type ChunkStore, chunkLoader } from './modules.ts';

function asset(name: string): Buffer {
  return Buffer.from(getRawAsset(name));
}

const store: ChunkStore = {
  // Chunks are plain ASCII, which is copied without a look at each byte.
  source: (name) => asset(name).latin1Slice(),
  cache: (name) => {
    try {
      return asset(`${name}.cache`);
    } catch {
      // Not a failure: the text of the chunk is all that is needed.
      return undefined;
    }
  },
};

const loader = chunkLoader(store);
if (process.env['TRUENAS_MONITOR_TRACE_CHUNKS'] !== undefined) {
  process.on('exit', () => {
    for (const { name, script } of loader.loaded) {
      const how = script.cachedDataRejected === false ? 'from its cache' : 'compiled';
      process.stderr.write(`chunk ${name} ${how}\n`);
    }
  });
}
loader.load('cli.js');
