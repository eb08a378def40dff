import { expect, test } from 'vitest';
import { DEFAULT_THRESHOLDS } from '../../../../src/lib/core/model/settings.ts';
import { bytes } from '../../../../src/lib/core/model/units.ts';
import { overcommit } from '../../../../src/lib/core/rules/health/overcommit.ts';
import { aDataset, aFolder, anInventory, aPool, PARENT, size } from '../../../support/builders.ts';
import { outcomesIn, testCheck } from '../../../support/check-tester.ts';

const GIB = 2 ** 30;
const tank = aPool({ size: bytes(10 * GIB) });
/** Beside the bystander of every world, which has 1 GiB. */
const promising = (gib: number) =>
  anInventory({
    pools: [tank],
    datasets: [
      aFolder('tank', { used: null }),
      aDataset({ id: `${PARENT}/nfs`, refquota: size(GIB) }),
      aDataset({
        id: `${PARENT}/disk`,
        kind: 'volume',
        refquota: null,
        volsize: size((gib - 2) * GIB),
      }),
      // Somebody else's.
      aFolder('tank/media', { refquota: size(100 * GIB) }),
    ],
  });

testCheck(overcommit, {
  'passes up to the limit': [promising(20), ['PASS tank']],
  'warns above it': [promising(21), ['WARNING tank']],
  'keeps to the limit of the configuration': [
    promising(21),
    ['PASS tank'],
    { thresholds: { ...DEFAULT_THRESHOLDS, maxOvercommit: 3 } },
  ],
  'is skipped where the pool does not tell its size': [
    anInventory({ datasets: [aFolder('tank', { used: null })] }),
    ['SKIPPED tank'],
  ],
});

test('says how much was promised, of drivers’ volumes alone', () => {
  expect(outcomesIn(overcommit, promising(21))[0]?.message).toBe(
    '3 datasets of drivers on pool tank may grow to 21 GiB, 2.10 times its 10 GiB',
  );
});
