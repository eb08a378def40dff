import { type Memory } from '../../ports/memory.ts';

/** A heap smaller than this is not worth the time to go through it, in bytes. */
const WORTHWHILE = 64 * 1024 * 1024;

/**
 * The heap of V8, which by itself lets garbage grow to a multiple of what is in use before it looks. Only the executable
 * is launched with `--expose-gc`; elsewhere nothing is done.
 */
export const heap: Memory = {
  release: () => {
    if (globalThis.gc !== undefined && process.memoryUsage().heapUsed > WORTHWHILE) globalThis.gc();
  },
};
