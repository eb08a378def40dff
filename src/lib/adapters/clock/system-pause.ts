import { setTimeout as wait } from 'node:timers/promises';
import { type Pause } from '../../ports/pause.ts';

export const systemPause: Pause = async (span, signal) => {
  try {
    await wait(span, undefined, { signal });
  } catch (error) {
    // Why it was aborted says more than that it was.
    signal.throwIfAborted();
    throw error;
  }
};
