import { type NotIncluded } from '../../core/cleanup/not-included.ts';
import { type CleanupPlan, type PlanItem, type PlanStep } from '../../core/cleanup/plan-schema.ts';
import { type PlanView } from '../../core/cleanup/plan-view.ts';
import { type StepView } from '../../core/cleanup/run-view.ts';
import { type Report } from '../../core/model/report.ts';

export interface Planned {
  readonly view: PlanView;
  readonly report: Report;
  /** Snapshots that were named and are not in the plan. */
  readonly notIncluded: readonly NotIncluded[];
}

export interface JudgeRequest {
  readonly plan: CleanupPlan;
  readonly verdict: 'approve' | 'reject';
  readonly reason: string | null;
}

/** `rehearse` proves and reads everything and changes nothing. */
export type RunMode = 'rehearse' | 'execute';

/** What somebody says of an item. `stop`: nothing of it and of those after it, for now; the run can be gone on with. */
export type Wanted = 'yes' | 'no' | 'stop';

/** Hears of a run while it goes on. */
export interface RunObserver {
  step(view: StepView): void;
  note(line: string): void;
  /** Asked once for each item, before its first step. */
  confirm(item: PlanItem, steps: readonly PlanStep[]): Promise<Wanted>;
}

export interface ApplyRequest {
  readonly plan: CleanupPlan;
  readonly mode: RunMode;
  readonly observer: RunObserver;
}

export interface RollbackRequest {
  readonly runId: string;
  readonly mode: RunMode;
  readonly observer: RunObserver;
}
