import { type Pool } from '../../model/truenas.ts';
import { refToPool } from '../checks/pools-in-use.ts';
import { defineCheck, type Inspection } from '../define-check.ts';

const NOTICEABLE = 50;
const SLOW = 70;

function judge({ name, status, fragmentation }: Pool): Omit<Inspection, 'subject'> {
  if (fragmentation === null) {
    return {
      sound: undefined,
      seen: `pool ${name} is ${status} and does not tell its fragmentation`,
    };
  }
  return {
    sound: fragmentation <= NOTICEABLE,
    seen: `the free space of pool ${name} is fragmented to ${fragmentation} %`,
    severity: fragmentation > SLOW ? 'medium' : 'low',
  };
}

export const poolFragmentation = defineCheck({
  id: 'pool-fragmentation',
  category: 'health',
  severity: 'low',
  component: 'pool',
  title: 'The free space of every pool is in large pieces',
  scope: 'system',
  subjects: ['Pool'],
  requires: ['pools'],
  consults: [],
  steps: [
    'Free space: it is the fuller pool that fragments, and ZFS has no defragmentation.',
    'Where writing has become slow, replicate the data to a new pool.',
  ],

  *inspect({ pools }) {
    for (const pool of pools) yield { subject: refToPool(pool), ...judge(pool) };
  },
});
