import { Worker } from 'node:worker_threads';
import { type EngineStart } from './protocol.ts';

/** A nursery like that of the program itself: most of what a scan reads it keeps. */
const YOUNG_MB = 48;

/** Starts the thread that scans. In the executable, which has no files, another module takes the place of this one. */
export function startThread(start: EngineStart): Worker {
  // As sources this is TypeScript, and built it is JavaScript: so is the thread.
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new Worker(new URL(`engine-thread.${extension}`, import.meta.url), {
    workerData: start,
    name: 'scan',
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
}
