import { expect, test } from 'vitest';
import { notIncluded } from '../../../src/lib/core/cleanup/not-included.ts';
import { aStep } from '../../support/cleanup-view-builders.ts';

test('a snapshot that was named and stays is named back, with whether it is there at all', () => {
  const steps = [aStep({ change: { type: 'delete-snapshot', snapshot: 'tank/a@gone' } })];
  const listed = new Set(['tank/a@gone', 'tank/b@there']);
  const named = ['tank/a@gone', 'tank/b@there', 'tank/c@typo', 'tank/c@typo'];
  expect(notIncluded(named, { steps }, listed)).toEqual([
    {
      snapshot: 'tank/b@there',
      reason: 'nothing in this plan destroys the dataset of this snapshot',
    },
    { snapshot: 'tank/c@typo', reason: 'no such snapshot was seen on TrueNAS' },
  ]);
});
