import { type Pool, type PoolScrub } from '../../model/truenas.ts';
import { elapsed } from '../../model/units.ts';
import { counted, formatSpan } from '../../render/text/format.ts';
import { refToPool } from '../checks/pools-in-use.ts';
import { defineCheck, type Inspection } from '../define-check.ts';

/**
 * TrueNAS scrubs on the first Sunday that is at least 35 days after the last scrub, so an age of six weeks is in order; then it takes
 * its time.
 */
const MAX_AGE = 45 * 86_400_000;

type Judgement = Omit<Inspection, 'subject'>;

function judgeScrub({ kind, state, endedAt, errors }: PoolScrub, now: Date): Judgement {
  const what = kind.toLowerCase();
  if (errors > 0) {
    return {
      sound: false,
      severity: 'high',
      seen: `the last ${what} found ${counted(errors, 'error')} that could not be repaired`,
    };
  }
  if (state === 'SCANNING') return { sound: true, seen: `a ${what} is running` };
  if (endedAt === null)
    return { sound: undefined, seen: `it is not known when the last ${what} ended` };
  const age = elapsed(endedAt, now);
  const ended = `the last ${what} ${state === 'FINISHED' ? 'ended' : 'was cancelled'} ${formatSpan(age)} ago`;
  if (age > MAX_AGE) return { sound: false, seen: ended };
  // What came before a cancelled one is not told.
  return { sound: state === 'FINISHED' ? true : undefined, seen: ended };
}

function judgeUnscrubbed(madeAt: Date | null, now: Date): Judgement {
  if (madeAt === null)
    return { sound: undefined, seen: 'it is not known when it was last scrubbed' };
  const age = elapsed(madeAt, now);
  return {
    sound: age <= MAX_AGE,
    seen: `it was never scrubbed since it was made ${formatSpan(age)} ago`,
  };
}

function judge({ status, scrub }: Pool, madeAt: Date | null, now: Date): Judgement {
  if (scrub !== null) return judgeScrub(scrub, now);
  return status === 'ONLINE' || status === 'DEGRADED'
    ? judgeUnscrubbed(madeAt, now)
    : { sound: undefined, seen: `it is ${status}` };
}

export const poolScrub = defineCheck({
  id: 'pool-scrub',
  category: 'health',
  severity: 'medium',
  component: 'pool',
  title: 'Every pool is scrubbed regularly, without errors',
  scope: 'system',
  subjects: ['Pool'],
  requires: ['pools'],
  consults: ['datasets'],
  steps: [
    'Run `zpool status -v POOL` in a shell of TrueNAS: it lists damaged files, which have to come back from a backup.',
    'Start a scrub under Storage, Scrub, and see that a scrub task is enabled for the pool.',
  ],

  *inspect({ pools, datasets }, { now }) {
    for (const pool of pools) {
      const root = datasets.items.find(({ id }) => id === pool.name);
      const { seen, ...rest } = judge(pool, root?.createdAt ?? null, now);
      yield { subject: refToPool(pool), ...rest, seen: `pool ${pool.name}: ${seen}` };
    }
  },
});
