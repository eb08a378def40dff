import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AlreadyServingError } from '../../core/model/errors.ts';
import { type Logger } from '../../ports/logger.ts';
import { takeOsLock } from './cleanup/os-lock.ts';
import { readPrivateFile, storeFailure, writePrivateFile } from './private-file.ts';

const holderSchema = z.object({ pid: z.int() });

/**
 * One process serves with a state directory: two would scan the same systems twice as often, and count everything twice. Free again as
 * soon as the process is no more. Throws an `AlreadyServingError` where another has it; where no file can be made there, it goes on.
 */
export async function lockForServing(directory: string, logger: Logger): Promise<AsyncDisposable> {
  const path = join(directory, 'serve.lock');
  const note = join(directory, 'serve.json');
  const lock = await takeOsLock(path).catch((error: unknown) => {
    logger.log('warn', 'nothing keeps a second server from this state directory', {
      directory,
      reason: storeFailure(error),
    });
    return null;
  });
  if (lock === undefined) throw await alreadyServing(directory, note);
  if (lock !== null) {
    // It decides nothing: it is only about how a refusal is worded.
    await writePrivateFile(note, [JSON.stringify({ pid: process.pid })]).catch(() => undefined);
  }
  return {
    [Symbol.asyncDispose]: async () => {
      if (lock === null) return;
      await rm(note, { force: true }).catch(() => undefined);
      lock[Symbol.dispose]();
    },
  };
}

async function alreadyServing(directory: string, note: string): Promise<AlreadyServingError> {
  const holder = await readHolder(note);
  const who = holder === undefined ? 'another process' : `process ${String(holder)}`;
  return new AlreadyServingError(`${who} serves with this state directory already`, {
    remediation: [
      'Stop that one, or give this one a state directory of its own: XDG_STATE_HOME=DIR, or --demo-state DIR for a demo.',
    ],
    details: { directory, ...(holder !== undefined && { pid: holder }) },
  });
}

async function readHolder(note: string): Promise<number | undefined> {
  try {
    const text = await readPrivateFile(note);
    return text === undefined ? undefined : holderSchema.parse(JSON.parse(text)).pid;
  } catch {
    return undefined;
  }
}
