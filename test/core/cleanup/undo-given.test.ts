import { describe, expect, test } from 'vitest';
import { undoSteps } from '../../../src/lib/core/cleanup/undo-run.ts';
import { runView, type StepView } from '../../../src/lib/core/cleanup/run-view.ts';
import { aCleanupPlan, aPlanStep, begun, intent, outcome } from '../../support/cleanup-journals.ts';

/** Two shares of one volume that are switched on again, as far as it came. */
function repaired(...ended: readonly ('done' | 'skipped')[]): readonly StepView[] {
  const step = (id: string, share: number) =>
    aPlanStep(id, share, {
      change: { type: 'set-enabled', kind: 'nfs-share', id: share, enabled: true },
    });
  const plan = aCleanupPlan({ steps: [step('s01', 1), step('s02', 2)] });
  const entries = ended.flatMap((state, index) => {
    const id = `s0${String(index + 1)}`;
    return [intent(id), outcome(id, state)];
  });
  return runView([begun({ work: { kind: 'apply', plan } }), ...entries])?.steps ?? [];
}

describe('a rollback', () => {
  test('does not take back a share that a volume was given, and says why', () => {
    const { steps, lost } = undoSteps(repaired('done', 'done'));
    expect(steps).toEqual([]);
    expect(lost).toEqual([
      { step: 's02', reason: expect.stringContaining('may be in use through it') as string },
      { step: 's01', reason: expect.stringContaining('may be in use through it') as string },
    ]);
  });

  test('takes back half of what a volume was to be given', () => {
    const { steps, lost } = undoSteps(repaired('done', 'skipped'));
    expect(steps.map(({ change }) => change)).toEqual([
      { type: 'set-enabled', kind: 'nfs-share', id: 1, enabled: false },
    ]);
    expect(lost).toEqual([]);
  });
});
