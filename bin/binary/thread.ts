// Beginning of each further thread of the executable: loads the chunk it is to run from the assets, as the main script does.
import { assets } from './assets.ts';
import { chunkLoader } from './modules.ts';

declare global {
  /** Written by whoever starts the thread: see `assets.ts`. */
  var truenasMonitorChunk: string;
}

chunkLoader(assets).load(globalThis.truenasMonitorChunk);
