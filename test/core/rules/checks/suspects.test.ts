import { expect, test } from 'vitest';
import { suspectsAmong } from '../../../../src/lib/core/rules/checks/suspects.ts';

const isOdd = (each: number): boolean => each % 2 === 1;

test('a scan looks at suspects alone', () => {
  expect(suspectsAmong([1, 2, 3], { suspectsOnly: true }, isOdd)).toEqual([1, 3]);
});

test('an explanation looks at everyone', () => {
  expect(suspectsAmong([1, 2, 3], { suspectsOnly: false }, isOdd)).toEqual([1, 2, 3]);
});
