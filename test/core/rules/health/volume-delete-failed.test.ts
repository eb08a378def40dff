import { expect, test } from 'vitest';
import { volumeDeleteFailed } from '../../../../src/lib/core/rules/health/volume-delete-failed.ts';
import { anEvent, anInventory, aPv, HANDLE, LONG_AGO } from '../../../support/builders.ts';
import { outcomesIn, testCheck } from '../../../support/check-tester.ts';

const released = aPv({ phase: 'Released' });
const failing = anInventory({ persistentVolumes: [released], events: [anEvent()] });

testCheck(volumeDeleteFailed, {
  'passes without events': [anInventory({ persistentVolumes: [released] }), ['PASS prod']],
  'warns where a deletion fails': [failing, ['WARNING prod']],
  'passes where it failed long ago': [
    anInventory({ persistentVolumes: [released], events: [anEvent({ lastSeen: LONG_AGO })] }),
    ['PASS prod'],
  ],
  'passes where the volume is gone by now': [anInventory({ events: [anEvent()] }), ['PASS prod']],
  'says nothing of other drivers': [
    anInventory({
      persistentVolumes: [
        aPv({
          source: { kind: 'csi', driver: 'ebs.csi.aws.com', handle: 'vol-1', attributes: {} },
        }),
      ],
      events: [anEvent()],
    }),
    ['PASS prod'],
  ],
});

test('names the volume and what its driver said', () => {
  expect(outcomesIn(volumeDeleteFailed, failing)[0]?.message).toBe(
    `the deletion of 1 volume failed within the last day: ${HANDLE} (2026-10-31 23:00:00 UTC: rpc error: code = FailedPrecondition desc = filesystem has dependent clones)`,
  );
});
