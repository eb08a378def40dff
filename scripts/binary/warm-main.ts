// Runs the program from its chunks in a folder, and leaves beside each one what V8 compiled of it.
// Usage: node warm-main.ts FOLDER [ARGUMENT…], or with WARM_CHUNKS="NAME…" to load chunks and run nothing.
import { chunksIn, keepCompiled } from './warm-chunks.ts';
import { chunkLoader } from '../../bin/binary/modules.ts';

const [folder = '', ...args] = process.argv.slice(2);
process.argv.splice(2, process.argv.length, ...args);

const loader = chunkLoader(chunksIn(folder));
process.on('exit', () => {
  keepCompiled(folder, loader);
});
for (const name of (process.env['WARM_CHUNKS'] ?? 'cli.js').split(' ').filter(Boolean))
  loader.load(name);
