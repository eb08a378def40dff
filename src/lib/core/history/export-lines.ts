import { type HistoryRecord } from '../model/history.ts';
import { escapeInJson } from '../render/text/safe.ts';
import { historyHeader, recordToWire } from '../render/wire/history-record.ts';
import { type HistoryEndWire } from '../render/wire/history-schema.ts';

/** Records as JSON Lines: a header, one line each, and how many there were. */
export async function* exportLines(
  records: AsyncIterable<HistoryRecord>,
  exportedAt: Date,
): AsyncGenerator<string> {
  yield lineOf(historyHeader(exportedAt));
  let count = 0;
  for await (const record of records) {
    count += 1;
    yield lineOf(recordToWire(record));
  }
  yield lineOf({ record: 'end', records: count } satisfies HistoryEndWire);
}

function lineOf(wire: unknown): string {
  return `${escapeInJson(JSON.stringify(wire))}\n`;
}
