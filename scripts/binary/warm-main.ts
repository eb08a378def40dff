// Runs the program from its chunks in a folder, and leaves beside each one what V8 compiled of it.
// Usage: node warm-main.ts FOLDER [ARGUMENT…], or with WARM_CHUNKS="NAME…" to load chunks and run nothing.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type ChunkStore, chunkLoader } from '../../bin/binary/modules.ts';

const [folder = '', ...args] = process.argv.slice(2);
process.argv.splice(2, process.argv.length, ...args);

const store: ChunkStore = {
  source: (name) => readFileSync(path.join(folder, name), 'latin1'),
  cache: (name) => {
    const file = path.join(folder, `${name}.cache`);
    return existsSync(file) ? readFileSync(file) : undefined;
  },
};

const loader = chunkLoader(store);
process.on('exit', () => {
  for (const { name, script } of loader.loaded) {
    writeFileSync(path.join(folder, `${name}.cache`), script.createCachedData());
  }
});
for (const name of (process.env['WARM_CHUNKS'] ?? 'cli.js').split(' ').filter(Boolean))
  loader.load(name);
