import { afterEach, expect, test } from 'vitest';
import { heap } from '../../../src/lib/adapters/memory/heap.ts';

const exposed = globalThis.gc;
/** More than a heap has to hold before it is worth going through. */
let ballast: unknown;

afterEach(() => {
  globalThis.gc = exposed;
  ballast = undefined;
});

test('is gone through where much of it may be garbage', () => {
  let collected = 0;
  globalThis.gc = (() => {
    collected += 1;
  }) as NodeJS.GCFunction;
  ballast = Array.from({ length: 10_000_000 }, (_, at) => at);
  heap.release();
  expect(collected).toBe(1);
  expect(ballast).toHaveLength(10_000_000);
});

test('is left alone by a program that was launched without the means', () => {
  globalThis.gc = undefined;
  expect(() => {
    heap.release();
  }).not.toThrow();
});
