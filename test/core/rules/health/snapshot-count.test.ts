import { expect, test } from 'vitest';
import { snapshotCount } from '../../../../src/lib/core/rules/health/snapshot-count.ts';
import { aZfsSnapshot, anInventory, PARENT } from '../../../support/builders.ts';
import { outcomesIn, testCheck } from '../../../support/check-tester.ts';

const snapshots = (count: number, dataset: string) =>
  Array.from({ length: count }, (_, at) =>
    aZfsSnapshot({ dataset, name: `auto-${at}`, details: null }),
  );
const onOne = (count: number) => anInventory({ zfsSnapshots: snapshots(count, `${PARENT}/a`) });
const onMany = (datasets: number, each: number) =>
  anInventory({
    zfsSnapshots: Array.from({ length: datasets }, (_, at) =>
      snapshots(each, `${PARENT}/pvc-${at}`),
    ).flat(),
  });

testCheck(snapshotCount, {
  'passes with few': [onOne(3), ['PASS nas1', 'PASS tank']],
  'passes without any': [anInventory(), ['PASS nas1']],
  'warns where one dataset has nearly 512': [onOne(410), ['PASS nas1', 'WARNING tank']],
  'warns where one dataset has more': [onOne(600), ['PASS nas1', 'WARNING tank']],
  'warns where the system has nearly 10,000': [onMany(30, 270), ['WARNING nas1', 'PASS tank']],
});

test('names the worst, with medium severity above the limit', () => {
  const world = anInventory({
    zfsSnapshots: [...snapshots(420, `${PARENT}/a`), ...snapshots(513, `${PARENT}/b`)],
  });
  expect(outcomesIn(snapshotCount, world)[1]).toMatchObject({
    severity: 'medium',
    message: `2 datasets of pool tank are near or above the 512 snapshots TrueNAS recommends at most: ${PARENT}/b (513) and ${PARENT}/a (420)`,
  });
  expect(outcomesIn(snapshotCount, onOne(410))[1]).toMatchObject({ severity: 'low' });
});
