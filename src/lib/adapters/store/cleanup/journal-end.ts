import { type ChainEnd, decodeEnd, encodeEnd } from '../../../core/cleanup/journal-lines.ts';
import { CleanupStoreError } from '../../../core/model/errors.ts';
import { readPrivateFile, writePrivateFile } from '../private-file.ts';

/*
 * How far a journal went, in a small file beside it. The lines themselves cannot tell that whole ones are missing at their end.
 *
 * It is written after each append, and replaced as a whole. Nobody waits until it is on the disk, and so it may be late: by one line where
 * a process was killed in between, by more where the power went, and then it may be empty or not there at all. A journal that goes
 * further than its end says is therefore sound as long as it goes through it, and the next append sets the end right. One that does not
 * go as far is not sound.
 */

/** Where the end of a journal is kept. */
export function endFile(journal: string): string {
  return `${journal}.end`;
}

/** Undefined where nothing is known of it. Read before its journal, which others may add to meanwhile. */
export async function readEnd(journal: string): Promise<ChainEnd | undefined> {
  const path = endFile(journal);
  const text = await readPrivateFile(path);
  if (text === undefined || text === '') return undefined;
  const end = decodeEnd(text);
  if (end !== undefined) return end;
  throw new CleanupStoreError(`${path} is not what was written`, {
    remediation: [
      'Compare what the journal tells with the servers, then remove this file: the next entry makes it again.',
    ],
    details: { path },
  });
}

/** The entry it is about is on the disk by then, so that failing here takes nothing away: the end is late, and that is allowed. */
export async function writeEnd(journal: string, end: ChainEnd): Promise<void> {
  await writePrivateFile(endFile(journal), [encodeEnd(end)]).catch(() => undefined);
}
