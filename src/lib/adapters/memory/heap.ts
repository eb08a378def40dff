import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Memory } from '../../ports/memory.ts';

/** A heap smaller than this is not worth the time to go through it, in bytes. */
const WORTHWHILE = 64 * 1024 * 1024;

interface Collection {
  readonly type: 'major';
  readonly execution: 'sync';
  /** The last resort goes through the heap until there is nothing left to find, moves what is left together, and gives back the rest. */
  readonly flavor: 'regular' | 'last-resort';
}

const REGULAR: Collection = { type: 'major', execution: 'sync', flavor: 'regular' };
const LAST_RESORT: Collection = { ...REGULAR, flavor: 'last-resort' };

let collect: ((how: Collection) => void) | undefined;

/**
 * The collector of V8, which is not handed out without its flag. Launched with it, a program would start more slowly: the code that
 * Node brings compiled is refused under other flags. So the flag is set for a moment.
 */
function collector(): (how: Collection) => void {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    // All threads share the flag, and another may have taken it back meanwhile: then it is looked for again the next time.
    collect = runInNewContext('globalThis.gc') as ((how: Collection) => void) | undefined;
    setFlagsFromString('--no-expose-gc');
  }
  return collect ?? noop;
}

const noop = (): void => undefined;

/**
 * One collection, whatever the heap holds: what lies outside of it, such as the bytes of answers, weighs little where V8 decides whether
 * to look. It holds up this thread for some tens of milliseconds.
 */
export function collectGarbage(): void {
  collector()(REGULAR);
}

/** The heap of V8, which by itself lets garbage grow to a multiple of what is in use before it looks. */
export const heap: Memory = {
  release: () => {
    if (process.memoryUsage().heapUsed > WORTHWHILE) collector()(REGULAR);
  },
  rest: () => {
    collector()(LAST_RESORT);
  },
};
