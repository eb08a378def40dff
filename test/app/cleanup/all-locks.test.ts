import { describe, expect, it } from 'vitest';
import { allLocks } from '../../../src/lib/app/cleanup/all-locks.ts';
import { type CleanupLock } from '../../../src/lib/ports/cleanup-store.ts';

const { signal } = new AbortController();

/** A lock that writes down what is done with it. */
function lockCalled(
  name: string,
  log: string[],
  fails: { readonly take?: boolean; readonly still?: boolean; readonly back?: boolean } = {},
): CleanupLock {
  const step = (what: string, isBroken = false): Promise<void> => {
    log.push(`${what} ${name}`);
    return isBroken ? Promise.reject(new Error(`${what} ${name}`)) : Promise.resolve();
  };
  return {
    async acquire(runId) {
      await step(`take ${runId}`, fails.take);
      return {
        stillHeld: () => step('ask', fails.still),
        [Symbol.asyncDispose]: () => step('back', fails.back),
      };
    },
  };
}

describe('several locks', () => {
  it('are taken in order and given back in the other', async () => {
    const log: string[] = [];
    const locks = ['a', 'b', 'c'].map((name) => lockCalled(name, log));
    const held = await allLocks(locks).acquire('r', signal);
    await held[Symbol.asyncDispose]();
    expect(log).toEqual(['take r a', 'take r b', 'take r c', 'back c', 'back b', 'back a']);
  });

  it('are had all or none', async () => {
    const log: string[] = [];
    const locks = [
      lockCalled('a', log),
      lockCalled('b', log, { back: true }),
      lockCalled('c', log, { take: true }),
      lockCalled('d', log),
    ];
    await expect(allLocks(locks).acquire('r', signal)).rejects.toThrow('take r c');
    expect(log).toEqual(['take r a', 'take r b', 'take r c', 'back b', 'back a']);
  });

  it('are lost where one of them is', async () => {
    const log: string[] = [];
    const locks = [lockCalled('a', log), lockCalled('b', log, { still: true })];
    const held = await allLocks(locks).acquire('r', signal);
    await expect(held.stillHeld(signal)).rejects.toThrow('ask b');
    const whole = await allLocks([lockCalled('a', log)]).acquire('r', signal);
    await whole.stillHeld(signal);
  });

  it('are all given back, also after one that could not be, which is told', async () => {
    const log: string[] = [];
    const locks = [lockCalled('a', log), lockCalled('b', log, { back: true })];
    const held = await allLocks(locks).acquire('r', signal);
    await expect(Promise.resolve(held[Symbol.asyncDispose]())).rejects.toThrow('back b');
    expect(log.slice(2)).toEqual(['back b', 'back a']);
  });

  it('may be none', async () => {
    const held = await allLocks([]).acquire('r', signal);
    await held.stillHeld(signal);
    await held[Symbol.asyncDispose]();
  });
});
