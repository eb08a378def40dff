import { type Actor, type EntryOf, type JournalEntry, type Saved } from './journal-schema.ts';
import { type LifecycleState, type StepState } from './lifecycle.ts';
import { type CleanupPlan, type PlanStep } from './plan-schema.ts';

/** One step of a run, as far as its journal tells. */
export interface StepView {
  readonly step: PlanStep;
  /** Null before anything was decided. */
  readonly state: StepState | null;
  readonly detail: string | null;
  readonly at: Date | null;
  /** It was announced and nothing was heard of it since: what became of it has to be looked at. */
  readonly pending: boolean;
  readonly attempts: number;
  /** What was there before, of the last attempt. */
  readonly saved: readonly Saved[];
  readonly observed: EntryOf<'outcome'>['observed'];
}

/** A run as its journal tells it. */
export interface RunView {
  readonly id: string;
  readonly kind: 'apply' | 'rollback';
  /** Of a rollback: the run it undoes. */
  readonly undoes: string | null;
  /** Null of a rollback. */
  readonly plan: CleanupPlan | null;
  readonly by: Actor;
  readonly approvedBy: readonly Actor[];
  readonly begunAt: Date;
  /** When its last entry was written. */
  readonly lastAt: Date;
  readonly state: LifecycleState;
  readonly reason: string | null;
  readonly steps: readonly StepView[];
  /** What a rollback cannot bring back. */
  readonly lost: readonly { readonly step: string; readonly reason: string }[];
  readonly clusters: CleanupPlan['clusters'];
  readonly systems: CleanupPlan['systems'];
}

interface Draft {
  state: StepState | null;
  detail: string | null;
  at: Date | null;
  pending: boolean;
  attempts: number;
  saved: readonly Saved[];
  observed: EntryOf<'outcome'>['observed'];
}

const EMPTY: Draft = {
  state: null,
  detail: null,
  at: null,
  pending: false,
  attempts: 0,
  saved: [],
  observed: [],
};

function note(draft: Draft, entry: EntryOf<'intent'> | EntryOf<'outcome'>): Draft {
  const at = new Date(entry.at);
  if (entry.type === 'intent') {
    return { ...draft, at, pending: true, attempts: entry.attempt, saved: entry.saved };
  }
  const { state, detail, observed } = entry;
  return { ...draft, at, pending: false, state, detail, observed };
}

type Work = EntryOf<'begun'>['work'];

/** What a run is there for, in the same words whichever kind it is. */
function workView(
  work: Work,
): Pick<RunView, 'kind' | 'undoes' | 'plan' | 'lost' | 'clusters' | 'systems'> {
  const { kind } = work;
  if (kind === 'apply') {
    const { plan } = work;
    const { clusters, systems } = plan;
    return { kind, undoes: null, plan, lost: [], clusters, systems };
  }
  const { run_id: undoes, lost, clusters, systems } = work;
  return { kind, undoes, plan: null, lost, clusters, systems };
}

function stepsOf(work: Work, entries: readonly JournalEntry[]): readonly StepView[] {
  const drafts = new Map<string, Draft>();
  for (const entry of entries) {
    if (entry.type !== 'intent' && entry.type !== 'outcome') continue;
    drafts.set(entry.step, note(drafts.get(entry.step) ?? EMPTY, entry));
  }
  const steps = work.kind === 'apply' ? work.plan.steps : work.steps;
  return steps.map((step) => ({ step, ...(drafts.get(step.id) ?? EMPTY) }));
}

/** Before its first move a run is where its kind begins. */
function stateOf(
  { kind }: Work,
  entries: readonly JournalEntry[],
): Pick<RunView, 'state' | 'reason'> {
  const moved = entries.findLast((entry) => entry.type === 'state');
  if (moved !== undefined) return { state: moved.state, reason: moved.reason };
  return { state: kind === 'apply' ? 'approved' : 'rolling_back', reason: null };
}

/** Folds the journal of a run; undefined where it does not begin as one. */
export function runView(entries: readonly JournalEntry[]): RunView | undefined {
  const [begun] = entries;
  if (begun?.type !== 'begun') return undefined;
  const { work } = begun;
  return {
    id: begun.run_id,
    ...workView(work),
    by: begun.by,
    approvedBy: begun.approved_by,
    begunAt: new Date(begun.at),
    lastAt: new Date((entries.at(-1) ?? begun).at),
    ...stateOf(work, entries),
    steps: stepsOf(work, entries),
  };
}

/** The runs with what later rollbacks made of their steps: `rolled_back`, and the run itself where nothing is left of it. */
export function withRollbacks(runs: readonly RunView[]): readonly RunView[] {
  return runs.map((run) => {
    const undone = new Set(
      runs
        .filter(({ undoes }) => undoes === run.id)
        .flatMap(({ steps }) => steps.filter(({ state }) => state === 'done'))
        .map(({ step }) => step.id),
    );
    if (undone.size === 0) return run;
    const steps = run.steps.map((each) =>
      each.state === 'done' && undone.has(each.step.id)
        ? { ...each, state: 'rolled_back' as const }
        : each,
    );
    const left = steps.some(({ state, pending }) => state === 'done' || pending);
    return { ...run, steps, state: left ? run.state : 'rolled_back' };
  });
}
