import { ForeignFileError } from '../private-file.ts';
import { systemReason } from '../system-reason.ts';
import { SQLITE, sqliteCode } from '../sqlite.ts';

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

/** Why the store could not be used, in a few words; undefined for what is no failure of a store. */
export function reasonOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (isOurs(error)) return error.message;
  const code = sqliteCode(error);
  if (code !== undefined) return REASONS.get(code) ?? error.message;
  return systemReason(error);
}

function isOurs(error: Error): boolean {
  return [TooNewError, NotOursError, BrokenStoreError, ForeignFileError].some(
    (kind) => error instanceof kind,
  );
}
