import { describe, expect, it } from 'vitest';
import { type Actor, type JournalEntry } from '../../../src/lib/core/cleanup/journal-schema.ts';
import { planView } from '../../../src/lib/core/cleanup/plan-view.ts';
import {
  aCleanupPlan,
  ANN,
  approved,
  begun,
  BOB,
  planned,
  POLICY,
  rejected,
  ROOT,
  second,
} from '../../support/cleanup-journals.ts';

function stateAfter(needed: number, ...said: readonly JournalEntry[]): string | undefined {
  return planView('p', [planned(), ...said], needed)?.state;
}

describe('a plan', () => {
  it('is none where its journal does not begin with it', () => {
    expect(planView('p', [], 1)).toBeUndefined();
    expect(planView('p', [begun()], 1)).toBeUndefined();
    expect(planView('p', [approved(ANN), planned()], 1)).toBeUndefined();
  });

  it('tells who made it, and waits until somebody has approved it', () => {
    const view = planView('p', [planned()], 1);
    expect(view).toEqual({
      ...{ id: 'p', plan: aCleanupPlan(), plannedBy: ROOT },
      ...{ approvals: [], rejection: null, state: 'awaiting_approval' },
    });
    expect(stateAfter(1, approved(ROOT))).toBe('approved');
  });

  it('tells when and why it was approved', () => {
    const view = planView('p', [planned(), approved(ANN, { reason: 'ticket 7' })], 1);
    expect(view?.approvals).toEqual([{ by: ANN, at: new Date(second(60)), reason: 'ticket 7' }]);
  });

  it('is not approved by who approved another version of it', () => {
    const plan_hash = `sha256:${'0'.repeat(64)}`;
    const view = planView('p', [planned(), approved(ANN, { plan_hash })], 1);
    expect(view).toMatchObject({ state: 'awaiting_approval', approvals: [] });
    expect(stateAfter(1, approved(ANN), rejected(BOB, { plan_hash }))).toBe('approved');
  });

  it('counts one person once', () => {
    expect(stateAfter(2, approved(ANN), approved(ANN))).toBe('awaiting_approval');
    expect(stateAfter(2, approved(ANN), approved(BOB))).toBe('approved');
  });

  it('takes equal names of different clusters for different people, and of one under two names for one', () => {
    const elsewhere: Actor = { ...ANN, cluster_uid: 'c-2' };
    const renamed: Actor = { ...ANN, cluster: 'production' };
    expect(stateAfter(2, approved(ANN), approved(elsewhere))).toBe('approved');
    expect(stateAfter(2, approved(ANN), approved(renamed))).toBe('awaiting_approval');
  });

  it('counts nobody of this machine where several are asked for', () => {
    const other: Actor = { ...ROOT, name: 'eve' };
    expect(stateAfter(2, approved(ROOT), approved(other))).toBe('awaiting_approval');
    expect(stateAfter(2, approved(ROOT), approved(ANN))).toBe('awaiting_approval');
    expect(stateAfter(2, approved(ROOT), approved(ANN), approved(BOB))).toBe('approved');
  });

  it('is approved by the policy on its own', () => {
    expect(stateAfter(2, approved(POLICY))).toBe('approved');
  });

  it('needs nobody where nobody is asked for', () => {
    expect(stateAfter(0)).toBe('approved');
  });

  it('stays rejected, whoever approves it before or after', () => {
    expect(stateAfter(1, approved(ANN), rejected(BOB))).toBe('rejected');
    expect(stateAfter(1, rejected(BOB), approved(ANN))).toBe('rejected');
    expect(stateAfter(1, approved(POLICY), rejected(BOB))).toBe('rejected');
  });

  it('tells the last rejection', () => {
    const said = [rejected(ANN), rejected(BOB, { reason: null })];
    expect(planView('p', [planned(), ...said], 1)?.rejection).toEqual({
      ...{ by: BOB, at: new Date(second(90)), reason: null },
    });
  });
});
