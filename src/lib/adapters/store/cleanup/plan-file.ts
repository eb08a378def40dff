import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { parsePlanFile } from '../../../core/cleanup/plan-file.ts';
import { type CleanupPlan } from '../../../core/cleanup/plan-schema.ts';
import { CleanupRefusedError, type MonitorError, UsageError } from '../../../core/model/errors.ts';
import { reasonOf } from './failures.ts';

/** Far more than a plan of ten thousand steps; whatever is larger is none. */
const LARGEST = 64 * 1024 ** 2;

/**
 * Reads a plan from wherever the user has put it. Throws where there is none or it is none; one that was edited is returned, and
 * `isIntact` tells.
 */
export async function readPlanFile(path: string): Promise<CleanupPlan> {
  const read = parsePlanFile(await readBounded(path));
  if (read.state === 'plan') return read.plan;
  const isNewer = read.reason.includes('newer version');
  throw new CleanupRefusedError(`${path} ${read.reason}`, {
    remediation: [
      isNewer ? 'Update truenas-monitor.' : 'Make a plan with truenas-monitor cleanup plan.',
    ],
    details: { path },
  });
}

async function readBounded(path: string): Promise<string> {
  try {
    // A pipe that nobody writes to would be waited for.
    await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const info = await file.stat();
    if (!info.isFile()) throw unreadable(path, 'it is no regular file');
    return await readUpTo(file, path);
  } catch (cause) {
    if (cause instanceof UsageError || cause instanceof CleanupRefusedError) throw cause;
    throw unreadable(path, isMissing(cause) ? 'there is no such file' : reasonOf(cause), cause);
  }
}

/** What it says of its size may be less than what comes, of a file that is still written. */
async function readUpTo(file: FileHandle, path: string): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of file.createReadStream({ autoClose: false })) {
    const read = piece as Buffer; // no encoding was asked for
    size += read.length;
    if (size > LARGEST) {
      throw new CleanupRefusedError(`${path} is larger than any plan`, {
        remediation: ['Make a plan with truenas-monitor cleanup plan.'],
        details: { path },
      });
    }
    pieces.push(read);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
}

function unreadable(path: string, reason: string, cause?: unknown): MonitorError {
  return new UsageError(`${path} cannot be read: ${reason}`, {
    ...(cause !== undefined && { cause }),
    remediation: ['Name a plan file, or the id of a plan as cleanup history lists it.'],
    details: { path },
  });
}
