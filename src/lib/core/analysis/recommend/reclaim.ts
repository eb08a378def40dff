import { poolName } from '../../correlate/paths.ts';
import { type Recommendation } from '../../model/analysis.ts';
import { counted, formatBytes } from '../../render/text/format.ts';
import { poolSubject } from '../analysis-subject.ts';
import { daysWonBy, growingBy, ifKnown, measured, type Situation } from './situation.ts';

/** What was forgotten on a pool, as far as that is certain. */
export function* reclaim({ pools, findings, reclaimable }: Situation): Iterable<Recommendation> {
  for (const pool of pools) {
    const own = findings.filter(
      ({ category, confidence, place, reclaimable: size }) =>
        category === 'orphan' &&
        confidence === 'certain' &&
        size > 0 &&
        place?.system === pool.system &&
        poolName(place.path) === pool.name,
    );
    const gain = reclaimable(own);
    if (gain === 0) continue;
    const won = daysWonBy(gain, pool);
    yield {
      action: 'reclaim',
      subject: poolSubject(pool),
      message: `${counted(own.length, 'finding')} on pool ${pool.name}, certain to be forgotten, hold ${formatBytes(gain)}`,
      gainBytes: gain,
      gainDays: won,
      numbers: [
        measured('held by what is forgotten', gain, 'bytes'),
        measured('findings', own.length, 'count'),
        ...ifKnown('growth of the pool', growingBy(pool.growth), 'bytes-per-day'),
      ],
      steps: [
        'See with `truenas-monitor orphans` what each of them is, and what speaks for it.',
        'Follow the remedy of each, and put aside before anything is destroyed.',
      ],
    };
  }
}
