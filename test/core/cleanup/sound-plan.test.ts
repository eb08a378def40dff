import { expect, test } from 'vitest';
import { type PlanBody } from '../../../src/lib/core/cleanup/plan-schema.ts';
import { unsoundness } from '../../../src/lib/core/cleanup/sound-plan.ts';
import { aCleanupPlan, aPlanItem, aPlanStep } from '../../support/cleanup-journals.ts';

const [first, second] = [aPlanStep('s01', 1), aPlanStep('s02', 2)];

test.each<readonly [string, Partial<PlanBody>, string | undefined]>([
  ['fits together', {}, undefined],
  [
    'has a step of an item that it does not have',
    { steps: [first, { ...second, item: 'dead' }] },
    'step s02 belongs to no item',
  ],
  [
    'has two steps of one id',
    { steps: [first, { ...second, id: 's01' }] },
    'two steps have one id',
  ],
  ['has two items of one id', { items: [aPlanItem(), aPlanItem()] }, 'two items have one id'],
  [
    'acts on a system that it is not for',
    { steps: [first, { ...second, target: { side: 'truenas', system: 'nas2' } }] },
    'step s02 acts on a server that the plan is not for',
  ],
  [
    'acts on a cluster that has the name of its system',
    { steps: [first, { ...second, target: { side: 'kubernetes', cluster: 'nas1' } }] },
    'step s02 acts on a server that the plan is not for',
  ],
])('a plan that %s', (_, over, reason) => {
  expect(unsoundness(aCleanupPlan(over))).toBe(reason);
});
