import { Worker, type WorkerOptions } from 'node:worker_threads';
import { type EngineStart } from './protocol.ts';

/** A nursery like that of the program itself: most of what a scan reads it keeps. */
const YOUNG_MB = 48;

/** The thread that scans, whatever it begins with. */
export function newThread(
  beginning: URL | string,
  start: EngineStart,
  options: Pick<WorkerOptions, 'eval'> = {},
): Worker {
  return new Worker(beginning, {
    ...options,
    workerData: start,
    name: 'scan',
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
}
