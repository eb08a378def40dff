import { type CleanupLock, type HeldLock } from '../../ports/cleanup-store.ts';

/** Several locks as one: taken in their order, given back in the other, and all of them or none. */
export function allLocks(locks: readonly CleanupLock[]): CleanupLock {
  return {
    async acquire(runId, signal) {
      const held: HeldLock[] = [];
      try {
        for (const lock of locks) held.push(await lock.acquire(runId, signal));
      } catch (error) {
        // Why it could not be had says more than what went wrong with giving back the others.
        await giveBack(held).catch(() => undefined);
        throw error;
      }
      return {
        async stillHeld(stillSignal) {
          await Promise.all(held.map((each) => each.stillHeld(stillSignal)));
        },
        [Symbol.asyncDispose]: () => giveBack(held),
      };
    },
  };
}

/** Every one of them, also after one that could not be; throws what went wrong first. */
async function giveBack(held: readonly HeldLock[]): Promise<void> {
  const failures: unknown[] = [];
  for (const each of held.toReversed()) {
    try {
      await each[Symbol.asyncDispose]();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
