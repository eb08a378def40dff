import { type z } from 'zod';
import { UsageError } from '../model/errors.ts';
import { type HistoryRecord } from '../model/history.ts';
import { SCHEMA_VERSION } from '../model/report.ts';
import {
  historyEndSchema,
  historyHeaderSchema,
  historyRecordSchema,
} from '../render/wire/history-schema.ts';
import { recordOf } from './read-record.ts';

/**
 * Records from the lines of an export. Throws a `UsageError` at the first line that is not understood, and where the last one is
 * missing: whoever takes the records takes none of them then.
 *
 * @param source what the lines come from, for people
 */
export async function* importLines(
  lines: AsyncIterable<string>,
  source: string,
): AsyncGenerator<HistoryRecord> {
  let number = 0;
  let records = 0;
  let state: 'begins' | 'goes on' | 'has ended' = 'begins';
  for await (const line of lines) {
    number += 1;
    if (line.trim() === '') continue;
    const place = `${source}: line ${number}`;
    const value = parseJson(line, place);
    if (state === 'has ended') throw refusal(`${place} comes after the end of the export`);
    if (state === 'begins') {
      checkHeader(value, source, place);
      state = 'goes on';
    } else if (isEnd(value)) {
      checkEnd(value, place, records);
      state = 'has ended';
    } else {
      records += 1;
      yield recordOf(understood(historyRecordSchema, value, place));
    }
  }
  if (state === 'begins') throw refusal(`${source} is empty`);
  if (state === 'goes on') throw refusal(`${source} was cut short: its last line is missing`);
}

function parseJson(line: string, place: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw refusal(`${place} is no JSON`, cause);
  }
}

function checkHeader(value: unknown, source: string, place: string): void {
  const { kind, schema_version: version } = fieldsOf(value);
  if (kind !== 'HistoryExport') throw refusal(`${source} is no export of a history`);
  if (typeof version === 'number' && version > SCHEMA_VERSION) {
    throw new UsageError(`${source} was written by a newer version of this program`, {
      remediation: ['Update truenas-monitor on this machine, then import it again.'],
      details: { schema_version: version, understood: SCHEMA_VERSION },
    });
  }
  understood(historyHeaderSchema, value, place);
}

function isEnd(value: unknown): boolean {
  return fieldsOf(value)['record'] === 'end';
}

function checkEnd(value: unknown, place: string, before: number): void {
  const { records } = understood(historyEndSchema, value, place);
  if (records === before) return;
  throw refusal(`${place} speaks of ${records} records, and ${before} came before it`);
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function understood<T extends z.ZodType>(schema: T, value: unknown, place: string): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue?.path.join('.') ?? '';
  throw refusal(
    `${place} is not understood: ${path === '' ? '' : `${path}: `}${issue?.message ?? ''}`,
  );
}

function refusal(message: string, cause?: unknown): UsageError {
  return new UsageError(message, {
    cause,
    remediation: [
      'Nothing was imported. Give it a whole file as truenas-monitor history export wrote it.',
    ],
  });
}
