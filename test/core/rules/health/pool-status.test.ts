import { expect, test } from 'vitest';
import { poolStatus } from '../../../../src/lib/core/rules/health/pool-status.ts';
import { anInventory, aPool } from '../../../support/builders.ts';
import { outcomesIn, testCheck } from '../../../support/check-tester.ts';

const withStatus = (status: string) => anInventory({ pools: [aPool({ status })] });

testCheck(poolStatus, {
  'passes where it is online': [anInventory(), ['PASS tank']],
  'fails where it is degraded': [withStatus('DEGRADED'), ['FAIL tank']],
  'fails where it is away': [withStatus('FAULTED'), ['FAIL tank']],
  'warns where ZFS does not call it healthy': [
    anInventory({ pools: [aPool({ healthy: false })] }),
    ['WARNING tank'],
  ],
  'passes where nobody says whether it is healthy': [
    anInventory({ pools: [aPool({ healthy: null })] }),
    ['PASS tank'],
  ],
});

test('a pool that is away is critical, unless no driver makes volumes on it', () => {
  const world = anInventory({
    pools: [aPool({ status: 'SUSPENDED' }), aPool({ name: 'backup', status: 'OFFLINE' })],
  });
  expect(outcomesIn(poolStatus, world).map(({ severity }) => severity)).toEqual([
    'critical',
    'high',
  ]);
  const unknown = anInventory({
    drivers: [],
    datasets: [],
    pools: [aPool({ name: 'other', status: 'OFFLINE' })],
  });
  const alone = {
    ...unknown,
    clusters: unknown.clusters.map((each) => ({ ...each, lists: {} })),
  };
  expect(outcomesIn(poolStatus, alone)).toMatchObject([{ severity: 'critical' }]);
});
