import { createHash } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { lockFile } from './local-lock.ts';

const DIGITS = 8;

/**
 * Tells a state directory from any other, a copy of it included, once its lock was taken: that is a file of its own. Whoever has the
 * lock knows that nobody else works in this name, so that what is still held by it is of a process that is no more.
 */
export async function directoryId(directory: string): Promise<string> {
  const path = await realpath(lockFile(directory));
  const { dev, ino } = await stat(path, { bigint: true });
  const name = [hostname(), path, dev, ino].join('\n');
  return createHash('sha256').update(name).digest('hex').slice(0, DIGITS);
}
