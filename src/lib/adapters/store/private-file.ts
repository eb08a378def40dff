import { randomBytes } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { chmod, lstat, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/*
 * Files that belong to this user alone. What they hold is believed, so nothing is read that somebody else could
 * have put there: no link, no file or directory of another user, none that others may write.
 */

const OTHERS_MAY_WRITE = 0o022;

/** The file or its directory is not ours alone. */
export class ForeignFileError extends Error {}

function owned(uid: number): boolean {
  const own = process.getuid?.();
  return own === undefined || uid === own;
}

function checkOwner(path: string, info: Stats): void {
  if (!owned(info.uid)) throw new ForeignFileError(`${path} belongs to another user`);
  if ((info.mode & OTHERS_MAY_WRITE) !== 0) {
    throw new ForeignFileError(`${path} may be written by other users`);
  }
}

/** Throws where a directory is somebody else's, or is none; also where nothing is there. */
export async function checkPrivateDirectory(path: string): Promise<void> {
  const info = await lstat(path);
  if (info.isSymbolicLink()) throw new ForeignFileError(`${path} is a symbolic link`);
  if (!info.isDirectory()) throw new ForeignFileError(`${path} is no directory`);
  checkOwner(path, info);
}

/** Throws where what was found at a path is no file that is ours alone. */
export function checkPrivateStats(path: string, info: Stats): void {
  if (!info.isFile()) throw new ForeignFileError(`${path} is no regular file`);
  checkOwner(path, info);
}

/** Whether there is a file that is ours alone; throws where it is somebody else's, or no file. */
export async function checkPrivateFile(path: string): Promise<boolean> {
  try {
    checkPrivateStats(path, await lstat(path));
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** Makes one directory, unless it is there. */
async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
    // A umask takes rights away from `mode`, and never adds any.
    await chmod(path, 0o700);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}

/**
 * Makes a directory and those above it, one by one: where the system says of a directory that is there that it is not, as it does
 * of those that stand for processes, Node's own way of making several tries for ever.
 */
async function makeDirectories(path: string): Promise<void> {
  try {
    await makeDirectory(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' || dirname(path) === path) throw error;
    await makeDirectories(dirname(path));
    await makeDirectory(path);
  }
}

/** Makes a directory for this user alone, with those above it. */
export async function ensurePrivateDirectory(path: string): Promise<void> {
  await makeDirectories(path);
  await checkPrivateDirectory(path);
}

/** Reads a file that is ours alone; undefined where there is none. */
export async function readPrivateFile(path: string): Promise<string | undefined> {
  return (await readPrivateBytes(path))?.bytes.toString('utf8');
}

/** The same with what the system says of the file it was read from. */
export async function readPrivateBytes(
  path: string,
): Promise<{ readonly bytes: Buffer; readonly info: Stats } | undefined> {
  try {
    await checkPrivateDirectory(dirname(path));
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const info = await file.stat();
      checkPrivateStats(path, info);
      return { bytes: await file.readFile(), info };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Writes a file so that every reader sees the old one or the whole new one. Two writers do not disturb each
 * other: each has a temporary file of its own, and the last rename wins.
 */
export async function writePrivateFile(path: string, parts: Iterable<string>): Promise<void> {
  await ensurePrivateDirectory(dirname(path));
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      // `write` may take only a part of what it is given.
      for (const part of parts) await file.writeFile(part);
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    // Whether or not there is anything to remove, the first error is the one to report.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** Why a store did not work, in one line for the log. */
export function storeFailure(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
