import fc from 'fast-check';
import { expect, test } from 'vitest';
import { globMatcher } from '../../../src/lib/core/model/glob.ts';

test.each([
  ['pv-*', 'pv-released', true],
  ['pv-*', 'my-pv-released', false],
  ['pv-?', 'pv-1', true],
  ['pv-?', 'pv-12', false],
  ['tank/*', 'tank/a/b', true],
  ['a.c', 'abc', false],
  ['(a|b)[c]{1}^$\\', '(a|b)[c]{1}^$\\', true],
  ['*', 'line\nbreak', true],
  ['?', '🙂', true],
])('%s on %s: %s', (glob, name, expected) => {
  expect(globMatcher(glob)(name)).toBe(expected);
});

test('a name without wildcards matches itself and nothing longer', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (name) => {
      fc.pre(!/[*?]/.test(name) && name.isWellFormed());
      expect(globMatcher(name)(name)).toBe(true);
      expect(globMatcher(name)(`${name}x`)).toBe(false);
    }),
  );
});
