import { expect, test } from 'vitest';
import { type VolumeAttachment } from '../../../../src/lib/core/model/kubernetes.ts';
import { attachmentStuck } from '../../../../src/lib/core/rules/health/attachment-stuck.ts';
import { anAttachment, anInventory, JUST_NOW, NOW } from '../../../support/builders.ts';
import { outcomesIn, testCheck } from '../../../support/check-tester.ts';

const attachError = { message: 'rpc error: no path to the portal.', since: JUST_NOW };
const world = (...over: readonly Partial<VolumeAttachment>[]) =>
  anInventory({
    volumeAttachments: over.map((each, at) =>
      anAttachment({ name: `csi-${at}`, volumeName: `pvc-${at}`, ...each }),
    ),
  });
const failing = { attached: false, attachError };

testCheck(attachmentStuck, {
  'passes where all are attached': [world({}, {}), ['PASS prod']],
  'passes without any': [anInventory(), ['PASS prod']],
  'fails where one cannot be attached': [world({}, failing), ['FAIL prod']],
  'passes while it is tried': [world({ ...failing, createdAt: NOW }), ['PASS prod']],
  'passes where it is not attached yet, without an error': [
    world({ attached: false }),
    ['PASS prod'],
  ],
  'warns where one is not detached': [world({ deletedAt: JUST_NOW }), ['WARNING prod']],
  'passes while it is detached': [world({ deletedAt: NOW }), ['PASS prod']],
  'says nothing of what other drivers attach': [
    world({ ...failing, attacher: 'ebs.csi.aws.com' }),
    ['PASS prod'],
  ],
});

test('names the worst few', () => {
  const detaching = {
    deletedAt: JUST_NOW,
    detachError: { message: 'busy', since: null },
    volumeName: null,
  };
  expect(outcomesIn(attachmentStuck, world({}, detaching, failing))[0]?.message).toBe(
    '2 of 3 attachments are stuck: pvc-2 is not attached to worker-1: rpc error: no path to the portal and csi-1 is not detached from worker-1: busy',
  );
});
