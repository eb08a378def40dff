import { randomBytes } from 'node:crypto';
import { realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UsageError } from '../core/model/errors.ts';

/**
 * Writes results: to stdout, or to a file that is either the old one or the whole new one.
 *
 * @param file null or `-` for stdout
 */
export async function writeResult(text: string, file: string | null): Promise<void> {
  if (file === null || file === '-') {
    await writeStdout(text);
    return;
  }
  try {
    await replaceFile(file, text);
  } catch (cause) {
    throw cannotWrite(file, cause);
  }
}

/** Fails before a long scan rather than after it. */
export async function checkWritable(file: string | null): Promise<void> {
  if (file === null || file === '-') return;
  try {
    const directory = await stat(dirname(file));
    if (!directory.isDirectory()) throw new Error('not a directory');
  } catch (cause) {
    throw cannotWrite(file, cause);
  }
}

function cannotWrite(file: string, cause: unknown): UsageError {
  return new UsageError(`--output-file ${file} cannot be written`, {
    cause,
    remediation: ['Name a file in a directory that exists and that this user may write to.'],
    details: { file },
  });
}

async function replaceFile(file: string, text: string): Promise<void> {
  const target = await realpath(file).catch(() => file);
  const existing = await stat(target).catch(() => undefined);
  // Devices and pipes must be written to, not replaced.
  if (existing !== undefined && !existing.isFile()) {
    await writeFile(target, text);
    return;
  }
  const temporary = `${target}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await writeFile(temporary, text, { flag: 'wx', mode: existing?.mode ?? 0o666 });
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Resolves when the text has left; a reader that has gone away has seen enough. */
async function writeStdout(text: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    process.stdout.write(text, (error) => {
      if (error === undefined || error === null || isBrokenPipe(error)) resolve();
      else
        reject(
          new UsageError('results cannot be written to stdout', {
            cause: error,
            remediation: ['Check that the disk behind it is not full, or use --output-file.'],
          }),
        );
    });
  });
}

function isBrokenPipe(error: Error): boolean {
  return 'code' in error && error.code === 'EPIPE';
}
