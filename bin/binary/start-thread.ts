// In the executable this takes the place of `src/lib/cli/serve/start-thread.ts`, which starts a file.
import { threadText } from 'program:threads';
import { type Worker } from 'node:worker_threads';
import { type EngineStart } from '../../src/lib/cli/serve/protocol.ts';
import { newThread } from '../../src/lib/cli/serve/new-thread.ts';

/** Starts the thread that scans. */
export function startThread(start: EngineStart): Worker {
  return newThread(threadText('engine-thread.js'), start, { eval: true });
}
