import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UsageError } from '../core/model/errors.ts';
import { cannotWrite, type Content, replaceFiles } from './replace-files.ts';

/**
 * Writes results: to stdout, or to a file that is either the old one or the whole new one.
 *
 * @param file null or `-` for stdout
 */
export async function writeResult(result: Content, file: string | null): Promise<void> {
  if (file === null || file === '-') {
    await writeStdout(
      typeof result === 'string' || result instanceof Uint8Array ? [result] : result,
    );
    return;
  }
  await replaceFiles(new Map([[file, result]]));
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

/** Resolves when all of it has left; a reader that has gone away has seen enough. */
async function writeStdout(
  pieces: Iterable<string | Uint8Array> | AsyncIterable<string>,
): Promise<void> {
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
