import { expect, test } from 'vitest';
import { bytes } from '../../../../src/lib/core/model/units.ts';
import { poolCapacity } from '../../../../src/lib/core/rules/health/pool-capacity.ts';
import { aFolder, anInventory, aPool, size } from '../../../support/builders.ts';
import { outcomesIn, testCheck } from '../../../support/check-tester.ts';

const TEN_TB = 10 * 2 ** 40;
/** Its root dataset is silent, so that the pool itself has to tell. */
const usedTo = (part: number, name = 'tank') =>
  anInventory({
    pools: [aPool({ name, size: bytes(TEN_TB), allocated: bytes(Math.round(TEN_TB * part)) })],
    datasets: [aFolder(name, { used: null })],
  });

testCheck(poolCapacity, {
  'passes with room to spare': [usedTo(0.5), ['PASS tank']],
  'warns from the first limit': [usedTo(0.85), ['WARNING tank']],
  'fails from the second': [usedTo(0.9), ['FAIL tank']],
  'is skipped where it does not tell its size': [
    anInventory({
      pools: [aPool({ status: 'OFFLINE' })],
      datasets: [aFolder('tank', { used: null })],
    }),
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

test('goes by what can be filled, which parity is no part of', () => {
  const raidz = anInventory({
    pools: [aPool({ size: bytes(TEN_TB), allocated: bytes(TEN_TB * 0.7) })],
    datasets: [aFolder('tank', { used: size(5.5 * 2 ** 40), available: size(0.5 * 2 ** 40) })],
  });
  expect(outcomesIn(poolCapacity, raidz)).toMatchObject([
    { status: 'FAIL', message: '91 % of 6 TiB of pool tank are used' },
  ]);
});
