import { expect, test } from 'vitest';
import { volumeCapacity } from '../../../../src/lib/core/rules/health/volume-capacity.ts';
import { aDataset, aFolder, anInventory, PARENT, size } from '../../../support/builders.ts';
import { outcomesIn, testCheck } from '../../../support/check-tester.ts';

const KIB = 1024;
const share = (name: string, percent: number) =>
  aDataset({
    id: `${PARENT}/${name}`,
    refquota: size(100 * KIB),
    usedByDataset: size(percent * KIB),
  });
const disk = (name: string, percent: number) =>
  aDataset({
    id: `${PARENT}/${name}`,
    kind: 'volume',
    refquota: null,
    volsize: size(100 * KIB),
    usedByDataset: size(percent * KIB),
  });
const many = anInventory({
  datasets: Array.from({ length: 40 }, (_, at) => share(`pvc-${at}`, 60 + at)),
});

testCheck(volumeCapacity, {
  'passes where all have room': [anInventory({ datasets: [share('a', 50)] }), ['PASS tank']],
  'warns where one is nearly full': [anInventory({ datasets: [share('a', 90)] }), ['WARNING tank']],
  'fails where one is full': [anInventory({ datasets: [share('a', 97)] }), ['FAIL tank']],
  'says it once for many': [many, ['FAIL tank']],
  'warns of a zvol no more than a little: what is freed inside it stays written': [
    anInventory({ datasets: [disk('a', 99)] }),
    ['WARNING tank'],
  ],
  'passes a zvol that is written to nine tenths': [
    anInventory({ datasets: [disk('a', 90)] }),
    ['PASS tank'],
  ],
  'does not judge what no driver made': [
    anInventory({
      datasets: [aFolder('tank/media', { refquota: size(KIB), usedByDataset: size(KIB) })],
    }),
    ['PASS tank'],
  ],
  'does not judge what does not tell': [
    anInventory({ datasets: [aDataset({ usedByDataset: null })] }),
    ['PASS tank'],
  ],
});

test('names the worst few', () => {
  expect(outcomesIn(volumeCapacity, many)[0]?.message).toBe(
    '15 of 41 volumes on pool tank are nearly full: pvc-39 (99 %), pvc-38 (98 %), pvc-37 (97 %), pvc-36 (96 %), pvc-35 (95 %) and 10 more',
  );
});
