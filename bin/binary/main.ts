// Main script of the executable: loads the program from the assets it carries.
import { writeFileSync } from 'node:fs';
import { assets } from './assets.ts';
import { chunkLoader } from './modules.ts';

const loader = chunkLoader(assets);

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
