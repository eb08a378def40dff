import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, newPlanId } from '../../../src/lib/core/cleanup/plan-hash.ts';
import { planBodySchema } from '../../../src/lib/core/cleanup/plan-schema.ts';
import { aPlan } from '../../support/cleanup-view-builders.ts';
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

test('an id tells plans that differ in anything apart, of one instant too', () => {
  const [plan, longer, other] = [
    aPlan(),
    aPlan({ quarantine_for_seconds: 1 }),
    aPlan({ items: [] }),
  ].map((each) => newPlanId(planBodySchema.omit({ plan_id: true }).strip().parse(each)));
  expect(new Set([plan, longer, other]).size).toBe(3);
  expect(plan).toMatch(/^[\da-f]{16}$/);
});
