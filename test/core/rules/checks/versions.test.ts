import { expect, test } from 'vitest';
import { isBefore, isCore, parseVersion } from '../../../../src/lib/core/rules/checks/versions.ts';

test.each([
  ['v1.35.2+k3s1', [1, 35, 2]],
  ['TrueNAS-SCALE-24.10.2.4', [24, 10, 2, 4]],
  ['TrueNAS-13.0-U6.1', [13, 0]],
  ['26.0.0-RC.1', [26, 0, 0]],
  ['master', undefined],
  [null, undefined],
])('%s is read as %s', (text, version) => {
  expect(parseVersion(text)).toEqual(version);
});

test.each([
  [[25, 4], [25, 10], true],
  [[25, 10], [25, 4], false],
  [[26], [26, 0, 0], false],
  [[1, 9, 4], [1, 9, 4], false],
  [[1, 9], [1, 9, 4], true],
])('whether %s comes before %s: %s', (version, other, before) => {
  expect(isBefore(version, other)).toBe(before);
});

test('CORE ends where SCALE begins', () => {
  expect(
    [
      [13, 3],
      [22, 2],
    ].map(isCore),
  ).toEqual([true, false]);
});
