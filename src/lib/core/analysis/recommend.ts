import {
  type Recommendation,
  RECOMMENDATION_ACTIONS,
  type RecommendationAction,
} from '../model/analysis.ts';
import { expandPool } from './recommend/expand-pool.ts';
import { pruneSnapshots } from './recommend/prune-snapshots.ts';
import { raiseQuota } from './recommend/raise-quota.ts';
import { rebalance } from './recommend/rebalance.ts';
import { reclaim } from './recommend/reclaim.ts';
import { shrinkRequest } from './recommend/shrink-request.ts';
import { type Situation } from './recommend/situation.ts';

/** More of one kind than anybody works through. */
export const MOST_OF_A_KIND = 20;

const ADVISERS: Readonly<
  Record<RecommendationAction, (situation: Situation) => Iterable<Recommendation>>
> = {
  reclaim,
  'shrink-request': shrinkRequest,
  'prune-snapshots': pruneSnapshots,
  'raise-quota': raiseQuota,
  'expand-pool': expandPool,
  rebalance,
};

export interface Advice {
  /** Largest gain first. */
  readonly recommendations: readonly Recommendation[];
  /** How many were left out, because there are many of their kind. */
  readonly omitted: number;
}

function byGain(one: Recommendation, other: Recommendation): number {
  return (
    (other.gainBytes ?? 0) - (one.gainBytes ?? 0) || (other.gainDays ?? 0) - (one.gainDays ?? 0)
  );
}

/** What to do about it, by bytes gained, then by days won. */
export function recommend(situation: Situation): Advice {
  let omitted = 0;
  const recommendations = RECOMMENDATION_ACTIONS.flatMap((action) => {
    const all = [...ADVISERS[action](situation)].toSorted(byGain);
    omitted += Math.max(0, all.length - MOST_OF_A_KIND);
    return all.slice(0, MOST_OF_A_KIND);
  }).toSorted(byGain);
  return { recommendations, omitted };
}
