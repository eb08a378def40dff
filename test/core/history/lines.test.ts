import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exportLines } from '../../../src/lib/core/history/export-lines.ts';
import { importLines } from '../../../src/lib/core/history/import-lines.ts';
import { type HistoryRecord } from '../../../src/lib/core/model/history.ts';
import { bytes } from '../../../src/lib/core/model/units.ts';
import { expectGolden } from '../../support/golden.ts';
import { EVERY_RECORD } from '../../support/history-records.ts';
import { publishedSchema } from '../../support/json-schema.ts';

const NOW = new Date('2026-11-23T00:00:00.000Z');

// eslint-disable-next-line @typescript-eslint/require-await -- a stream that has everything at once
async function* streamOf<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items;
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

async function exported(records: Iterable<HistoryRecord>): Promise<string[]> {
  return await all(exportLines(streamOf(records), NOW));
}

async function imported(lines: readonly string[]): Promise<HistoryRecord[]> {
  return await all(importLines(streamOf(lines), 'h.jsonl', NOW));
}

describe('an export', () => {
  it('looks as it always has', async () => {
    expectGolden((await exported(EVERY_RECORD)).join(''), 'history', 'export.jsonl');
  });

  it('is what the published schema says, line by line', async () => {
    const validate = publishedSchema('history-export');
    for (const line of await exported(EVERY_RECORD)) {
      expect(validate(JSON.parse(line)) || validate.errors).toBe(true);
    }
  });

  it('can do nothing to a terminal', async () => {
    expect((await exported(EVERY_RECORD)).join('')).not.toMatch(/[^\n\x20-\x7e]/);
  });

  it('comes back as it was', async () => {
    expect(await imported(await exported(EVERY_RECORD))).toEqual(EVERY_RECORD);
  });

  it('comes back as it was, whatever is in it', async () => {
    const instant = fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) });
    const size = fc.maxSafeNat().map(bytes);
    const record = fc.record({
      kind: fc.constant('volume' as const),
      hostId: fc.string({ minLength: 1, unit: 'binary' }),
      dataset: fc.string({ minLength: 1, unit: 'binary' }),
      createdAt: fc.option(instant),
      clusterUid: fc.option(fc.string({ minLength: 1 })),
      volume: fc.string(),
      namespace: fc.option(fc.string()),
      claim: fc.option(fc.string()),
      storageClass: fc.option(fc.string()),
      point: fc.record({
        at: fc.date({ noInvalidDate: true, min: new Date('2005-01-01'), max: NOW }),
        used: size,
        snapshots: size,
        logical: fc.option(size),
        provisioned: size,
        snapshotCount: fc.option(fc.nat()),
      }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(record), async (records) => {
        expect(await imported(await exported(records))).toEqual(records);
      }),
    );
  });

  it('of nothing is a beginning and an end', async () => {
    expect(await imported(await exported([]))).toEqual([]);
  });
});

describe('an import', () => {
  const good = async (): Promise<string[]> => await exported(EVERY_RECORD);

  it('passes over keys it does not know, and over blank lines', async () => {
    const lines = (await good()).map((line) => line.replace('{', '{"later": [1],'));
    expect(await imported(['\n', ...lines, '\n'])).toEqual(EVERY_RECORD);
  });

  it.each<[string, (lines: string[]) => string[], string]>([
    ['nothing', () => [], 'h.jsonl is empty'],
    [
      'a file of something else',
      () => ['{"kind": "OrphanReport"}'],
      'h.jsonl is no export of a history',
    ],
    ['a table', () => ['SEVERITY  RULE'], 'h.jsonl: line 1 is no JSON'],
    [
      'a newer version',
      ([head = '', ...rest]) => [head.replace('"schema_version":1', '"schema_version":2'), ...rest],
      'h.jsonl was written by a newer version of this program',
    ],
    [
      'what was cut off between two lines',
      (lines) => lines.slice(0, 3),
      'h.jsonl was cut short: its last line is missing',
    ],
    [
      'what was cut off within a line',
      (lines) => [...lines.slice(0, 3), '{"record":"po'],
      'h.jsonl: line 4 is no JSON',
    ],
    [
      'a line that is missing in the middle',
      (lines) => lines.toSpliced(2, 1),
      'h.jsonl: line 8 speaks of 7 records, and 6 came before it',
    ],
    [
      'a line too many',
      ([head = '', first = '']) => [head, first, first, '{"record":"end","records":1}'],
      'h.jsonl: line 4 speaks of 1 record, and 2 came before it',
    ],
    [
      'an instant before there was any ZFS',
      (lines) => lines.map((line) => line.replace(/("at":")2026/, '$10001')),
      'h.jsonl: line 2 is not believable: at: 0001-11-22T01:02:03.004Z is before there was any ZFS',
    ],
    [
      'a finding that will have been closed',
      (lines) =>
        lines.map((line) => line.replace(/("closed_at":)[^,]*/, '$1"2026-12-22T01:02:03.004Z"')),
      'h.jsonl: line 7 is not believable: closed_at: 2026-12-22T01:02:03.004Z is more than a day ahead of this machine',
    ],
    [
      'two exports in one file',
      (lines) => [...lines, ...lines],
      'h.jsonl: line 10 comes after the end of the export',
    ],
    [
      'a size that is none',
      (lines) => lines.map((line) => line.replace('"capacity_bytes":10000', '"capacity_bytes":-1')),
      'h.jsonl: line 3 is not understood: capacity_bytes: Too small: expected number to be >=0',
    ],
    [
      'an instant that is none',
      (lines) => lines.map((line) => line.replace('2026-06-01', '2026-13-01')),
      'h.jsonl: line 5 is not understood: created_at: is not an instant',
    ],
    [
      'a kind of record nobody knows',
      (lines) => lines.map((line) => line.replace('"record":"report"', '"record":"rapport"')),
      'h.jsonl: line 8 is not understood: record: is no kind of record this version knows',
    ],
  ])('refuses %s', async (_, spoil, message) => {
    await expect(good().then(spoil).then(imported)).rejects.toMatchObject({
      code: 'USAGE',
      message,
    });
  });

  it('believes a dataset that was made while the clock of its system stood at the start', async () => {
    const lines = (await good()).map((line) =>
      line.replace(/("created_at":")2026-06-01/, '$11970-01-01'),
    );
    const records = await imported(lines);
    expect(records).toContainEqual(
      expect.objectContaining({ createdAt: new Date('1970-01-01T00:00:00.000Z') }),
    );
  });
});
