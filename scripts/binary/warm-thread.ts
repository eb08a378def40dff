// What `warm-main.ts` is for the main thread, for every further one.
import { chunkLoader } from '../../bin/binary/modules.ts';
import { chunksIn, keepCompiled } from './warm-chunks.ts';

export function run(folder: string, chunk: string): void {
  const loader = chunkLoader(chunksIn(folder));
  process.on('exit', () => {
    keepCompiled(folder, loader);
  });
  loader.load(chunk);
}
