import { type JournalEntry } from './journal-schema.ts';
import { type CleanupPlan } from './plan-schema.ts';
import { type PlanView, planView } from './plan-view.ts';
import { type RunView, runView, withRollbacks } from './run-view.ts';

/** A journal that is not to be believed. While there is one nothing is cleaned up, since what it held may matter. */
export interface DamagedJournal {
  readonly kind: 'plan' | 'run';
  readonly id: string;
  readonly path: string;
  readonly reason: string;
}

/** Everything that was planned and done on this machine, oldest first. */
export interface CleanupHistory {
  readonly damaged: readonly DamagedJournal[];
  readonly plans: readonly PlanView[];
  readonly runs: readonly RunView[];
}

interface FoundJournal {
  readonly id: string;
  readonly path: string;
  readonly entries: readonly JournalEntry[];
  readonly damage: string | null;
}

const NOT_ONE = 'it does not begin as a journal does';

/**
 * What the journals tell together.
 *
 * @param approvals how many a plan needs, as the configuration says
 * @param approvesAlone whether the configuration approves of a plan by itself
 */
export function cleanupHistory(
  plans: readonly FoundJournal[],
  runs: readonly FoundJournal[],
  approvals: number,
  approvesAlone?: (plan: CleanupPlan) => boolean,
): CleanupHistory {
  const damaged: DamagedJournal[] = [];
  const whole = <View>(
    kind: DamagedJournal['kind'],
    journals: readonly FoundJournal[],
    fold: (journal: FoundJournal) => View | undefined,
  ): readonly View[] =>
    journals.flatMap((journal) => {
      const { id, path, damage } = journal;
      const view = damage === null ? fold(journal) : undefined;
      if (view !== undefined) return [view];
      damaged.push({ kind, id, path, reason: damage ?? NOT_ONE });
      return [];
    });
  const planViews = whole('plan', plans, ({ id, entries }) =>
    planView(id, entries, approvals, approvesAlone),
  );
  const runViews = whole('run', runs, ({ entries }) => runView(entries));
  return { damaged, plans: planViews, runs: withRollbacks(runViews) };
}
