import { describe, expect, it } from 'vitest';
import { type Actor, type JournalEntry } from '../../../src/lib/core/cleanup/journal-schema.ts';
import {
  approvalsThatCount,
  planView,
  whyNotCounted,
} from '../../../src/lib/core/cleanup/plan-view.ts';
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

/** Of a plan for two clusters. */
function stateOfTwo(needed: number, ...people: readonly Actor[]): string | undefined {
  const clusters = [
    { name: 'prod', uid: 'c-1' },
    { name: 'other', uid: 'c-2' },
  ];
  const plan = aCleanupPlan({ clusters });
  const { plan_hash } = plan;
  const said = people.map((by) => approved(by, { plan_hash }));
  return planView('p', [planned(plan), ...said], needed)?.state;
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

  it('counts one person once who is known in two clusters, and in one under two names of it', () => {
    const elsewhere: Actor = { ...ANN, cluster_uid: 'c-2' };
    const renamed: Actor = { ...ANN, cluster: 'production' };
    expect(stateOfTwo(2, ANN, elsewhere)).toBe('awaiting_approval');
    expect(stateAfter(2, approved(ANN), approved(renamed))).toBe('awaiting_approval');
  });

  it('counts several only where one and the same cluster knows them all', () => {
    const annToo: Actor = { ...ANN, name: 'ann', cluster_uid: 'c-2' };
    const carol: Actor = { ...ANN, name: 'carol', cluster_uid: 'c-2' };
    // Nobody can tell whether they are one person.
    expect(stateOfTwo(2, ANN, annToo)).toBe('awaiting_approval');
    expect(stateOfTwo(2, ANN, annToo, carol)).toBe('approved');
    expect(stateOfTwo(3, ANN, BOB, annToo, carol)).toBe('awaiting_approval');
    expect(stateOfTwo(3, ANN, BOB, annToo, { ...ANN, name: 'dave' })).toBe('approved');
  });

  it('counts nobody whom a cluster knows that is none of the plan', () => {
    const mine = { cluster: 'mine', cluster_uid: 'c-9' };
    const others: readonly Actor[] = [
      { ...ANN, ...mine },
      { ...ANN, ...mine, name: 'bob' },
    ];
    expect(stateAfter(2, ...others.map((by) => approved(by)))).toBe('awaiting_approval');
    expect(stateAfter(1, ...others.map((by) => approved(by)))).toBe('awaiting_approval');
    expect(stateAfter(2, approved(ANN), ...others.map((by) => approved(by)))).toBe(
      'awaiting_approval',
    );
  });

  it('says why an approval does not count', () => {
    const foreign: Actor = { ...ANN, name: 'eve', cluster: 'mine', cluster_uid: 'c-9' };
    const said = [ANN, ROOT, foreign, POLICY].map((by) => approved(by));
    const view = planView('p', [planned(), ...said], 2);
    if (view === undefined) throw new Error('a plan');
    expect(approvalsThatCount(view, 2).map(({ by }) => by)).toEqual([ANN]);
    expect(whyNotCounted(view, 2)).toEqual([
      'no cluster vouches for root',
      'eve is known in cluster mine, which is none of the plan',
      'cleanup.auto_approve does not cover the plan any more',
    ]);
  });

  it('counts nobody of this machine where several are asked for', () => {
    const other: Actor = { ...ROOT, name: 'eve' };
    expect(stateAfter(2, approved(ROOT), approved(other))).toBe('awaiting_approval');
    expect(stateAfter(2, approved(ROOT), approved(ANN))).toBe('awaiting_approval');
    expect(stateAfter(2, approved(ROOT), approved(ANN), approved(BOB))).toBe('approved');
  });

  it('counts whoever an issuer knows where one is enough, and nobody of them where several are asked for', () => {
    const anna: Actor = { kind: 'token', name: 'anna', issuer: 'https://one.example' };
    expect(stateAfter(1, approved(anna))).toBe('approved');
    expect(stateAfter(2, approved(anna), approved({ ...anna, name: 'bert' }))).toBe(
      'awaiting_approval',
    );
    const view = planView('p', [planned(), approved(anna), approved(ANN)], 2);
    expect(view && whyNotCounted(view, 2)).toEqual(['no cluster vouches for anna']);
  });

  it('is approved by the policy as it is now, and not by what it said once', () => {
    const alone = (): boolean => true;
    expect(stateAfter(2, approved(POLICY))).toBe('awaiting_approval');
    expect(stateAfter(1, approved(POLICY))).toBe('awaiting_approval');
    expect(planView('p', [planned()], 2, alone)?.state).toBe('approved');
    expect(planView('p', [planned(), rejected(BOB)], 2, alone)?.state).toBe('rejected');
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
