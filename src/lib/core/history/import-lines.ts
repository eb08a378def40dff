import { type z } from 'zod';
import { UsageError } from '../model/errors.ts';
import { type HistoryRecord } from '../model/history.ts';
import { counted } from '../render/text/format.ts';
import { SCHEMA_VERSION } from '../model/report.ts';
import {
  historyEndSchema,
  historyHeaderSchema,
  historyRecordSchema,
  type HistoryRecordWire,
} from '../render/wire/history-schema.ts';
import { BELIEVABLE_SPAN, EARLIEST } from './believable.ts';
import { recordOf } from './read-record.ts';

/**
 * Records from the lines of an export. Throws a `UsageError` at the first line that is not understood, and where the last one is
 * missing: whoever takes the records takes none of them then.
 *
 * @param source what the lines come from, for people
 * @param now what the clock of this machine says
 */
export async function* importLines(
  lines: AsyncIterable<string>,
  source: string,
  now: Date,
): AsyncGenerator<HistoryRecord> {
  const refuseUnbelievable = instantsJudge(now);
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
      const record = understood(historyRecordSchema, value, place);
      refuseUnbelievable(record, place);
      yield recordOf(record);
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
  throw refusal(`${place} speaks of ${counted(records, 'record')}, and ${before} came before it`);
}

const INSTANTS = ['at', 'opened_at', 'last_seen_at', 'closed_at'] as const;

/** Refuses what no scan can have seen: one such record would be the oldest or the newest for ever. */
function instantsJudge(now: Date): (record: HistoryRecordWire, place: string) => void {
  // Instants of the wire form are in the order of their texts.
  const earliest = EARLIEST.toISOString();
  const latest = new Date(now.getTime() + BELIEVABLE_SPAN).toISOString();
  return (record, place) => {
    const fields: Partial<Record<(typeof INSTANTS)[number], string | null>> = record;
    for (const field of INSTANTS) {
      const instant = fields[field] ?? null;
      if (instant === null) continue;
      if (instant < earliest) {
        throw unbelievable(place, field, `${instant} is before there was any ZFS`);
      }
      if (instant > latest) {
        throw unbelievable(place, field, `${instant} is more than a day ahead of this machine`);
      }
    }
  };
}

function unbelievable(place: string, field: string, why: string): UsageError {
  return new UsageError(`${place} is not believable: ${field}: ${why}`, {
    remediation: ['Nothing was imported. Correct the clock of this machine, or the line.'],
  });
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
