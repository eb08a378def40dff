import { randomBytes } from 'node:crypto';
import { mkdir, realpath, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MonitorError, UsageError } from '../core/model/errors.ts';

/** What is written: a text, its pieces where it is too much to have at once, or the bytes of a document. */
export type Content = string | Uint8Array | AsyncIterable<string>;

/** Why a file of the user's choice was not written. */
export function cannotWrite(file: string, cause: unknown): UsageError {
  return new UsageError(`--output-file ${file} cannot be written`, {
    cause,
    remediation: ['Name a file in a directory that exists and that this user may write to.'],
    details: { file },
  });
}

/**
 * Replaces files together: each is either the old one or the whole new one, and all are written before the first takes its
 * place, so that a full disk leaves every old one.
 *
 * @param files contents by path
 */
export async function replaceFiles(files: ReadonlyMap<string, Content>): Promise<void> {
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
    for (const file of staged) await file.discard();
    // What is to be written may be what fails.
    throw cause instanceof MonitorError ? cause : cannotWrite(current, cause);
  }
}

/**
 * The same in a directory, which is made where it is not there yet, and is gone again where nothing could be written.
 *
 * @param files contents by name
 */
export async function replaceFilesIn(
  directory: string,
  files: ReadonlyMap<string, Content>,
): Promise<void> {
  const isNew = await makeDirectory(directory);
  try {
    await replaceFiles(
      new Map([...files].map(([name, content]) => [join(directory, name), content])),
    );
  } catch (error) {
    // Only an empty one goes: somebody else may have found it by now.
    if (isNew) await rmdir(directory).catch(() => undefined);
    throw error;
  }
}

/** Whether it was made: another run may have been faster. */
async function makeDirectory(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (cause) {
    const found = await stat(path).catch(() => undefined);
    if (found?.isDirectory() === true) return false;
    throw cannotWrite(path, cause);
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
  // Known before anything takes its place.
  if (existing?.isDirectory() === true) throw new Error('it is a directory');
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
    // Whether or not there is anything to remove, the first error is the one to report.
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
