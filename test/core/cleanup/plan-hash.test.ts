import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, newPlanId } from '../../../src/lib/core/cleanup/plan-hash.ts';
import { NOW } from '../../support/builders.ts';
import { fuzzing } from '../../support/fuzzing.ts';

const { rounds, seed } = fuzzing();

/** The same value, with the keys of every object the other way round. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, each]) => [key, turned(each)]),
  );
}

test('canonical JSON is JSON, and does not tell the order of keys', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(canonicalJson(turned(value))).toBe(text);
      expect(canonicalJson(JSON.parse(text))).toBe(text);
    }),
    { numRuns: 300 * rounds, seed },
  );
});

test('canonical JSON tells two values apart', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      const one: unknown = JSON.parse(JSON.stringify(a));
      const other: unknown = JSON.parse(JSON.stringify(b));
      expect(canonicalJson(a) === canonicalJson(b)).toBe(isDeepStrictEqual(one, other));
    }),
    { numRuns: 300 * rounds, seed },
  );
});

test('an id tells plans of other items and instants apart', () => {
  const ids = [
    newPlanId(NOW, ['a', 'b']),
    newPlanId(NOW, ['ab']),
    newPlanId(NOW, []),
    newPlanId(new Date(NOW.getTime() + 1), ['a', 'b']),
  ];
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[\da-f]{16}$/);
});
