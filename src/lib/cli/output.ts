import { randomBytes } from 'node:crypto';
import { realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MonitorError, UsageError } from '../core/model/errors.ts';

/**
 * Writes results: to stdout, or to a file that is either the old one or the whole new one.
 *
 * @param result a text, or its pieces where it is too much to have at once
 * @param file null or `-` for stdout
 */
export async function writeResult(
  result: string | AsyncIterable<string>,
  file: string | null,
): Promise<void> {
  if (file === null || file === '-') {
    await writeStdout(typeof result === 'string' ? [result] : result);
    return;
  }
  try {
    await replaceFile(file, result);
  } catch (cause) {
    // What is to be written may be what fails.
    throw cause instanceof MonitorError ? cause : cannotWrite(file, cause);
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

async function replaceFile(file: string, result: string | AsyncIterable<string>): Promise<void> {
  const target = await realpath(file).catch(() => file);
  const existing = await stat(target).catch(() => undefined);
  // Devices and pipes must be written to, not replaced.
  if (existing !== undefined && !existing.isFile()) {
    await writeFile(target, result);
    return;
  }
  const temporary = `${target}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await writeFile(temporary, result, { flag: 'wx', mode: existing?.mode ?? 0o666 });
    await rename(temporary, target);
  } catch (error) {
    // Whether or not there is anything to remove, the first error is the one to report.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** Resolves when all of it has left; a reader that has gone away has seen enough. */
async function writeStdout(pieces: Iterable<string> | AsyncIterable<string>): Promise<void> {
  const { stdout } = process;
  // oclif throws from its listener, which would end the process before anybody can say why.
  const listeners = stdout.rawListeners('error');
  stdout.removeAllListeners('error');
  stdout.on('error', ignore);
  for await (const piece of pieces) {
    const failure = await new Promise<Error | null | undefined>((resolve) => {
      stdout.write(piece, resolve);
    });
    if (failure === undefined || failure === null) continue;
    if (isBrokenPipe(failure)) break;
    // It stays deaf: whoever writes there at the end meets the same error.
    throw new UsageError('results cannot be written to stdout', {
      cause: failure,
      remediation: ['Check that the disk behind it is not full.'],
    });
  }
  // The stream emits its error one turn after it called back.
  await new Promise((resolve) => setImmediate(resolve));
  stdout.removeListener('error', ignore);
  for (const listener of listeners) stdout.on('error', listener as typeof ignore);
}

function ignore(): void {
  // The callback of the write has it.
}

function isBrokenPipe(error: Error): boolean {
  return 'code' in error && error.code === 'EPIPE';
}
