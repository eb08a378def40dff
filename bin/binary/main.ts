// Main script of the executable: loads the program from the assets it carries.
import { writeFileSync } from 'node:fs';
import { getRawAsset } from 'node:sea';
import { type ChunkStore, chunkLoader } from './modules.ts';

function asset(name: string): Buffer {
  return Buffer.from(getRawAsset(name));
}

const store: ChunkStore = {
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
};

const loader = chunkLoader(store);

/** For benchmarks and tests: what a run loaded and cost, as JSON in the file that is named. */
const trace = process.env['TRUENAS_MONITOR_TRACE_FILE'];
if (trace !== undefined) {
  process.on('exit', () => {
    const chunks = loader.loaded.map(({ name, script }) => ({
      name,
      fromCache: script.cachedDataRejected === false,
    }));
    const { user, system } = process.cpuUsage();
    const peakRssMb = process.resourceUsage().maxRSS / 1024;
    writeFileSync(trace, JSON.stringify({ chunks, cpuMs: (user + system) / 1000, peakRssMb }));
  });
}
loader.load('cli.js');
