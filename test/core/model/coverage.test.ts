import { expect, test } from 'vitest';
import {
  combineCoverage,
  COMPLETE,
  failed,
  listed,
  notApplicable,
  partial,
  unlisted,
} from '../../../src/lib/core/model/coverage.ts';

test('several sources are as good as the worst, whose reason is kept', () => {
  const [gone, half, none] = [failed('403'), partial('page 2'), notApplicable('no CRD')];
  expect(combineCoverage([COMPLETE, half, gone, none])).toBe(gone);
  expect(combineCoverage([none, half])).toBe(half);
  expect(combineCoverage([COMPLETE, none])).toBe(none);
  expect(combineCoverage([half, partial('later')])).toBe(half);
});

test('no source at all is complete', () => {
  expect(combineCoverage([])).toBe(COMPLETE);
});

test('a list is complete unless it says otherwise, and one not read is empty', () => {
  expect(listed(['a'])).toEqual({ coverage: COMPLETE, items: ['a'] });
  expect(unlisted(failed('403'))).toEqual({ coverage: failed('403'), items: [] });
});
