import { expect, test } from 'vitest';
import { COMPLETE, partial } from '../../../../src/lib/core/model/coverage.ts';
import { detailOf } from '../../../../src/lib/core/model/check.ts';
import { absenceOf } from '../../../../src/lib/core/rules/checks/absence.ts';

test('what was found settles it, whatever could not be read', () => {
  const check = absenceOf('no-x', ['a'], [partial('page 2')]);
  expect([check.result, detailOf(check)]).toEqual(['failed', 'a']);
});

test('of many, the first few are named', () => {
  expect(detailOf(absenceOf('no-x', ['a', 'b', 'c', 'd'], []))).toBe('a, b, c, …');
});

test('that nothing was found counts only where everything was read', () => {
  expect(absenceOf('no-x', [], [COMPLETE]).result).toBe('passed');
  const check = absenceOf('no-x', [], [COMPLETE, partial('page 2')]);
  expect([check.result, detailOf(check)]).toEqual(['unknown', 'could not be read: page 2']);
});
