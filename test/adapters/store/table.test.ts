import { describe, expect, it } from 'vitest';
import { fromTable, toTable } from '../../../src/lib/adapters/store/table.ts';

const through = (rows: readonly object[], instants: readonly string[]): readonly object[] =>
  // What JSON makes of a table is what a file holds of it.
  fromTable(JSON.parse(JSON.stringify(toTable(rows, instants))) as never, instants);

describe('a table', () => {
  it('gives back the objects it was made of, instants too', () => {
    const at = new Date('2026-11-22T12:00:00.123Z');
    const rows = [
      { name: 'a', at, gone: null, nested: { list: [1, { b: true }] }, same: 'x' },
      { name: 'b', at: null, gone: null, nested: { list: [] }, same: 'x' },
    ];
    expect(through(rows, ['at', 'gone'])).toEqual(rows);
  });

  it('gives back an instant that all of them share', () => {
    const rows = [{ at: new Date(5) }, { at: new Date(5) }];
    expect(through(rows, ['at'])).toEqual(rows);
  });

  it('gives back nothing of nothing', () => {
    expect(through([], ['at'])).toEqual([]);
  });

  it('writes what all of them share once', () => {
    const rows = Array.from({ length: 50 }, (_, id) => ({ id, cluster: 'a-long-name' }));
    expect(JSON.stringify(toTable(rows, [])).match(/a-long-name/g)).toHaveLength(1);
  });
});
