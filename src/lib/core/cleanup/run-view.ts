import { type Actor, type EntryOf, type JournalEntry, type Saved } from './journal-schema.ts';
import { type LifecycleState, type StepState } from './lifecycle.ts';
import { type CleanupPlan, type PlanStep } from './plan-schema.ts';

/** The detail of a step of which there is nothing more to tell than its state. */
export const READ_BACK = 'done, and read back';

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
  /** What was announced last was to take it back. */
  readonly undoing: boolean;
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
  undoing: boolean;
  saved: readonly Saved[];
  observed: EntryOf<'outcome'>['observed'];
}

const EMPTY: Draft = {
  state: null,
  detail: null,
  at: null,
  pending: false,
  attempts: 0,
  undoing: false,
  saved: [],
  observed: [],
};

function note(draft: Draft, entry: EntryOf<'intent'> | EntryOf<'outcome'>): Draft {
  const at = new Date(entry.at);
  if (entry.type === 'intent') {
    const { attempt: attempts, undo: undoing } = entry;
    // What was there before anything was done is what an undo goes back to.
    const saved = undoing ? draft.saved : entry.saved;
    return { ...draft, at, pending: true, attempts, undoing, saved };
  }
  const { state, detail, observed } = entry;
  return { ...draft, at, pending: false, state, detail, observed };
}

interface Fold {
  readonly state: LifecycleState;
  readonly reason: string | null;
  readonly drafts: ReadonlyMap<string, Draft>;
}

function foldEntries(entries: readonly JournalEntry[], initial: LifecycleState): Fold {
  const drafts = new Map<string, Draft>();
  let state = initial;
  let reason: string | null = null;
  for (const entry of entries) {
    if (entry.type === 'state') ({ state, reason } = entry);
    else if (entry.type === 'intent' || entry.type === 'outcome') {
      drafts.set(entry.step, note(drafts.get(entry.step) ?? EMPTY, entry));
    }
  }
  return { state, reason, drafts };
}

/** What is carried out, and on whom. */
function workOf({
  work,
}: EntryOf<'begun'>): Pick<
  RunView,
  'kind' | 'undoes' | 'plan' | 'lost' | 'clusters' | 'systems'
> & { readonly planned: readonly PlanStep[] } {
  if (work.kind === 'apply') {
    const { plan } = work;
    const { clusters, systems, steps: planned } = plan;
    return { kind: 'apply', undoes: null, plan, lost: [], clusters, systems, planned };
  }
  const { run_id: undoes, lost, clusters, systems, steps: planned } = work;
  return { kind: 'rollback', undoes, plan: null, lost, clusters, systems, planned };
}

/** Folds the journal of a run; undefined where it does not begin as one. */
export function runView(entries: readonly JournalEntry[]): RunView | undefined {
  const [begun] = entries;
  if (begun?.type !== 'begun') return undefined;
  const { planned, ...work } = workOf(begun);
  const { state, reason, drafts } = foldEntries(
    entries,
    work.kind === 'apply' ? 'approved' : 'rolling_back',
  );
  return {
    ...work,
    id: begun.run_id,
    by: begun.by,
    approvedBy: begun.approved_by,
    begunAt: new Date(begun.at),
    lastAt: new Date((entries.at(-1) ?? begun).at),
    state,
    reason,
    steps: planned.map((step) => ({ step, ...(drafts.get(step.id) ?? EMPTY) })),
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
