import { type EntryOf } from '../../core/cleanup/journal-schema.ts';
import { type LifecycleState, mayMove } from '../../core/cleanup/lifecycle.ts';
import { runView, type RunView } from '../../core/cleanup/run-view.ts';
import { CleanupStoreError } from '../../core/model/errors.ts';
import { type Clock } from '../../ports/clock.ts';
import { type Journal } from '../../ports/cleanup-store.ts';

type Intent = Pick<EntryOf<'intent'>, 'attempt' | 'undo'> & {
  readonly saved: readonly EntryOf<'intent'>['saved'][number][];
};
type Outcome = Pick<EntryOf<'outcome'>, 'state' | 'detail' | 'observed' | 'found'>;

/** The journal of a run, in its own words. Whatever is announced is on the disk before the call returns. */
export class RunLog {
  readonly #journal: Journal;
  readonly #clock: Clock;

  constructor(journal: Journal, clock: Clock) {
    this.#journal = journal;
    this.#clock = clock;
  }

  view(): RunView {
    const view = runView(this.#journal.entries);
    if (view !== undefined) return view;
    throw new CleanupStoreError(`${this.#journal.path} is no journal of a run`, {
      remediation: ['Move it away after a look at it.'],
    });
  }

  /** Moves the run on, unless it is there already for the same reason. A move that the lifecycle does not know is a mistake of ours. */
  async state(state: LifecycleState, reason: string | null): Promise<void> {
    const { state: now, reason: since } = this.view();
    if (now === state && since === reason) return;
    if (now !== state && !mayMove(now, state))
      throw new Error(`a run cannot go from ${now} to ${state}`);
    await this.#journal.append({ type: 'state', at: this.#at(), state, reason });
  }

  async intent(step: string, { attempt, undo, saved }: Intent): Promise<void> {
    await this.#journal.append({
      type: 'intent',
      at: this.#at(),
      step,
      attempt,
      undo,
      saved: [...saved],
    });
  }

  async outcome(step: string, outcome: Outcome): Promise<void> {
    await this.#journal.append({ type: 'outcome', at: this.#at(), step, ...outcome });
  }

  #at(): string {
    return this.#clock.now().toISOString();
  }
}
