import { randomUUID } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { type FileHandle, link, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CleanupStoreError } from '../../../core/model/errors.ts';
import { checkPrivateStats } from '../private-file.ts';

/*
 * The bytes of journals. What a function here has returned from is on the disk, and stays there when the power goes.
 */

/** The file as this process knows it. */
export interface KnownFile {
  readonly device: number;
  readonly inode: number;
  /** Bytes of the lines that are whole. */
  readonly length: number;
  /** Bytes of the file, with the rest of an append that was cut short. */
  readonly size: number;
}

export function knownFile({ dev, ino }: Stats, length: number, size: number): KnownFile {
  return { device: dev, inode: ino, length, size };
}

/**
 * Makes a file with its first line, in directories that are there. It has its name only once the line is in it: a process that is killed
 * on the way leaves nothing that stands in the way of the next.
 */
export async function createFile(
  path: string,
  text: string,
  directories: readonly string[],
): Promise<KnownFile> {
  const draft = join(dirname(path), `.${randomUUID()}.draft`);
  const flags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | constants.O_NOFOLLOW;
  const file = await open(draft, flags, 0o600);
  let isNamed = false;
  try {
    // A umask may have taken rights away.
    await file.chmod(0o600);
    await file.writeFile(text);
    await file.sync();
    // Unlike a rename, this does not replace what somebody else has made meanwhile.
    await link(draft, path);
    isNamed = true;
    await rm(draft);
    // Without this the file may be on the disk and have no name.
    for (const directory of directories) await syncDirectory(directory);
    const info = await file.stat();
    return knownFile(info, info.size, info.size);
  } catch (error) {
    // Whether or not they can be removed, the first error is the one to report.
    for (const each of isNamed ? [draft, path] : [draft]) {
      await rm(each, { force: true }).catch(() => undefined);
    }
    throw error;
  } finally {
    await file.close();
  }
}

async function syncDirectory(path: string): Promise<void> {
  await using directory = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  await directory.sync();
}

/** Adds a line to a file that is still as it is known, and cuts off before what an append left that was cut short. */
export async function appendToFile(
  path: string,
  known: KnownFile,
  text: string,
): Promise<KnownFile> {
  const flags =
    constants.O_WRONLY | constants.O_APPEND | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const bytes = Buffer.from(text);
  await using file = await open(path, flags);
  const info = await file.stat();
  checkPrivateStats(path, info);
  checkUnchanged(path, info, known);
  try {
    if (known.size > known.length) await file.truncate(known.length);
    await writeWhole(file, bytes);
    await file.datasync();
  } catch (error) {
    await cutBack(file, known.length);
    throw error;
  }
  const length = known.length + bytes.length;
  return knownFile(info, length, length);
}

/** In one go, unless the system takes only a part of it: then it says why when it is given the rest. */
async function writeWhole(file: FileHandle, bytes: Buffer): Promise<void> {
  let written = 0;
  while (written < bytes.length) written += (await file.write(bytes, written)).bytesWritten;
}

/** A line that was not written whole shall not be there at all; where that fails too, whoever reads next drops it. */
async function cutBack(file: FileHandle, length: number): Promise<void> {
  try {
    await file.truncate(length);
    await file.datasync();
  } catch {
    // The error that led here says more.
  }
}

function checkUnchanged(path: string, info: Stats, known: KnownFile): void {
  const isSame = info.dev === known.device && info.ino === known.inode && info.size === known.size;
  if (isSame) return;
  throw new CleanupStoreError(`${path} was changed by somebody else meanwhile`, {
    remediation: ['Run the command again, which reads it anew.'],
    details: { path },
  });
}
