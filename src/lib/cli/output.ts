import { randomBytes } from 'node:crypto';
import { realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UsageError } from '../core/model/errors.ts';

/** What is written: text, or the bytes of a document. */
export type Content = string | Uint8Array;

/**
 * Writes results: to stdout, or to a file that is either the old one or the whole new one.
 *
 * @param file null or `-` for stdout
 */
export async function writeResult(text: Content, file: string | null): Promise<void> {
  if (file === null || file === '-') {
    await writeStdout(text);
    return;
  }
  await writeFiles(new Map([[file, text]]));
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

/**
 * Replaces several files together: each is either the old one or the whole new one, and all are written before the first
 * takes its place, so that a full disk leaves every old one.
 *
 * @param files contents by path
 */
export async function writeFiles(files: ReadonlyMap<string, Content>): Promise<void> {
  const staged: StagedFile[] = [];
  let current = '';
  try {
    for (const [path, content] of files) {
      current = path;
      staged.push(await stageFile(path, content));
    }
    for (const file of staged) {
      current = file.path;
      await file.takePlace();
    }
  } catch (cause) {
    await Promise.all(
      staged.map(async (file) => {
        await file.discard();
      }),
    );
    throw cannotWrite(current, cause);
  }
}

/** A file that is written and has not taken its place yet. */
interface StagedFile {
  /** As it was named. */
  readonly path: string;
  takePlace(): Promise<void>;
  /** Whether or not there is anything to remove. */
  discard(): Promise<void>;
}

async function stageFile(path: string, content: Content): Promise<StagedFile> {
  const target = await realpath(path).catch(() => path);
  const existing = await stat(target).catch(() => undefined);
  // Devices and pipes must be written to, not replaced.
  if (existing !== undefined && !existing.isFile()) {
    return {
      path,
      takePlace: async () => {
        await writeFile(target, content);
      },
      discard: () => Promise.resolve(),
    };
  }
  const temporary = `${target}.${randomBytes(6).toString('hex')}.tmp`;
  const discard = async (): Promise<void> => {
    await rm(temporary, { force: true }).catch(() => undefined);
  };
  try {
    await writeFile(temporary, content, { flag: 'wx', mode: existing?.mode ?? 0o666 });
  } catch (error) {
    await discard();
    throw error;
  }
  return {
    path,
    takePlace: async () => {
      await rename(temporary, target);
    },
    discard,
  };
}

/** Resolves when the text has left; a reader that has gone away has seen enough. */
async function writeStdout(text: Content): Promise<void> {
  const { stdout } = process;
  // oclif throws from its listener, which would end the process before anybody can say why.
  const listeners = stdout.rawListeners('error');
  stdout.removeAllListeners('error');
  stdout.on('error', ignore);
  const failure = await new Promise<Error | null | undefined>((resolve) => {
    stdout.write(text, resolve);
  });
  if (failure !== undefined && failure !== null && !isBrokenPipe(failure)) {
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
