import { expect, test } from 'vitest';
import { mayBeNamed } from '../../../../src/lib/core/rules/checks/replication-sources.ts';

test.each([
  ['auto-%Y-%m-%d_%H-%M', 'auto-2026-10-31_02-00', true],
  ['auto-%Y-%m-%d_%H-%M', 'auto-2026-10-31', false],
  ['auto-%Y-%m-%d_%H-%M', 'xauto-2026-10-31_02-00', false],
  ['a.b-%Y', 'a.b-2026', true],
  ['a.b-%Y', 'axb-2026', false],
  ['(daily)+%s', '(daily)+1761868800', true],
  ['%A-%Y', 'Friday-2026', true],
  // A regular expression, or the beginning of a name: what it means is not tried.
  ['auto-.*', 'weekly', true],
])('a snapshot that %s is about may be %s: %s', (schema, snapshot, expected) => {
  expect(mayBeNamed(schema, snapshot)).toBe(expected);
});
