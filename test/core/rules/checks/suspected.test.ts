import { expect, test } from 'vitest';
import { detailOf } from '../../../../src/lib/core/model/check.ts';
import { DEFAULT_POLICY } from '../../../../src/lib/core/model/policy.ts';
import { refToDataset } from '../../../../src/lib/core/model/subjects.ts';
import { suspectedForThreshold } from '../../../../src/lib/core/rules/checks/suspected.ts';
import { aDataset, NOW } from '../../../support/builders.ts';

const said = (since: Date | undefined) => {
  const context = { firstSeen: () => since, now: NOW, policy: DEFAULT_POLICY };
  const check = suspectedForThreshold('suspect-for-long', refToDataset(aDataset()), context);
  return [check.id, check.result, detailOf(check)];
};

test('a suspect is one for long from the threshold on, and its check says since when', () => {
  const [id, result, detail] = said(new Date('2026-10-31T00:00:00Z'));
  expect([id, result]).toEqual(['suspect-for-long', 'passed']);
  expect(detail).toMatch(/^like this since 2026-10-31T00:00:00.000Z/);
  expect(said(new Date('2026-10-31T00:00:00.001Z'))[1]).toBe('failed');
});

test('what was never seen before is not known to be one', () => {
  expect(said(undefined)).toEqual([
    'suspect-for-long',
    'unknown',
    'no earlier scan saw it like this, and nothing else says since when it is',
  ]);
});
