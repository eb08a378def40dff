import { expect, test } from 'vitest';
import { lazy, onceInARow, oncePerList } from '../../../src/lib/core/model/lazy.ts';

test('something is worked out when it is first asked for, and once', () => {
  let made = 0;
  const value = lazy(() => (made += 1));
  expect(made).toBe(0);
  expect([value(), value()]).toEqual([1, 1]);
});

test('something is made of each list once, even where that is nothing', () => {
  let made = 0;
  const sizeOf = oncePerList((list: readonly number[]) => {
    made += 1;
    return list.length === 0 ? undefined : list.length;
  });
  const [empty, full] = [[], [1, 2]];
  expect([sizeOf(empty), sizeOf(full), sizeOf(empty), sizeOf(full)]).toEqual([
    undefined,
    2,
    undefined,
    2,
  ]);
  expect(made).toBe(2);
});

test('what is made of a list once in a row is made again after another list', () => {
  let made = 0;
  const sizeOf = onceInARow((list: readonly number[]) => {
    made += 1;
    return list.length;
  });
  const [one, other] = [[1, 2], [3]];
  expect([one, one, other, other, one].map(sizeOf)).toEqual([2, 2, 1, 1, 2]);
  expect(made).toBe(3);
});
