import { rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { CleanupLockedError } from '../../../core/model/errors.ts';
import { printable } from '../../../core/render/text/safe.ts';
import { type CleanupLock, type HeldLock } from '../../../ports/cleanup-store.ts';
import { type Clock } from '../../../ports/clock.ts';
import { readPrivateFile, writePrivateFile } from '../private-file.ts';
import { storeError } from './failures.ts';
import { type OsLock, takeOsLock } from './os-lock.ts';

/** What the holder leaves beside the lock, for the message to whoever comes second. It decides nothing. */
const holderSchema = z.object({
  pid: z.int(),
  host: z.string(),
  run: z.string(),
  since: z.iso.datetime(),
});
type Holder = z.infer<typeof holderSchema>;

/** What is locked of a state directory. */
export function lockFile(directory: string): string {
  return join(directory, 'lock.db');
}

/** One run at a time with this directory. It is free again as soon as the process that has it is no more. */
export function localLock(directory: string, clock: Clock): CleanupLock {
  const path = lockFile(directory);
  const note = join(directory, 'lock.json');
  return {
    async acquire(runId, signal) {
      signal.throwIfAborted();
      const lock = await takeOsLock(path);
      if (lock === undefined) throw lockedError(path, await readHolder(note));
      const since = clock.now().toISOString();
      try {
        const holder: Holder = { pid: process.pid, host: hostname(), run: runId, since };
        await writePrivateFile(note, [`${JSON.stringify(holder)}\n`]);
      } catch (error) {
        lock[Symbol.dispose]();
        throw storeError(note, 'cannot be written', error);
      }
      return held(lock, path, note);
    },
  };
}

function held(lock: OsLock, path: string, note: string): HeldLock {
  return {
    stillHeld() {
      return lock.isHeld() ? Promise.resolve() : Promise.reject(lostError(path));
    },
    async [Symbol.asyncDispose]() {
      // What is left of it misleads nobody: it is only read where somebody has the lock, and they have written theirs.
      await rm(note, { force: true }).catch(() => undefined);
      lock[Symbol.dispose]();
    },
  };
}

async function readHolder(note: string): Promise<Holder | undefined> {
  try {
    const text = await readPrivateFile(note);
    return text === undefined ? undefined : holderSchema.parse(JSON.parse(text));
  } catch {
    // It is only about how the refusal is worded.
    return undefined;
  }
}

function lockedError(path: string, holder: Holder | undefined): CleanupLockedError {
  const who =
    holder === undefined
      ? `another process has ${path}`
      : printable(
          `run ${holder.run} of process ${holder.pid} on ${holder.host}, since ${holder.since}`,
        );
  return new CleanupLockedError(`another clean-up is under way: ${who}`, {
    remediation: ['Wait until it has ended, then run the command again.'],
    details: { path, ...(holder && { pid: holder.pid, run_id: holder.run, since: holder.since }) },
  });
}

function lostError(path: string): CleanupLockedError {
  return new CleanupLockedError(`${path} was removed or replaced while this run had it locked`, {
    remediation: ['Find out who did that, then run the command again, which goes on from there.'],
    details: { path },
  });
}
