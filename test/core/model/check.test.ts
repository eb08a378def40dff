import { expect, test } from 'vitest';
import {
  assurance,
  awaiting,
  condition,
  detailOf,
  note,
} from '../../../src/lib/core/model/check.ts';

test('what could not be seen is unknown, neither passed nor failed', () => {
  expect([true, false, undefined].map((holds) => condition('c', holds, '').result)).toEqual([
    'passed',
    'failed',
    'unknown',
  ]);
});

test('checks differ in what they decide', () => {
  expect([condition, assurance, note].map((make) => make('c', true, '').weight)).toEqual([
    'finding',
    'confidence',
    'note',
  ]);
});

test('what the second read settles is pending', () => {
  expect(awaiting('c', 'later')).toMatchObject({ result: 'unknown', pending: true });
});

test('a detail may be built only when somebody reads it', () => {
  expect(detailOf(note('c', true, 'seen'))).toBe('seen');
  expect(detailOf(note('c', true, () => 'built'))).toBe('built');
});
