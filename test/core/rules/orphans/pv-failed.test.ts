import { expect, test } from 'vitest';
import { pvFailed } from '../../../../src/lib/core/rules/orphans/pv-failed.ts';
import { aDataset, anInventory, aPv, HANDLE, JUST_NOW, PARENT } from '../../../support/builders.ts';
import { findingsOf, testRule } from '../../../support/rule-tester.ts';

const failed = aPv({ phase: 'Failed', statusMessage: 'volume has dependent clones.' });

testRule(pvFailed, {
  certain: {
    'a volume that could not be reclaimed': [
      anInventory({ datasets: [aDataset()], persistentVolumes: [failed] }),
      [HANDLE],
    ],
    'a volume that failed without a word, long ago': [
      anInventory({
        persistentVolumes: [aPv({ phase: 'Failed', phaseSince: null, statusMessage: null })],
      }),
      [HANDLE],
    ],
  },
  silent: {
    'a volume in use': anInventory({ datasets: [aDataset()], persistentVolumes: [aPv()] }),
    'a volume that failed a moment ago: the driver tries again': anInventory({
      persistentVolumes: [aPv({ phase: 'Failed', phaseSince: JUST_NOW })],
    }),
    'a failed volume of some other storage': anInventory({
      persistentVolumes: [
        aPv({
          phase: 'Failed',
          source: { kind: 'csi', driver: 'ebs.csi.aws.com', handle: 'vol-1', attributes: {} },
        }),
      ],
    }),
  },
});

test('repeats the answer of the driver, and where the data lies', () => {
  const [finding] = findingsOf(
    pvFailed,
    anInventory({ datasets: [aDataset()], persistentVolumes: [failed] }),
  );
  expect(finding?.reason).toBe('reclaiming it failed: volume has dependent clones');
  expect(finding?.truenasReference).toBe(`${PARENT}/${HANDLE}`);
});

test('says so where no reason is given', () => {
  const [finding] = findingsOf(
    pvFailed,
    anInventory({ persistentVolumes: [aPv({ phase: 'Failed' })] }),
  );
  expect(finding?.reason).toBe('reclaiming it failed: no reason is given');
  expect(finding?.truenasReference).toBeNull();
});
