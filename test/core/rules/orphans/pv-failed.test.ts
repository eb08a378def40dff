import { expect, test } from 'vitest';
import { pvFailed } from '../../../../src/lib/core/rules/orphans/pv-failed.ts';
import {
  aDataset,
  aFolder,
  anInventory,
  aPv,
  HANDLE,
  JUST_NOW,
  LONG_AGO,
  PARENT,
} from '../../../support/builders.ts';
import { checkOf, findingsOf, testRule } from '../../../support/rule-tester.ts';

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
    'a volume that failed a moment ago': anInventory({
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

test('nothing is said to happen by itself: no provisioner deletes a volume that is not Released', () => {
  const stepsOf = (pv: ReturnType<typeof aPv>) =>
    findingsOf(pvFailed, anInventory({ datasets: [aDataset()], persistentVolumes: [pv] }))
      .flatMap(({ remedy }) => remedy.steps)
      .join(' ');
  expect(stepsOf(failed)).not.toContain('driver tries again');
  expect(stepsOf(failed)).toContain(
    `kubectl patch pv ${HANDLE} --subresource=status --type=merge -p '{"status":{"phase":"Released"}}'`,
  );
  expect(stepsOf(failed)).toContain('Never remove its finalizers');
  const source = { kind: 'nfs', server: '10.10.0.5', path: `/mnt/${PARENT}/${HANDLE}` } as const;
  expect(stepsOf(aPv({ phase: 'Failed', source }))).toContain('Set the reclaim policy to Retain');
});

test('says so where no reason is given', () => {
  const [finding] = findingsOf(
    pvFailed,
    anInventory({ persistentVolumes: [aPv({ phase: 'Failed' })] }),
  );
  expect(finding?.reason).toBe('reclaiming it failed: no reason is given');
  expect(finding?.truenasReference).toBeNull();
});

test('leaves the stops within the answer of the driver, and takes off those at its end', () => {
  const [finding] = findingsOf(
    pvFailed,
    anInventory({
      persistentVolumes: [aPv({ phase: 'Failed', statusMessage: 'nas1.example: no answer...' })],
    }),
  );
  expect(finding?.reason).toBe('reclaiming it failed: nas1.example: no answer');
});

test('finds the data of a volume that was moved', () => {
  const moved = `tank/elsewhere/${HANDLE}`;
  const [finding] = findingsOf(
    pvFailed,
    anInventory({
      datasets: [aFolder('tank/elsewhere'), aDataset({ id: moved })],
      persistentVolumes: [failed],
    }),
  );
  expect(finding?.truenasReference).toBe(moved);
});

test('says whether its age is that of the failure or that of the volume', () => {
  const seen = (phaseSince: Date | null) =>
    checkOf(
      pvFailed,
      anInventory({ persistentVolumes: [aPv({ phase: 'Failed', phaseSince })] }),
      HANDLE,
      'older-than-threshold',
    );
  const since = LONG_AGO.toISOString();
  expect(seen(LONG_AGO)).toEqual(['passed', `failed ${since}`]);
  expect(seen(null)).toEqual(['passed', `created ${since}`]);
});
