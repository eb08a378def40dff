import { existsSync, renameSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const COMPANIONS = ['-wal', '-shm'] as const;
const MARK = '.corrupt-';

/** Which file it is, whatever its name: what is damaged must not be mistaken for what somebody has begun in its place. */
export function fileIdentity(path: string): string | undefined {
  const info = statSync(path, { bigint: true, throwIfNoEntry: false });
  return info === undefined ? undefined : `${info.dev}:${info.ino}`;
}

/**
 * Moves a damaged store away, with what belongs to it.
 * @returns where it is now; undefined where somebody else has moved it
 */
export function setAside(
  path: string,
  identity: string | undefined,
  now: Date,
): string | undefined {
  if (identity === undefined || fileIdentity(path) !== identity) return undefined;
  const target = freeName(`${path}${MARK}${now.toISOString().replace(/[-:]/g, '')}`);
  renameSync(path, target);
  for (const companion of COMPANIONS) {
    if (existsSync(path + companion)) renameSync(path + companion, target + companion);
  }
  return target;
}

function freeName(wanted: string): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wanted : `${wanted}-${number}`;
    if (!existsSync(name)) return name;
  }
}

/** Damaged stores that lie beside this one, the oldest first. */
export async function listSetAside(path: string): Promise<readonly string[]> {
  const prefix = `${basename(path)}${MARK}`;
  const names = await readdir(dirname(path)).catch(() => []);
  return names
    .filter((name) => name.startsWith(prefix) && !COMPANIONS.some((end) => name.endsWith(end)))
    .sort()
    .map((name) => join(dirname(path), name));
}

/** Size of the store with its companions. */
export function sizeOf(path: string): number {
  return ['', ...COMPANIONS]
    .map((end) => sizeOfFile(path + end))
    .reduce((sum, size) => sum + size, 0);
}

/** 0 where it is not there. */
export function sizeOfFile(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
