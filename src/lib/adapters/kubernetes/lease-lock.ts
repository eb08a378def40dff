import { type CleanupLock, type HeldLock } from '../../ports/cleanup-store.ts';
import { type Clock } from '../../ports/clock.ts';
import { type Logger } from '../../ports/logger.ts';
import { HeldLease, RENEWED_EVERY, type LeaseWish } from './held-lease.ts';
import { type LeaseClient } from './lease-client.ts';

/** A cluster in which a lock can be held. */
export interface LockingCluster {
  readonly name: string;
  readonly leases: LeaseClient;
}

/** What is given back when the process ends must not hold it up. */
const GIVE_BACK_WITHIN = 10_000;

/**
 * Nobody else cleans up what is registered here: of each registered system a Lease in each registered cluster, so that two who share
 * any of both meet, wherever they work.
 *
 * @param hostIds of every registered system
 * @param place `<user>@<machine>#<state directory>`, in which no other process works now: a Lease that is held from there is of one that
 *   was killed
 */
export function kubernetesLeases(
  clusters: readonly LockingCluster[],
  hostIds: readonly string[],
  place: string,
  clock: Clock,
  logger: Logger,
): CleanupLock {
  return {
    acquire: async (runId, signal) => {
      const held: HeldLease[] = [];
      try {
        for (const { client, name } of inOrder(clusters, hostIds)) {
          const wish: LeaseWish = { client, name, place, runId, clock, logger };
          const lease = await HeldLease.take(wish, held, signal);
          if (lease !== null) held.push(lease);
        }
      } catch (error) {
        await giveBack(held);
        throw error;
      }
      return keptHeld(held);
    },
  };
}

/** Always the same, so that of two who want the same ones the first to have one has them all. */
function inOrder(
  clusters: readonly LockingCluster[],
  hostIds: readonly string[],
): readonly { readonly client: LeaseClient; readonly name: string }[] {
  const names = [...new Set(hostIds.map(leaseName))].toSorted();
  return clusters
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(({ leases }) => names.map((name) => ({ client: leases, name })));
}

/** Longest name of a Lease, less what ours begins with. */
const LONGEST = 200;

/** Two systems that become one name merely wait for each other. */
export function leaseName(hostId: string): string {
  const label = hostId
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST)
    .replaceAll(/^-|-$/g, '');
  return `truenas-monitor-cleanup-${label === '' ? 'unknown' : label}`;
}

function keptHeld(held: readonly HeldLease[]): HeldLock {
  const ended = new AbortController();
  const timer = setInterval(() => {
    for (const lease of held) {
      // Only the end of it all is thrown.
      lease.keep(ended.signal).catch(() => undefined);
    }
  }, RENEWED_EVERY);
  timer.unref();
  return {
    stillHeld: async (signal) => {
      await Promise.all(held.map((lease) => lease.stillHeld(signal)));
    },
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      ended.abort();
      await giveBack(held);
    },
  };
}

async function giveBack(held: readonly HeldLease[]): Promise<void> {
  const signal = AbortSignal.timeout(GIVE_BACK_WITHIN);
  await Promise.all(held.map((lease) => lease.giveBack(signal)));
}
