import { type CleanupHistory } from '../../cleanup/cleanup-history.ts';
import { planId } from '../../cleanup/plan-hash.ts';
import { type Approval, type PlanView } from '../../cleanup/plan-view.ts';
import { type RunView, type StepView } from '../../cleanup/run-view.ts';
import { toldChange } from '../../cleanup/without-saved.ts';
import { SCHEMA_VERSION } from '../../model/report.ts';
import { type CleanupHistoryWire, type RunWire } from './cleanup-schema.ts';

function stepToWire(view: StepView, run: RunView): RunWire['steps'][number] {
  const { step, state, detail, at, attempts, pending } = view;
  const { id, item, title, target, subject, undo, reversible_until, bytes } = step;
  const change = toldChange(step.change, run);
  return {
    ...{ id, item, title, target, subject, change, undo, reversible_until, bytes },
    state: state ?? 'not_begun',
    detail,
    at: at?.toISOString() ?? null,
    attempts,
    pending,
  };
}

function summaryOf({ steps }: RunView): RunWire['summary'] {
  const settled = steps.filter(({ pending }) => !pending);
  const count = (state: StepView['state']): number =>
    settled.filter((each) => each.state === state).length;
  const freed = settled.filter(({ state }) => state === 'done');
  return {
    steps: steps.length,
    done: count('done'),
    skipped: count('skipped'),
    failed: count('failed'),
    unknown: count('unknown'),
    rolled_back: count('rolled_back'),
    not_begun: count(null),
    pending: steps.length - settled.length,
    freed_bytes: freed.reduce((sum, { step }) => sum + step.bytes, 0),
  };
}

/** Everything that is said of a run but its steps. */
export function runFacts(
  run: RunView,
  rehearsal: boolean,
): Omit<RunWire, 'schema_version' | 'kind' | 'steps' | 'lost'> {
  const { plan } = run;
  return {
    run_id: run.id,
    action: run.kind,
    dry_run: rehearsal,
    undoes: run.undoes,
    plan_id: plan === null ? null : planId(plan),
    plan_hash: plan?.plan_hash ?? null,
    by: run.by,
    approved_by: [...run.approvedBy],
    begun_at: run.begunAt.toISOString(),
    last_at: run.lastAt.toISOString(),
    state: run.state,
    reason: run.reason,
    clusters: run.clusters,
    systems: run.systems,
    summary: summaryOf(run),
  };
}

/** @param rehearsal it is a dry run: the states say what would become of the steps */
export function runToWire(run: RunView, rehearsal: boolean): RunWire {
  return {
    schema_version: SCHEMA_VERSION,
    kind: 'CleanupRun',
    ...runFacts(run, rehearsal),
    steps: run.steps.map((step) => stepToWire(step, run)),
    lost: [...run.lost],
  };
}

function approvalToWire({
  by,
  at,
  reason,
}: Approval): CleanupHistoryWire['plans'][number]['approvals'][number] {
  return { by, at: at.toISOString(), reason };
}

/** Everything that is said of a plan but what it does. */
export function planFacts(view: PlanView): Omit<CleanupHistoryWire['plans'][number], 'items'> {
  const { plan } = view;
  return {
    plan_id: view.id,
    plan_hash: plan.plan_hash,
    created_at: plan.created_at,
    expires_at: plan.expires_at,
    by: view.plannedBy,
    state: view.state,
    approvals: view.approvals.map(approvalToWire),
    rejection: view.rejection === null ? null : approvalToWire(view.rejection),
    clusters: plan.clusters,
    systems: plan.systems,
    summary: plan.summary,
  };
}

function planToWire(view: PlanView): CleanupHistoryWire['plans'][number] {
  return { ...planFacts(view), items: view.plan.items };
}

/** What objects were before a change stays in the journal: a manifest can hold what an audit is not to hand around. */
export function cleanupHistoryToWire(history: CleanupHistory, now: Date): CleanupHistoryWire {
  return {
    schema_version: SCHEMA_VERSION,
    kind: 'CleanupHistory',
    timestamp: now.toISOString(),
    damaged: history.damaged.map((each) => ({ ...each })),
    plans: history.plans.map(planToWire),
    runs: history.runs.map((run) => runToWire(run, false)),
  };
}
