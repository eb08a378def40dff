import { type CleanupHistory } from '../../src/lib/core/cleanup/cleanup-history.ts';
import { hashDiffers, planUnknown } from '../../src/lib/core/cleanup/desk-failures.ts';
import { type PlanScope } from '../../src/lib/core/cleanup/plan-scope.ts';
import { type PlanView } from '../../src/lib/core/cleanup/plan-view.ts';
import { type RunView } from '../../src/lib/core/cleanup/run-view.ts';
import { type Failure } from '../../src/lib/core/serve/failure.ts';
import {
  type AskedBy,
  type CleanupDesk,
  type DeskAnswer,
  type MadePlan,
  type PlanApplication,
  type PlanVerdict,
} from '../../src/lib/ports/cleanup-desk.ts';
import { aPlan, aPlanView, aRun } from './cleanup-view-builders.ts';

const NOTHING: CleanupHistory = { damaged: [], plans: [], runs: [] };
const NOW = new Date('2026-11-30T12:00:00.000Z');

/** What a desk was asked for, and by whom. */
export type DeskQuestion =
  | { readonly kind: 'plan'; readonly request: PlanScope; readonly asked: AskedBy }
  | { readonly kind: 'judge'; readonly request: PlanVerdict; readonly asked: AskedBy }
  | { readonly kind: 'apply'; readonly request: PlanApplication; readonly asked: AskedBy };

/** A desk that keeps its journals in memory, and finds what it is told to. */
export class PlayedDesk implements CleanupDesk {
  kept: CleanupHistory = NOTHING;
  /** By the clock of both sides, which need not be that of the server. */
  now = NOW;
  /** What anything that is asked comes to; null where all is well. */
  fails: Failure | null = null;
  /** What is said of the next plan once. */
  once: Pick<MadePlan, 'notIncluded' | 'warnings'> = { notIncluded: [], warnings: [] };
  /** What a plan is like, by how many there were. */
  makes: (count: number) => PlanView = (count) =>
    aPlanView({
      plan: aPlan({
        plan_id: count.toString(16).padStart(16, '0'),
        expires_at: new Date(NOW.getTime() + 3_600_000).toISOString(),
      }),
    });
  /** What a plan that is carried out comes to at first. */
  begins: Partial<RunView> = { state: 'applying' };
  /** Whatever is asked is answered after this. */
  takes: Promise<unknown> = Promise.resolve();
  readonly questions: DeskQuestion[] = [];
  /** How often the journals were read. */
  reads = 0;

  async history(): Promise<DeskAnswer<CleanupHistory>> {
    this.reads += 1;
    return await this.#answer(this.kept);
  }

  async plan(request: PlanScope, asked: AskedBy): Promise<DeskAnswer<MadePlan>> {
    this.questions.push({ kind: 'plan', request, asked });
    const { plans } = this.kept;
    const view = { ...this.makes(plans.length + 1), plannedBy: asked.by };
    if (this.fails === null) this.kept = { ...this.kept, plans: [...plans, view] };
    return await this.#answer({ view, ...this.once });
  }

  async judge(request: PlanVerdict, asked: AskedBy): Promise<DeskAnswer<PlanView>> {
    this.questions.push({ kind: 'judge', request, asked });
    const view = this.#find(request);
    if ('code' in view) return { state: 'failed', error: view };
    const said = { by: asked.by, at: NOW, reason: request.reason };
    const judged: PlanView =
      request.verdict === 'approve'
        ? { ...view, approvals: [...view.approvals, said], state: 'approved' }
        : { ...view, rejection: said, state: 'rejected' };
    this.kept = {
      ...this.kept,
      plans: this.kept.plans.map((each) => (each.id === view.id ? judged : each)),
    };
    return await this.#answer(judged);
  }

  async apply(request: PlanApplication, asked: AskedBy): Promise<DeskAnswer<RunView>> {
    this.questions.push({ kind: 'apply', request, asked });
    const view = this.#find(request);
    if ('code' in view) return { state: 'failed', error: view };
    const { plan } = view;
    if (request.mode === 'rehearse') {
      return await this.#answer(aRun({ id: 'rehearsal', plan, by: asked.by }));
    }
    const id = `run-${String(this.kept.runs.length + 1)}`;
    const run = aRun({ ...this.begins, id, plan, by: asked.by });
    this.kept = { ...this.kept, runs: [...this.kept.runs, run] };
    return await this.#answer(run);
  }

  #find({ planId, planHash }: Pick<PlanVerdict, 'planId' | 'planHash'>): PlanView | Failure {
    if (this.fails !== null) return this.fails;
    const view = this.kept.plans.find(({ id }) => id === planId);
    if (view === undefined) return planUnknown(planId);
    const { plan_hash: kept } = view.plan;
    return kept === planHash ? view : hashDiffers(planId, kept, planHash);
  }

  async #answer<T>(value: T): Promise<DeskAnswer<T>> {
    await this.takes;
    return this.fails === null
      ? { state: 'done', value, at: this.now }
      : { state: 'failed', error: this.fails };
  }
}
