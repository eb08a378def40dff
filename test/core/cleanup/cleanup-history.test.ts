import { describe, expect, test } from 'vitest';
import { cleanupHistory } from '../../../src/lib/core/cleanup/cleanup-history.ts';
import { type JournalEntry } from '../../../src/lib/core/cleanup/journal-schema.ts';
import { ann, aPlan, ben } from '../../support/cleanup-view-builders.ts';

const plan = aPlan();
const at = plan.created_at;
const planned: JournalEntry = { type: 'planned', at, plan, by: ann };
const approved: JournalEntry = {
  ...{ type: 'approved', at, plan_hash: plan.plan_hash, by: ben, reason: null },
};
const begun: JournalEntry = {
  ...{ type: 'begun', at, run_id: 'run1', tool_version: '1.2.3', by: ann, approved_by: [ben] },
  work: { kind: 'apply', plan },
};
const journal = (id: string, entries: readonly JournalEntry[], damage: string | null = null) => ({
  ...{ id, path: `/state/${id}.jsonl`, entries, damage },
});

describe('what the journals tell together', () => {
  test('is plans with their approvals, and runs', () => {
    const history = cleanupHistory(
      [journal('plan1', [planned, approved])],
      [journal('run1', [begun])],
      1,
    );
    expect(history.damaged).toEqual([]);
    expect(history.plans.map(({ id, state }) => [id, state])).toEqual([['plan1', 'approved']]);
    expect(history.runs.map(({ id }) => id)).toEqual(['run1']);
  });

  test('leaves out what is damaged, or begins as something else, and says so', () => {
    const history = cleanupHistory(
      [journal('plan1', [planned], 'line 2 is not what was written'), journal('plan2', [begun])],
      [journal('run1', [planned]), journal('run2', [])],
      1,
    );
    expect(history).toMatchObject({ plans: [], runs: [] });
    expect(history.damaged.map(({ kind, id, reason }) => [kind, id, reason])).toEqual([
      ['plan', 'plan1', 'line 2 is not what was written'],
      ['plan', 'plan2', 'it does not begin as a journal does'],
      ['run', 'run1', 'it does not begin as a journal does'],
      ['run', 'run2', 'it does not begin as a journal does'],
    ]);
  });

  test('is nothing where there is nothing', () => {
    expect(cleanupHistory([], [], 1)).toEqual({ damaged: [], plans: [], runs: [] });
  });
});
