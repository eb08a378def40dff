import { ForeignFileError } from '../private-file.ts';
import { SQLITE, sqliteCode } from './sqlite.ts';

/** A newer version of this program wrote the store. */
export class TooNewError extends Error {
  readonly format: number;

  constructor(format: number) {
    super(`a newer version of this program wrote it (format ${format})`);
    this.format = format;
  }
}

/** The file cannot be used as a history, and is not ours to move away. */
export class NotOursError extends Error {}

/** What is in the file cannot be read as what was written. */
export class BrokenStoreError extends Error {}

const REASONS: ReadonlyMap<number, string> = new Map([
  [SQLITE.busy, 'another process keeps it locked'],
  [SQLITE.locked, 'another process keeps it locked'],
  [SQLITE.permission, 'it may not be written'],
  [SQLITE.readOnly, 'it may not be written'],
  [SQLITE.cannotOpen, 'it or its directory may not be written'],
  [SQLITE.full, 'the disk is full'],
]);

const SYSTEM_REASONS: Readonly<Record<string, string>> = {
  EACCES: 'it or its directory may not be used',
  EPERM: 'it or its directory may not be used',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'something above it is no directory',
  EISDIR: 'it is a directory',
  ELOOP: 'it is a link',
};

/** Why the store could not be used, in a few words; undefined for what is no failure of a store. */
export function reasonOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (isOurs(error)) return error.message;
  const code = sqliteCode(error);
  if (code !== undefined) return REASONS.get(code) ?? error.message;
  if (!('syscall' in error) || !('code' in error)) return undefined;
  return SYSTEM_REASONS[String(error.code)] ?? error.message;
}

function isOurs(error: Error): boolean {
  return [TooNewError, NotOursError, BrokenStoreError, ForeignFileError].some(
    (kind) => error instanceof kind,
  );
}
