import { expect, test } from 'vitest';
import { UsageError } from '../../../src/lib/core/model/errors.ts';
import {
  CHECKS,
  checksOf,
  componentsOf,
  selectChecks,
} from '../../../src/lib/core/rules/check-registry.ts';

const all = { command: 'validate', globs: null, components: null } as const;
const select = (over: Partial<Parameters<typeof selectChecks>[0]>): string[] =>
  selectChecks({ ...all, ...over }).map(({ id }) => id);

test('every check belongs to one command', () => {
  expect(new Set([...checksOf('validate'), ...checksOf('health')])).toEqual(new Set(CHECKS));
  expect(new Set(checksOf('validate').map(({ category }) => category))).toEqual(
    new Set(['validation']),
  );
});

test('components are those of which a command has a check', () => {
  expect(componentsOf('validate')).toContain('storage-class');
  for (const component of componentsOf('validate')) {
    expect(select({ components: [component] })).not.toEqual([]);
  }
});

test('ids, globs and components choose together', () => {
  expect(select({})).toEqual(checksOf('validate').map(({ id }) => id));
  expect(select({ globs: ['default-storage-?lass'] })).toEqual(['default-storage-class']);
  expect(select({ globs: ['default-storage-*'], components: ['pool'] })).toEqual([]);
});

test('a rule that is no check of the command is refused, and those there are listed', () => {
  expect(() => select({ globs: ['pv-released'] })).toThrow(UsageError);
  expect(() => select({ globs: ['default-storage-clas'] })).toThrow(
    'no check of validate is called "default-storage-clas"',
  );
});
