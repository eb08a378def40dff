import { type Dataset, type DatasetAttachment } from '../../core/model/truenas.ts';
import { type LookupResult } from '../../ports/nas.ts';
import { MonitorError } from '../../core/model/errors.ts';
import { NasCallError } from './call-error.ts';
import { DecodeError, isRow, optionalText, rowsOf, textOf, textsOf } from './decode-values.ts';
import { type Dialect } from './dialect.ts';

/** A refusal, a connection that broke, an answer nobody understands. */
const EXPECTED = [NasCallError, MonitorError, DecodeError];

/** The answer of `pool.dataset.attachments`. One that is not understood is thrown: it may hold the one that matters. */
export function decodeAttachments(answer: unknown): readonly DatasetAttachment[] {
  return Array.from(rowsOf(answer), (row) => {
    if (!isRow(row)) throw new DecodeError('an attachment is no object');
    return {
      type: optionalText(row, 'type') ?? textOf(row, 'service'),
      names: textsOf(row, 'attachments'),
    };
  });
}

/** The datasets that were found, with what uses them; what could not be asked stays unknown. */
export async function withAttachments(
  looked: LookupResult<Dataset>,
  { attachments }: Pick<Dialect, 'attachments'>,
  signal: AbortSignal,
): Promise<LookupResult<Dataset>> {
  const asked = [...looked.found].map(async ([id, dataset]) => {
    try {
      return [id, { ...dataset, attachments: await attachments(id, signal) }] as const;
    } catch (error) {
      signal.throwIfAborted();
      if (!EXPECTED.some((kind) => error instanceof kind)) throw error;
      // Not a failure of the look: whoever rests on it sees that it is not known.
      return [id, dataset] as const;
    }
  });
  return { ...looked, found: new Map(await Promise.all(asked)) };
}
