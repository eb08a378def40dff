import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What of these is still there once the garbage was collected: whatever it is, something holds on to it. */
export async function heldOnTo<T extends object>(
  all: ReadonlyMap<string, WeakRef<T>>,
): Promise<readonly string[]> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // A reference that was looked at, or made, holds until the turn of the event loop is over.
  await setImmediate();
  collect();
  return [...all].filter(([, each]) => each.deref() !== undefined).map(([name]) => name);
}
