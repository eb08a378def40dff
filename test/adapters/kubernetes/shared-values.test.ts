import { expect, test } from 'vitest';
import { sharedList, sharedText } from '../../../src/lib/adapters/kubernetes/shared-values.ts';

test('a list of the same texts is one list, which nobody changes', () => {
  const first = sharedList(['a', 'b']);
  expect(sharedList(['a', 'b'])).toBe(first);
  expect(first).toEqual(['a', 'b']);
  expect(Object.isFrozen(first)).toBe(true);
  expect(sharedList(['b', 'a'])).toEqual(['b', 'a']);
  expect(sharedList([])).toEqual([]);
});

test('texts stay what they are, however many different ones there are', () => {
  expect(sharedText(null)).toBeNull();
  const many = Array.from({ length: 30_000 }, (_, at) => `text ${at}`);
  expect(many.map((each) => sharedText(each))).toEqual(many);
});
