import { describe, expect, it } from 'vitest';
import { auditLines, cleanupAudit } from '../../../src/lib/core/cleanup/audit.ts';
import { type AuditRecord } from '../../../src/lib/core/cleanup/audit-schema.ts';
import { type JournalEntry } from '../../../src/lib/core/cleanup/journal-schema.ts';
import {
  aCleanupPlan,
  ANN,
  aPlanStep,
  approved,
  begun,
  begunRollback,
  intent,
  moved,
  outcome,
  planned,
  rejected,
  ROOT,
  RUN,
  second,
} from '../../support/cleanup-journals.ts';
import { expectGolden } from '../../support/golden.ts';
import { publishedSchema } from '../../support/json-schema.ts';

const NOW = new Date('2026-11-23T00:00:00.000Z');
const PLAN_ID = aCleanupPlan().plan_id;

interface Journal {
  readonly id: string;
  readonly path: string;
  readonly entries: readonly JournalEntry[];
  readonly damage: string | null;
}

function journal(id: string, entries: readonly JournalEntry[], damage?: string): Journal {
  return { id, path: `/state/${id}.jsonl`, entries, damage: damage ?? null };
}

const ROLLBACK = [
  begunRollback('run-2', 'run-1', aPlanStep('s02', 2, { undo: null })),
  outcome('s02'),
  moved('rolled_back', 700),
];
const ALL = {
  plans: [
    journal(PLAN_ID, [planned(), approved(ANN)]),
    journal('bad0', [], 'line 1 is not what was written'),
  ],
  runs: [journal('run-1', RUN), journal('run-2', ROLLBACK)],
};

function lines(records: readonly AuditRecord[]): string[] {
  return [...auditLines(records, NOW)];
}

function only<R extends AuditRecord['record']>(
  record: R,
  records: readonly AuditRecord[],
): Extract<AuditRecord, { record: R }>[] {
  return records.filter(
    (each): each is Extract<AuditRecord, { record: R }> => each.record === record,
  );
}

describe('an audit', () => {
  it('looks as it always has', () => {
    expectGolden(lines(cleanupAudit(ALL, 1)).join(''), 'cleanup', 'audit.jsonl');
  });

  it('is what the published schema says, line by line', () => {
    const validate = publishedSchema('cleanup-audit');
    const twice = { ...ALL, plans: [journal('p', [planned(), approved(ROOT), rejected(ANN)])] };
    for (const journals of [ALL, twice, { plans: [], runs: [] }]) {
      for (const line of lines(cleanupAudit(journals, 2))) {
        expect(validate(JSON.parse(line)) || validate.errors).toBe(true);
      }
    }
    expect(validate({ record: 'step' })).toBe(false);
  });

  it('can do nothing to a terminal, and says how many records there are', () => {
    const all = lines(cleanupAudit(ALL, 1));
    expect(all.join('')).not.toMatch(/\u202e|\u001b/);
    expect(JSON.parse(all.at(-1) ?? '')).toEqual({ record: 'end', records: all.length - 2 });
  });

  it('says of every step who did it, on whose word, why, and what became of it', () => {
    const [step] = only('step', cleanupAudit(ALL, 1));
    expect(step).toMatchObject({
      ...{ run_id: 'run-1', plan_id: PLAN_ID, step: 's01', finding: 'f00d' },
      ...{ rule: 'dataset-unclaimed', by: ROOT, approved_by: [ANN], state: 'done' },
      ...{ at: second(151), detail: 'the share is done', attempts: 1 },
      change: { type: 'set-enabled', kind: 'nfs-share', id: 1, enabled: false },
      why: 'no PersistentVolume in any registered cluster refers to this dataset',
    });
  });

  it('says of a rollback what it undid and why that had been done', () => {
    const records = cleanupAudit(ALL, 1);
    expect(
      only('run', records).map(({ state, undoes, plan_id }) => [state, undoes, plan_id]),
    ).toEqual([
      ['done', null, PLAN_ID],
      ['rolled_back', 'run-1', PLAN_ID],
    ]);
    expect(only('step', records).map(({ run_id, state }) => [run_id, state])).toEqual([
      ['run-1', 'done'],
      ['run-1', 'rolled_back'],
      ['run-2', 'done'],
    ]);
    expect(only('step', records).at(-1)?.rule).toBe('dataset-unclaimed');
  });

  it('tells nothing of what a rollback makes again: that was saved from the object', () => {
    const again = aPlanStep('s01', 1, {
      change: {
        ...{ type: 'create-resource', kind: 'persistentvolume', namespace: null, name: 'a' },
        manifest: { spec: { note: 'saved-in-the-journal' } },
      },
    });
    const runs = [journal('run-2', [begunRollback('run-2', 'run-1', again)])];
    const records = cleanupAudit({ plans: [], runs }, 1);
    expect(only('step', records)[0]?.change.type).toBe('create-resource');
    expect(lines(records).join('')).not.toContain('saved-in-the-journal');
  });

  it('says of a rollback that stands alone what it can', () => {
    const records = cleanupAudit({ plans: [], runs: [journal('run-2', ROLLBACK)] }, 1);
    expect(only('run', records)[0]).toMatchObject({ undoes: 'run-1', plan_id: null });
    expect(only('step', records)[0]).toMatchObject({ finding: 'f00d', rule: null, why: null });
  });

  it('tells what was announced from what was not begun', () => {
    const runs = [journal('run-1', [begun(), moved('applying'), intent('s01')])];
    const steps = only('step', cleanupAudit({ plans: [], runs }, 1));
    expect(steps.map(({ state, at }) => [state, at])).toEqual([
      ['pending', second(141)],
      ['not_begun', null],
    ]);
  });

  it('says of every plan who approved or rejected it and which runs carried it out', () => {
    const [plan] = only('plan', cleanupAudit(ALL, 1));
    expect(plan).toMatchObject({ state: 'approved', by: ROOT, runs: ['run-1'], rejection: null });
    expect(plan?.approvals).toEqual([{ by: ANN, at: second(60), reason: null }]);
    const said = [planned(), rejected(ANN)];
    const [other] = only('plan', cleanupAudit({ plans: [journal('p', said)], runs: [] }, 1));
    expect(other).toMatchObject({ state: 'rejected', rejection: { reason: 'still needed' } });
  });

  it('tells what a damaged journal held before its damage, and the damage', () => {
    const damage = 'line 4 is not what was written';
    const runs = [journal('run-1', RUN.slice(0, 3), damage)];
    const records = cleanupAudit({ plans: [], runs }, 1);
    expect(only('run', records)[0]).toMatchObject({ run_id: 'run-1', damage });
    expect(only('damaged', records)).toEqual([
      {
        ...{ record: 'damaged', journal: 'run', id: 'run-1', path: '/state/run-1.jsonl' },
        ...{ damage, entries: 3 },
      },
    ]);
  });
});
