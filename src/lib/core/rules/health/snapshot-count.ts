import { poolName } from '../../correlate/paths.ts';
import { type ResourceRef } from '../../model/resource-ref.ts';
import { refToSystem } from '../../model/surroundings.ts';
import { type ZfsSnapshot } from '../../model/truenas.ts';
import { counted, firstFew } from '../../render/text/format.ts';
import { refToPool } from '../checks/pools-in-use.ts';
import { be } from '../checks/wording.ts';
import { defineCheck, type Inspection } from '../define-check.ts';

/** What TrueNAS itself raises alerts at. */
const MOST_OF_DATASET = 512;
const MOST_OF_SYSTEM = 10_000;
const NEARLY = 0.8;
const NAMED = 5;

function countByDataset(snapshots: readonly ZfsSnapshot[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { dataset } of snapshots) counts.set(dataset, (counts.get(dataset) ?? 0) + 1);
  return counts;
}

function judgeSystem(system: string, count: number): Inspection {
  return {
    subject: refToSystem(system),
    sound: count < MOST_OF_SYSTEM * NEARLY,
    severity: count > MOST_OF_SYSTEM ? 'medium' : 'low',
    seen: `${system} holds ${counted(count, 'snapshot')}, of the 10,000 TrueNAS recommends at most`,
  };
}

type Count = readonly [dataset: string, count: number];

function judgePool(subject: ResourceRef, counts: readonly Count[]): Inspection {
  const { name } = subject;
  const many = counts
    .filter(([, count]) => count >= MOST_OF_DATASET * NEARLY)
    .toSorted(([a, most], [b, more]) => more - most || (a < b ? -1 : 1));
  const [most] = many;
  if (most === undefined) {
    return { subject, sound: true, seen: `no dataset of pool ${name} has nearly 512 snapshots` };
  }
  const named = many.map(([dataset, count]) => `${dataset} (${count})`);
  return {
    subject,
    sound: false,
    severity: most[1] > MOST_OF_DATASET ? 'medium' : 'low',
    seen: `${counted(many.length, 'dataset')} of pool ${name} ${be(many.length)} near or above the 512 snapshots TrueNAS recommends at most: ${firstFew(named, NAMED)}`,
  };
}

export const snapshotCount = defineCheck({
  id: 'snapshot-count',
  category: 'health',
  severity: 'medium',
  component: 'snapshot',
  title: 'There are no more snapshots than TrueNAS copes with',
  scope: 'system',
  subjects: ['System', 'Pool'],
  requires: ['zfsSnapshots', 'systems'],
  consults: [],
  steps: [
    'Shorten the lifetime of the snapshot tasks, or let them run less often.',
    'See with `truenas-monitor orphans --type snapshot` which snapshots nothing needs any more.',
  ],

  *inspect({ zfsSnapshots, systems }) {
    for (const { name: system } of systems) {
      const own = zfsSnapshots.filter((snapshot) => snapshot.system === system);
      yield judgeSystem(system, own.length);
      const counts = [...countByDataset(own)];
      for (const [pool, ofPool] of Map.groupBy(counts, ([dataset]) => poolName(dataset))) {
        yield judgePool(refToPool({ system, name: pool }), ofPool);
      }
    }
  },
});
