import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { RULES } from '../../src/lib/core/rules/registry.ts';
import { SCENARIOS } from '../../src/lib/lab/scenario/registry.ts';

/** Rows of the corpus of known false positives. */
const ROWS = Array.from({ length: 43 }, (_, index) => index + 1);

/** Rows about what happens while a scan is under way, which no world at rest can show: their tests, by name. */
const TESTS_OF_ROW: ReadonlyMap<number, readonly string[]> = new Map([
  [
    1,
    [
      'says nothing of a volume that was made in between, even one that looks old',
      'says nothing of a volume that was deleted in between',
      'still reports what only one side lost in between',
    ],
  ],
  [
    16,
    [
      '%s is read whole on the second try',
      '%s is not read, and nothing is called an orphan for it',
      'breaks the connection at any call, before or in the middle of a reply',
    ],
  ],
]);

const races = readFileSync(path.join(import.meta.dirname, 'races.test.ts'), 'utf8');

describe('the corpus of known false positives', () => {
  test.each(ROWS)('row %i is a scenario, or tests of its own', (row) => {
    const scenarios = SCENARIOS.filter(({ corpusRow }) => corpusRow === row);
    const tests = TESTS_OF_ROW.get(row) ?? [];
    expect(scenarios.length + tests.length).toBeGreaterThan(0);
    for (const name of tests) expect(races).toContain(`'${name}'`);
  });

  test('has no row that nobody knows', () => {
    const rows = SCENARIOS.flatMap(({ corpusRow }) => corpusRow ?? []);
    expect(rows.filter((row) => !ROWS.includes(row))).toEqual([]);
  });
});

test.each(RULES.map(({ id }) => id))('some world holds a true case of %s', (id) => {
  expect(SCENARIOS.some(({ expected }) => expected.some(({ rule }) => rule === id))).toBe(true);
});
