import { expect, test } from 'vitest';
import { type NasObjectKind } from '../../../src/lib/core/cleanup/change.ts';
import { type StepView } from '../../../src/lib/core/cleanup/run-view.ts';
import { undoSteps } from '../../../src/lib/core/cleanup/undo-run.ts';
import { aStep, aStepView, aSubject } from '../../support/cleanup-view-builders.ts';

const NAME = 'csi-pvc-6f1d2c9e';

function deleted(kind: NasObjectKind, index: number): StepView {
  const saved = (of: NasObjectKind) => ({
    target: { side: 'truenas' as const, kind: of, where: { id: 1 } },
    identity: { id: 1, name: NAME },
    raw: { name: NAME },
  });
  const step = aStep({
    id: `s0${String(index + 1)}`,
    subject: aSubject({ type: 'IscsiExtent', name: NAME }),
    change: { type: 'delete-object', kind, id: 1 },
  });
  const kinds: readonly NasObjectKind[] = [kind, 'iscsi-target', 'iscsi-extent'];
  return aStepView(step, { state: 'done', saved: kinds.map(saved) });
}

test('objects of one volume that have one name are told apart by what they are', () => {
  const kinds = ['iscsi-mapping', 'iscsi-extent', 'iscsi-target'] as const;
  expect(undoSteps(kinds.map(deleted)).steps.map(({ title }) => title)).toEqual([
    `Make iSCSI target ${NAME} again as it was`,
    `Make iSCSI extent ${NAME} again as it was`,
    `Make iSCSI mapping of ${NAME} again as it was`,
  ]);
});
