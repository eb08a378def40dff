import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type ChunkLoader, type ChunkStore } from '../../bin/binary/modules.ts';

/** The chunks of the program while they are still files. */
export function chunksIn(folder: string): ChunkStore {
  return {
    source: (name) => readFileSync(path.join(folder, name), 'latin1'),
    cache: (name) => {
      const file = path.join(folder, `${name}.cache`);
      return existsSync(file) ? readFileSync(file) : undefined;
    },
    thread: (chunk) => {
      const file = pathToFileURL(path.join(import.meta.dirname, 'warm-thread.ts')).href;
      return `import(${JSON.stringify(file)}).then(({ run }) => run(${JSON.stringify(folder)}, ${JSON.stringify(chunk)}));`;
    },
  };
}

/** Leaves beside each chunk that was loaded what V8 compiled of it. */
export function keepCompiled(folder: string, { loaded }: ChunkLoader): void {
  for (const { name, script } of loaded) {
    writeFileSync(path.join(folder, `${name}.cache`), script.createCachedData());
  }
}
