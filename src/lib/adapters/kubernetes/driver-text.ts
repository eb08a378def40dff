import { createReadStream } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { UsageError } from '../../core/model/errors.ts';
import { LARGEST_FILE } from './driver-files.ts';

/** The text of a file that was named, or as much of it as shows that it is too large. Throws a `UsageError` where it has none. */
export async function readDriverText(path: string): Promise<string> {
  const bytes = await bytesOf(path);
  // Where it was cut, the last letter may be half of one.
  if (bytes.length > LARGEST_FILE) return bytes.toString('latin1');
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // It is no text.
  }
  throw notReadable(path, 'is not a text file', undefined);
}

/** A pipe has no size before it is read: what is read is never much more than what may be. */
async function bytesOf(path: string): Promise<Buffer> {
  try {
    return await buffer(createReadStream(path, { end: LARGEST_FILE }));
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    throw notReadable(path, REASONS[code] ?? 'cannot be read', cause);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist',
  EISDIR: 'is a directory',
  EACCES: 'may not be read by this user',
  EPERM: 'may not be read by this user',
};

function notReadable(path: string, reason: string, cause: unknown): UsageError {
  return new UsageError(`${path}, named by --driver-file, ${reason}`, {
    cause,
    remediation: ['Name a YAML file that this user can read.'],
    details: { file: path },
  });
}
