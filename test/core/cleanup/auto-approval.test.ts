import { describe, expect, it } from 'vitest';
import { autoApproves } from '../../../src/lib/core/cleanup/auto-approval.ts';
import { type Change } from '../../../src/lib/core/cleanup/change.ts';
import { type PlanItem, type PlanStep } from '../../../src/lib/core/cleanup/plan-schema.ts';
import { bytes, millis } from '../../../src/lib/core/model/units.ts';
import { aPlanItem, aPlanStep, second } from '../../support/cleanup-journals.ts';

const ENTRY = { rule: 'dataset-*', minAge: millis(3_600_000), maxBytes: bytes(4096) };
const NOW = new Date(second(0));
const PATH = 'tank/k8s/pvc-1';

function approves(items: readonly PlanItem[], steps: readonly PlanStep[]): boolean {
  return autoApproves({ items: [...items], steps: [...steps] }, { autoApprove: [ENTRY] }, NOW);
}

function withChange(change: Change, item = 'f00d'): boolean {
  return approves([aPlanItem()], [aPlanStep('s01', 1), aPlanStep('s02', 2, { change, item })]);
}

describe('the configuration', () => {
  it('approves of a plan where it covers every item', () => {
    const steps = [aPlanStep('s01', 1)];
    expect(approves([aPlanItem()], steps)).toBe(true);
    expect(approves([], [])).toBe(false);
    for (const over of [
      { intent: 'destroy' },
      { rule: 'nfs-share-dangling' },
      { bytes: 4097 },
      { created_at: second(-60) },
      { created_at: null },
    ] as const) {
      expect(approves([aPlanItem(over)], steps), JSON.stringify(over)).toBe(false);
      expect(approves([aPlanItem(), aPlanItem({ id: 'beef', ...over })], steps)).toBe(false);
    }
  });

  it('approves of what puts aside', () => {
    expect(withChange({ type: 'set-mark', dataset: PATH, mark: 'a;b;c' })).toBe(true);
    expect(withChange({ type: 'move-dataset', from: PATH, to: 'tank/aside/pvc-1' })).toBe(true);
  });

  it('approves of no step that does anything else, whatever its item says that it is', () => {
    const others: readonly Change[] = [
      { type: 'set-enabled', kind: 'nfs-share', id: 1, enabled: true },
      { type: 'set-mark', dataset: PATH, mark: null },
      { type: 'destroy-dataset', dataset: PATH },
      { type: 'delete-snapshot', snapshot: `${PATH}@a` },
      { type: 'delete-object', kind: 'nfs-share', id: 1 },
      { type: 'create-object', kind: 'nfs-share', fields: {}, refers_to: {} },
      { type: 'set-groups', kind: 'iscsi-target', id: 1, groups: [] },
      { type: 'set-policy', kind: 'persistentvolume', name: 'pv', policy: 'Delete' },
      { type: 'delete-resource', kind: 'persistentvolume', namespace: null, name: 'pv' },
    ];
    for (const change of others) expect(withChange(change), change.type).toBe(false);
  });

  it('approves of no step of an item that is not in the plan', () => {
    expect(withChange({ type: 'set-mark', dataset: PATH, mark: 'a;b;c' }, 'beef')).toBe(false);
  });
});
