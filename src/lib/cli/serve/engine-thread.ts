import { parentPort, workerData } from 'node:worker_threads';
import { runEngine } from './engine.ts';
import { type EngineStart, type ToEngine } from './protocol.ts';

/*
 * The thread that scans. It is started with an `EngineStart`, and ends when it is told to.
 */

const port = parentPort;
if (port === null) throw new Error('this is the start of a thread, and no program');

void runEngine(workerData as EngineStart, {
  post: (message, transfer = []) => {
    port.postMessage(message, [...transfer]);
  },
  onMessage: (listener) => {
    port.on('message', (message: ToEngine) => {
      listener(message);
    });
  },
}).finally(() => {
  port.close();
});
