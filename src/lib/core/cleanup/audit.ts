import { SCHEMA_VERSION } from '../model/report.ts';
import { escapeInJson } from '../render/text/safe.ts';
import { type AuditLine, type AuditOf, type AuditRecord } from './audit-schema.ts';
import { type JournalEntry } from './journal-schema.ts';
import { type JournalKind } from './journal-lines.ts';
import { planId } from './plan-hash.ts';
import { type CleanupPlan, type PlanItem, type PlanStep } from './plan-schema.ts';
import { type Approval, type PlanView, planView } from './plan-view.ts';
import { type RunView, runView, type StepView, withRollbacks } from './run-view.ts';
import { toldChange } from './without-saved.ts';

/** A journal as it was read. */
interface JournalRead {
  readonly id: string;
  readonly path: string;
  readonly entries: readonly JournalEntry[];
  readonly damage: string | null;
}

interface Journals {
  readonly plans: readonly JournalRead[];
  readonly runs: readonly JournalRead[];
}

/**
 * All journals as an audit reads them: plans, runs, their steps, and what is damaged, each oldest first. What a damaged journal
 * tells before its damage is told, and the damage with it. What objects were before a change stays in the journal.
 *
 * @param needed approvals that the configuration asks for
 * @param approvesAlone whether the configuration approves of a plan by itself
 */
export function cleanupAudit(
  journals: Journals,
  needed: number,
  approvesAlone?: (plan: CleanupPlan) => boolean,
): readonly AuditRecord[] {
  const views = withRollbacks(
    journals.runs.map(({ entries }) => runView(entries)).filter((view) => view !== undefined),
  );
  const runs = views.map((run) => ({ run, plan: planBehind(run, views) }));
  return [
    ...journals.plans.flatMap(({ id, entries, damage }) => {
      const view = planView(id, entries, needed, approvesAlone);
      return view === undefined ? [] : [toPlan(view, views, damage)];
    }),
    ...runs.map(({ run, plan }) => toRun(run, plan, damageOf(run, journals.runs))),
    ...runs.flatMap(({ run, plan }) => run.steps.map((step) => toStep(step, run, plan))),
    ...damagedOf('plan', journals.plans),
    ...damagedOf('run', journals.runs),
  ];
}

/** Its own plan; of a rollback that of the run it undoes, where that is still to be read. */
function planBehind(run: RunView, runs: readonly RunView[]): CleanupPlan | null {
  return run.plan ?? runs.find(({ id }) => id === run.undoes)?.plan ?? null;
}

function damageOf({ id }: RunView, journals: readonly JournalRead[]): string | null {
  return journals.find((journal) => journal.id === id)?.damage ?? null;
}

function damagedOf(journal: JournalKind, journals: readonly JournalRead[]): AuditOf<'damaged'>[] {
  return journals.flatMap(({ id, path, entries, damage }) =>
    damage === null
      ? []
      : [{ record: 'damaged', journal, id, path, damage, entries: entries.length }],
  );
}

function iso(instant: string): string {
  return new Date(instant).toISOString();
}

function toVerdict({ by, at, reason }: Approval): AuditOf<'plan'>['approvals'][number] {
  return { by, at: at.toISOString(), reason };
}

function toItem(item: PlanItem): AuditOf<'plan'>['items'][number] {
  const { id, rule, intent, subject, reason, bytes } = item;
  return { id, rule, intent, subject, reason, bytes };
}

function toPlan(view: PlanView, runs: readonly RunView[], damage: string | null): AuditOf<'plan'> {
  const { plan, plannedBy, approvals, rejection } = view;
  const carriedOut = runs.filter((run) => run.plan?.plan_hash === plan.plan_hash);
  return {
    record: 'plan',
    plan_id: view.id,
    plan_hash: plan.plan_hash,
    at: iso(plan.created_at),
    by: plannedBy,
    expires_at: iso(plan.expires_at),
    state: view.state,
    approvals: approvals.map(toVerdict),
    rejection: rejection && toVerdict(rejection),
    clusters: plan.clusters,
    systems: plan.systems,
    items: plan.items.map(toItem),
    steps: plan.steps.length,
    runs: carriedOut.map(({ id }) => id),
    damage,
  };
}

function toRun(run: RunView, plan: CleanupPlan | null, damage: string | null): AuditOf<'run'> {
  return {
    record: 'run',
    run_id: run.id,
    work: run.kind,
    undoes: run.undoes,
    plan_id: plan && planId(plan),
    at: run.begunAt.toISOString(),
    last_at: run.lastAt.toISOString(),
    by: run.by,
    approved_by: [...run.approvedBy],
    state: run.state,
    reason: run.reason,
    clusters: run.clusters,
    systems: run.systems,
    lost: [...run.lost],
    damage,
  };
}

/** The finding that a step is there for; of a plan that cannot be read any more only its id. */
function groundsOf(
  { item }: PlanStep,
  plan: CleanupPlan | null,
): Pick<AuditOf<'step'>, 'finding' | 'rule' | 'why'> {
  const found = plan?.items.find(({ id }) => id === item);
  return { finding: item, rule: found?.rule ?? null, why: found?.reason ?? null };
}

function toStep(view: StepView, run: RunView, plan: CleanupPlan | null): AuditOf<'step'> {
  const { step } = view;
  return {
    record: 'step',
    run_id: run.id,
    plan_id: plan && planId(plan),
    step: step.id,
    title: step.title,
    subject: step.subject,
    target: step.target,
    change: toldChange(step.change, run),
    ...groundsOf(step, plan),
    by: run.by,
    approved_by: [...run.approvedBy],
    at: view.at?.toISOString() ?? null,
    // An attempt that nothing was heard of outweighs what became of the one before.
    state: view.pending ? 'pending' : (view.state ?? 'not_begun'),
    detail: view.detail,
    attempts: view.attempts,
    bytes: step.bytes,
  };
}

/** Records as JSON Lines: a header, one record a line, and how many there were. */
export function* auditLines(records: readonly AuditRecord[], now: Date): Generator<string> {
  yield lineOf({
    schema_version: SCHEMA_VERSION,
    kind: 'CleanupAudit',
    exported_at: now.toISOString(),
  });
  for (const record of records) yield lineOf(record);
  yield lineOf({ record: 'end', records: records.length });
}

function lineOf(line: AuditLine): string {
  return `${escapeInJson(JSON.stringify(line))}\n`;
}
