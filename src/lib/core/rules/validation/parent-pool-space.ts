import { type ParentIndex } from '../../correlate/parents.ts';
import { poolName, trimSlashes } from '../../correlate/paths.ts';
import {
  type DriverSecret,
  type PersistentVolumeClaim,
  type StorageClass,
} from '../../model/kubernetes.ts';
import { refOnSystem } from '../../model/surroundings.ts';
import { type Pool } from '../../model/truenas.ts';
import { bytes, type Bytes } from '../../model/units.ts';
import { formatBytes } from '../../render/text/format.ts';
import { provisionerOf } from '../checks/claims.ts';
import { homeOf, NasHosts } from '../checks/nas-hosts.ts';
import { defineCheck } from '../define-check.ts';

/** Drivers that make zvols by the API, which refuses large ones; those that work over SSH ask ZFS itself. */
const BY_THE_API = /-api-(?:iscsi|nvmeof)$/;

/** TrueNAS refuses a zvol that is larger than this part of what is available. */
const MOST = 0.8;

interface Waiting {
  readonly claim: PersistentVolumeClaim;
  readonly size: Bytes;
}

function larger(one: Waiting | undefined, other: Waiting): Waiting {
  return one === undefined || other.size > one.size ? other : one;
}

function stateOf({ free }: Pool, waiting: Waiting | undefined) {
  if (waiting === undefined) return { sound: true, seen: 'no claim waits for a zvol on it' };
  const { claim, size } = waiting;
  const asked = `claim ${claim.namespace}/${claim.name} waits for ${formatBytes(size)}`;
  if (free === null) return { sound: undefined, seen: `${asked}, and its free space is not told` };
  // What is free is counted with parity, so that the space for zvols is this at most.
  const limit = bytes(Math.floor(free * MOST));
  return {
    sound: size <= limit,
    seen: `${asked}, and the largest zvol it can take has ${formatBytes(limit)}`,
  };
}

/** Pools of one system in which drivers make zvols by the API, by cluster and driver. */
function poolsByDriver(
  home: string,
  secrets: readonly DriverSecret[],
  hosts: NasHosts,
  parents: Pick<ParentIndex, 'forDriver'>,
): ReadonlyMap<string, string> {
  const pools = new Map<string, string>();
  for (const secret of secrets) {
    const { cluster, driver, kind, parent } = secret;
    if (driver === null || parent === null || !BY_THE_API.test(kind)) continue;
    const place = homeOf(secret, hosts, parents);
    if (!('system' in place) || place.system !== home) continue;
    pools.set(`${cluster} ${driver}`, poolName(trimSlashes(parent)));
  }
  return pools;
}

/** The largest claim that waits for each pool. */
function largestByPool(
  claims: readonly PersistentVolumeClaim[],
  classes: readonly StorageClass[],
  pools: ReadonlyMap<string, string>,
): ReadonlyMap<string, Waiting> {
  const byCluster = Map.groupBy(classes, ({ cluster }) => cluster);
  const largest = new Map<string, Waiting>();
  for (const claim of claims) {
    const { cluster, phase, requested, deletedAt } = claim;
    if (phase !== 'Pending' || requested === null || deletedAt !== null) continue;
    const driver = provisionerOf(claim, byCluster.get(cluster) ?? []);
    const pool = driver && pools.get(`${cluster} ${driver}`);
    if (pool === undefined) continue;
    largest.set(pool, larger(largest.get(pool), { claim, size: requested.bytes }));
  }
  return largest;
}

export const parentPoolSpace = defineCheck({
  id: 'parent-pool-space',
  category: 'validation',
  severity: 'medium',
  component: 'pool',
  title: 'Pools have space for the zvols that claims wait for',
  scope: 'system',
  subjects: ['Pool'],
  requires: [
    'pools',
    'driverSecrets',
    'parents',
    'systems',
    'storageClasses',
    'persistentVolumeClaims',
  ],
  consults: ['addresses'],
  steps: [
    'Ask for less, add disks to the pool, or free space on it: TrueNAS refuses a zvol larger than 80 % of what is available, even a sparse one.',
    'Delete the claim and make it anew: its driver asks again and again, and gets the same answer.',
  ],

  *inspect(evidence, { home }) {
    const hosts = new NasHosts(evidence.systems, evidence.addresses.items);
    const byDriver = poolsByDriver(home, evidence.driverSecrets, hosts, evidence.parents);
    const { persistentVolumeClaims, storageClasses } = evidence;
    const largest = largestByPool(persistentVolumeClaims, storageClasses, byDriver);
    const used = new Set(byDriver.values());
    for (const pool of evidence.pools) {
      if (!used.has(pool.name)) continue;
      yield {
        subject: refOnSystem('Pool', home, pool.name),
        ...stateOf(pool, largest.get(pool.name)),
      };
    }
  },
});
