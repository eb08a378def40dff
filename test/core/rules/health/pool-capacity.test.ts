import { expect, test } from 'vitest';
import { bytes } from '../../../../src/lib/core/model/units.ts';
import { poolCapacity } from '../../../../src/lib/core/rules/health/pool-capacity.ts';
import { anInventory, aPool } from '../../../support/builders.ts';
import { outcomesIn, testCheck } from '../../../support/check-tester.ts';

const TEN_TB = 10 * 2 ** 40;
const usedTo = (part: number, name = 'tank') =>
  anInventory({
    pools: [aPool({ name, size: bytes(TEN_TB), allocated: bytes(Math.round(TEN_TB * part)) })],
  });

testCheck(poolCapacity, {
  'passes with room to spare': [usedTo(0.5), ['PASS tank']],
  'warns from the first limit': [usedTo(0.85), ['WARNING tank']],
  'fails from the second': [usedTo(0.9), ['FAIL tank']],
  'is skipped where it does not tell its size': [
    anInventory({ pools: [aPool({ status: 'OFFLINE' })] }),
    ['SKIPPED tank'],
  ],
});

test('a full pool is critical, unless no driver makes volumes on it', () => {
  expect(outcomesIn(poolCapacity, usedTo(0.95))).toMatchObject([
    { severity: 'critical', message: '95 % of 10 TiB of pool tank are used' },
  ]);
  expect(outcomesIn(poolCapacity, usedTo(0.95, 'backup'))).toMatchObject([{ severity: 'high' }]);
});

test('a part just below a limit is not shown as that limit', () => {
  expect(outcomesIn(poolCapacity, usedTo(0.7999))[0]).toMatchObject({
    status: 'PASS',
    message: '79 % of 10 TiB of pool tank are used',
  });
});
