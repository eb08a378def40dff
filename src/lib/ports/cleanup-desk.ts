import { type CleanupHistory } from '../core/cleanup/cleanup-history.ts';
import { type Actor } from '../core/cleanup/journal-schema.ts';
import { type NotIncluded } from '../core/cleanup/not-included.ts';
import { type PlanScope } from '../core/cleanup/plan-scope.ts';
import { type PlanView } from '../core/cleanup/plan-view.ts';
import { type RunView } from '../core/cleanup/run-view.ts';
import { type Failure } from '../core/serve/failure.ts';

/** What came of something that was asked for. What went wrong is told, and never thrown. */
export type DeskAnswer<T> =
  | {
      readonly state: 'done';
      readonly value: T;
      /** When that was so, by the clock of both sides: what a plan holds until goes by it, and that of the demo is not everybody's. */
      readonly at: Date;
    }
  | { readonly state: 'failed'; readonly error: Failure };

/** Who asks, and what that is to be called in the log. Nobody asks without a name that somebody vouches for. */
export interface AskedBy {
  readonly by: Actor;
  readonly correlationId: string;
}

/** A plan that was made, and what is to be said of it once. */
export interface MadePlan {
  readonly view: PlanView;
  /** Snapshots that were named and are not in the plan. */
  readonly notIncluded: readonly NotIncluded[];
  /** What could not be read as it should be, for people. */
  readonly warnings: readonly string[];
}

/** What somebody says of a plan. The hash is the one they read: of another plan of this id they said nothing. */
export interface PlanVerdict {
  readonly planId: string;
  readonly planHash: string;
  readonly verdict: 'approve' | 'reject';
  readonly reason: string | null;
}

/** A plan that is to be carried out, or tried out. */
export interface PlanApplication {
  readonly planId: string;
  readonly planHash: string;
  /** `rehearse` proves and reads everything and changes nothing. */
  readonly mode: 'rehearse' | 'execute';
}

/**
 * Clean-up as it is worked at from afar. It is the same clean-up as that of the commands, with the same journals, locks, limits and
 * proofs; all of it reads both sides anew, and nothing of it trusts a kept scan. While one plan is made or carried out, another is
 * refused with `CLEANUP_BUSY`.
 */
export interface CleanupDesk {
  /** Plans and runs as the journals of this machine have them, oldest first. */
  history(): Promise<DeskAnswer<CleanupHistory>>;
  plan(request: PlanScope, asked: AskedBy): Promise<DeskAnswer<MadePlan>>;
  judge(verdict: PlanVerdict, asked: AskedBy): Promise<DeskAnswer<PlanView>>;
  /** Answers once the run has begun, and goes on with it; its journal tells how far it has come. A rehearsal is answered when it is over. */
  apply(application: PlanApplication, asked: AskedBy): Promise<DeskAnswer<RunView>>;
}
