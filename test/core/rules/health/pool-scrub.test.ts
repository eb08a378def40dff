import { expect, test } from 'vitest';
import { type PoolScrub } from '../../../../src/lib/core/model/truenas.ts';
import { poolScrub } from '../../../../src/lib/core/rules/health/pool-scrub.ts';
import { anInventory, aPool, JUST_NOW, LONG_AGO } from '../../../support/builders.ts';
import { outcomesIn, testCheck } from '../../../support/check-tester.ts';
import { withoutList } from '../../../support/rule-tester.ts';

const scrubbed = (over: Partial<PoolScrub> = {}) =>
  anInventory({
    pools: [
      aPool({
        scrub: { kind: 'SCRUB', state: 'FINISHED', endedAt: JUST_NOW, errors: 0, ...over },
      }),
    ],
  });
const onDay = (day: string) => scrubbed({ endedAt: new Date(`${day}T00:00:00Z`) });

testCheck(poolScrub, {
  'passes after a scrub': [scrubbed(), ['PASS tank']],
  'passes after the six weeks that the schedule of TrueNAS allows': [
    onDay('2026-09-20'),
    ['PASS tank'],
  ],
  'warns after two months': [onDay('2026-09-01'), ['WARNING tank']],
  'passes while one runs, however old the last one is': [
    scrubbed({ state: 'SCANNING', endedAt: null }),
    ['PASS tank'],
  ],
  'fails where errors were found': [scrubbed({ errors: 2 }), ['FAIL tank']],
  'is skipped after one that was cancelled, which hides the one before': [
    scrubbed({ state: 'CANCELED' }),
    ['SKIPPED tank'],
  ],
  'warns where one was cancelled long ago': [
    scrubbed({ state: 'CANCELED', endedAt: LONG_AGO }),
    ['WARNING tank'],
  ],
  'warns where a pool of months was never scrubbed': [anInventory(), ['WARNING tank']],
  'is skipped where its age is not known': [
    withoutList(anInventory(), 'datasets'),
    ['SKIPPED tank'],
  ],
  'is skipped where the pool is away': [
    anInventory({ pools: [aPool({ status: 'OFFLINE' })] }),
    ['SKIPPED tank'],
  ],
  'is skipped where nobody says when it ended': [scrubbed({ endedAt: null }), ['SKIPPED tank']],
});

test('says of which pool it speaks', () => {
  expect(outcomesIn(poolScrub, scrubbed())[0]?.message).toBe(
    'pool tank: the last scrub ended 1h ago',
  );
});
