import { expect, test } from 'vitest';
import { excerpt } from '../../../../src/lib/core/rules/checks/excerpt.ts';

test('somebody else’s message is one line, without what ends it', () => {
  expect(excerpt('  rpc error:\n\tdataset  is busy. \n')).toBe('rpc error: dataset is busy');
  expect(excerpt('and so on . . .')).toBe('and so on');
  expect(excerpt('v1.2 failed')).toBe('v1.2 failed');
});

test('a long message is cut, and says so', () => {
  expect(excerpt('x'.repeat(300))).toBe('x'.repeat(300));
  expect(excerpt('x'.repeat(301))).toBe(`${'x'.repeat(299)}…`);
});

test('a message that says nothing is said to be none', () => {
  expect(excerpt(' . ')).toBe('no reason is given');
});
