// Times the pure part alone: correlate and evaluate on an inventory that was read before.
import { openCluster } from '../src/lib/adapters/kubernetes/cluster-reader.ts';
import { openNas } from '../src/lib/adapters/truenas/nas-reader.ts';
import { collect } from '../src/lib/app/collect.ts';
import { correlate } from '../src/lib/core/correlate/correlate.ts';
import { listsFor } from '../src/lib/core/correlate/sources.ts';
import { type Listing } from '../src/lib/core/model/coverage.ts';
import {
  type ClusterInventory,
  freezeInventory,
  type SystemInventory,
} from '../src/lib/core/model/inventory.ts';
import { DEFAULT_POLICY } from '../src/lib/core/model/policy.ts';
import { millis } from '../src/lib/core/model/units.ts';
import { evaluate } from '../src/lib/core/rules/evaluate.ts';
import { RULES } from '../src/lib/core/rules/registry.ts';
import { toDriverConfig } from '../src/lib/lab/scenario/driver-config.ts';
import { type LabAddress } from './lab-client.ts';
import { median } from './statistics.ts';

const ROUNDS = 15;

/** What rules make of a list is kept as long as the list: each round gets lists of its own, as each scan does. */
function withOwnLists<M extends ClusterInventory | SystemInventory>(member: M): M {
  const lists = Object.entries<Listing<unknown>>(member.lists).map(([source, listing]) => [
    source,
    { ...listing, items: [...listing.items] },
  ]);
  return { ...member, lists: Object.fromEntries(lists) as M['lists'] };
}

/** @returns median time of correlate and evaluate together, all rules, in milliseconds */
export async function measureJudging(address: LabAddress): Promise<number> {
  const logger = { log: () => undefined };
  const timeout = millis(60_000);
  const cluster = await openCluster({
    name: address.cluster,
    kubeconfig: null,
    kubeconfigText: address.kubeconfig,
    context: null,
    inCluster: false,
    namespaces: [],
    timeout,
    logger,
  });
  const system = await openNas({
    name: address.system,
    url: address.truenasUrl,
    username: address.username,
    apiKey: address.apiKey,
    password: null,
    timeout,
    tls: { verify: true, caFile: null, pinnedSpkiSha256: [], minVersion: 'TLSv1.3' },
    transport: 'auto',
    logger,
  });
  const collected = await collect({
    clusters: [cluster],
    systems: [system],
    lists: listsFor(RULES.flatMap(({ requires, consults }) => [...requires, ...consults])),
    unreachable: 'throws',
    progress: { step: () => undefined, finish: () => undefined },
    logger,
    signal: AbortSignal.timeout(120_000),
  });
  await Promise.all([cluster.close(), system.close()]);
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const inventory = freezeInventory({
      takenAt: new Date(address.now),
      clusters: collected.clusters.map(withOwnLists),
      systems: collected.systems.map(withOwnLists),
      firstSeen: new Map(),
      moved: [],
      drivers: address.drivers.map(toDriverConfig),
    });
    const started = performance.now();
    evaluate(RULES, correlate(inventory, DEFAULT_POLICY), DEFAULT_POLICY);
    times.push(performance.now() - started);
  }
  return median(times);
}
