import { describe, expect, it } from 'vitest';
import { type JournalEntry } from '../../../src/lib/core/cleanup/journal-schema.ts';
import {
  LIFECYCLE_STATES,
  type LifecycleState,
  mayMove,
} from '../../../src/lib/core/cleanup/lifecycle.ts';
import { type RunView, runView, withRollbacks } from '../../../src/lib/core/cleanup/run-view.ts';
import {
  aCleanupPlan,
  ANN,
  aPlanStep,
  begun,
  begunRollback,
  intent,
  moved,
  outcome,
  planned,
  ROOT,
  RUN,
  second,
} from '../../support/cleanup-journals.ts';

function viewOf(...entries: readonly JournalEntry[]): RunView {
  const view = runView(entries);
  if (view === undefined) throw new Error('it is no run');
  return view;
}

describe('a run', () => {
  it('is none where its journal does not begin with it', () => {
    expect(runView([])).toBeUndefined();
    expect(runView([planned()])).toBeUndefined();
    expect(runView([moved('applying'), begun()])).toBeUndefined();
  });

  it('has done nothing where it has only begun', () => {
    const plan = aCleanupPlan();
    const nothing = {
      ...{ state: null, detail: null, at: null, pending: false, attempts: 0, undoing: false },
      ...{ saved: [], observed: [] },
    };
    expect(viewOf(begun())).toEqual({
      ...{ id: 'run-1', kind: 'apply', undoes: null, plan, by: ROOT, approvedBy: [ANN] },
      ...{ begunAt: new Date(second(120)), lastAt: new Date(second(120)) },
      ...{ state: 'approved', reason: null, lost: [] },
      ...{ clusters: plan.clusters, systems: plan.systems },
      steps: plan.steps.map((step) => ({ step, ...nothing })),
    });
  });

  it('is where its last move has led it, and tells why', () => {
    expect(viewOf(begun(), moved('applying'), moved('verifying')).state).toBe('verifying');
    const failed = viewOf(begun(), moved('applying'), moved('failed', 300));
    expect(failed).toMatchObject({ state: 'failed', reason: 'why' });
    expect(failed.lastAt).toEqual(new Date(second(300)));
    const resumed = viewOf(begun(), moved('failed'), moved('applying'));
    expect(resumed).toMatchObject({ state: 'applying', reason: null });
  });

  it('has a step pending from its announcement until something is heard of it', () => {
    const [first, other] = viewOf(begun(), intent('s01')).steps;
    expect(first).toMatchObject({ state: null, pending: true, attempts: 1 });
    expect(first?.saved).toHaveLength(1);
    expect(other).toMatchObject({ state: null, pending: false, attempts: 0 });

    const [done] = viewOf(begun(), intent('s01'), outcome('s01')).steps;
    expect(done).toMatchObject({ state: 'done', pending: false, detail: 'the share is done' });
    expect(done?.at).toEqual(new Date(second(151)));
    expect(done?.saved).toHaveLength(1);
    expect(done?.observed).toHaveLength(1);
  });

  it('has a step pending again that is tried again', () => {
    const again = [intent('s01'), outcome('s01', 'unknown'), intent('s01', 2)];
    const [step] = viewOf(begun(), ...again).steps;
    expect(step).toMatchObject({ state: 'unknown', pending: true, attempts: 2 });
    const [last] = viewOf(begun(), ...again, outcome('s01', 'failed')).steps;
    expect(last).toMatchObject({ state: 'failed', pending: false, attempts: 2 });
  });

  it('knows the outcome of a step that was skipped without being announced', () => {
    const [step] = viewOf(begun(), outcome('s01', 'skipped')).steps;
    expect(step).toMatchObject({ state: 'skipped', pending: false, attempts: 0, saved: [] });
  });

  it('passes over a step that is not in its plan', () => {
    expect(viewOf(begun(), intent('s09')).steps.map(({ pending }) => pending)).toEqual([
      false,
      false,
    ]);
  });

  it('that undoes another names it, and what does not come back', () => {
    const view = viewOf(begunRollback('run-2', 'run-1', aPlanStep('s02', 2)));
    expect(view).toMatchObject({ kind: 'rollback', undoes: 'run-1', plan: null });
    expect(view.state).toBe('rolling_back');
    expect(view.steps.map(({ step }) => step.id)).toEqual(['s02']);
    expect(view.lost).toEqual([{ step: 's09', reason: 'what was destroyed does not come back' }]);
    expect(view.clusters).toEqual([{ name: 'prod', uid: 'c-1' }]);
    expect(view.systems).toHaveLength(1);
  });
});

describe('runs with what was rolled back of them', () => {
  const run = viewOf(...RUN);
  const states = (view: RunView | undefined): (string | null)[] => [
    view?.state ?? null,
    ...(view?.steps ?? []).map(({ state }) => state),
  ];
  const undo = (...entries: readonly JournalEntry[]): RunView => {
    const steps = [aPlanStep('s02', 2), aPlanStep('s01', 1)];
    return viewOf(begunRollback('run-2', 'run-1', ...steps), ...entries);
  };

  it('are as they were where nothing was', () => {
    expect(withRollbacks([run])).toEqual([run]);
    expect(withRollbacks([run, undo()])[0]).toEqual(run);
    const others = viewOf(begunRollback('run-3', 'run-0', aPlanStep('s01', 1)), outcome('s01'));
    expect(withRollbacks([run, others])[0]).toEqual(run);
  });

  it('are rolled back step by step, and wholly once nothing is left', () => {
    const [half] = withRollbacks([run, undo(outcome('s02'))]);
    expect(states(half)).toEqual(['done', 'done', 'rolled_back']);
    const [whole] = withRollbacks([run, undo(outcome('s02'), outcome('s01'))]);
    expect(states(whole)).toEqual(['rolled_back', 'rolled_back', 'rolled_back']);
  });

  it('are rolled back by several rollbacks together', () => {
    const first = viewOf(begunRollback('run-2', 'run-1', aPlanStep('s02', 2)), outcome('s02'));
    const next = viewOf(begunRollback('run-3', 'run-1', aPlanStep('s01', 1)), outcome('s01'));
    const [view] = withRollbacks([run, first, next]);
    expect(states(view)).toEqual(['rolled_back', 'rolled_back', 'rolled_back']);
  });

  it('are not rolled back by a step that failed or that nobody knows of', () => {
    for (const state of ['failed', 'unknown', 'skipped'] as const) {
      const [view] = withRollbacks([run, undo(outcome('s02', state))]);
      expect(states(view)).toEqual(['done', 'done', 'done']);
    }
  });

  it('are not wholly rolled back while a step of theirs is pending', () => {
    const stopped = viewOf(
      begun(),
      moved('applying'),
      intent('s01'),
      outcome('s01'),
      intent('s02'),
    );
    const [view] = withRollbacks([stopped, undo(outcome('s01'))]);
    expect(states(view)).toEqual(['applying', 'rolled_back', null]);
  });
});

describe('the life of a run', () => {
  const reachable = (from: LifecycleState): Set<LifecycleState> => {
    const seen = new Set<LifecycleState>([from]);
    for (const state of seen) {
      for (const next of LIFECYCLE_STATES) if (mayMove(state, next)) seen.add(next);
    }
    return seen;
  };

  it('leads from every beginning to every state', () => {
    expect([...reachable('detected')].toSorted()).toEqual([...LIFECYCLE_STATES].toSorted());
  });

  it.each(['rejected', 'done', 'failed', 'rolled_back'] as const)('ends with %s', (state) => {
    expect([...reachable(state)]).toEqual([state]);
  });

  it('never acts without an approval', () => {
    const before = LIFECYCLE_STATES.filter((state) => mayMove(state, 'applying'));
    expect(before).toEqual(['approved', 'verifying', 'stopped', 'unknown']);
    expect(mayMove('awaiting_approval', 'applying')).toBe(false);
  });

  it('is gone on with where it stopped or nobody knows what became of it, and a rollback alike', () => {
    for (const state of ['stopped', 'unknown'] as const) {
      expect(mayMove(state, 'applying')).toBe(true);
      expect(mayMove(state, 'rolling_back')).toBe(true);
    }
  });
});
