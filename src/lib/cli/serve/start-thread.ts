import { type Worker } from 'node:worker_threads';
import { newThread } from './new-thread.ts';
import { type EngineStart } from './protocol.ts';

/** Starts the thread that scans. In the executable, which has no files, `bin/binary/start-thread.ts` takes the place of this one. */
export function startThread(start: EngineStart): Worker {
  // As sources this is TypeScript, and built it is JavaScript: so is the thread.
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return newThread(new URL(`engine-thread.${extension}`, import.meta.url), start);
}
