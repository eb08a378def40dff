import { noHistory } from '../../src/lib/app/no-history.ts';
import { type ScanPorts } from '../../src/lib/app/scan-request.ts';
import { notApplicable, unlisted } from '../../src/lib/core/model/coverage.ts';
import { type Inventory } from '../../src/lib/core/model/inventory.ts';
import { type ZfsSnapshot } from '../../src/lib/core/model/truenas.ts';
import { type ClusterReader } from '../../src/lib/ports/cluster.ts';
import { type LookupResult, type NasReader } from '../../src/lib/ports/nas.ts';
import { aConnection } from './surrounding-builders.ts';

type Members<K extends 'clusters' | 'systems'> = Inventory[K][number];

function clusterReader({ identity, lists, connection }: Members<'clusters'>): ClusterReader {
  return {
    name: identity.name,
    identify: () => Promise.resolve(identity),
    list: (source) =>
      Promise.resolve(lists[source] ?? unlisted(notApplicable('not part of this world'))),
    connection: () => connection ?? aConnection({ side: 'kubernetes', name: identity.name }),
    close: () => Promise.resolve(),
  };
}

function lookUp<T extends { readonly id: string }>(
  items: readonly T[],
  ids: readonly string[],
): LookupResult<T> {
  const found = new Map(items.filter(({ id }) => ids.includes(id)).map((item) => [item.id, item]));
  const absent = new Set(ids.filter((id) => !found.has(id)));
  return { found, absent, coverage: { state: 'complete' } };
}

/** Lists show snapshots without their details, as TrueNAS does. */
function withoutDetails(snapshot: ZfsSnapshot): ZfsSnapshot {
  return { ...snapshot, details: null };
}

function nasReader({ identity, lists, connection }: Members<'systems'>): NasReader {
  const { datasets, zfsSnapshots } = lists;
  const bare = zfsSnapshots && { ...zfsSnapshots, items: zfsSnapshots.items.map(withoutDetails) };
  const listed: Members<'systems'>['lists'] =
    bare === undefined ? lists : { ...lists, zfsSnapshots: bare };
  return {
    name: identity.name,
    identify: () => Promise.resolve(identity),
    list: (source) =>
      Promise.resolve(listed[source] ?? unlisted(notApplicable('not part of this world'))),
    lookUpDatasets: (ids) => Promise.resolve(lookUp(datasets?.items ?? [], ids)),
    lookUpSnapshots: (ids) => Promise.resolve(lookUp(zfsSnapshots?.items ?? [], ids)),
    connection: () => connection ?? aConnection({ name: identity.name }),
    close: () => Promise.resolve(),
  };
}

/** Ports behind which an inventory stands instead of servers: every look shows the same world. */
export function portsOf(inventory: Inventory): ScanPorts {
  return {
    clusters: inventory.clusters.map(clusterReader),
    systems: inventory.systems.map(nasReader),
    clock: { now: () => inventory.takenAt },
    logger: { log: () => undefined },
    progress: { step: () => undefined, finish: () => undefined },
    cache: { load: () => Promise.resolve(undefined), save: () => Promise.resolve() },
    history: noHistory,
    memory: { release: () => undefined, rest: () => undefined },
    movedDatasets: { load: () => Promise.resolve(inventory.moved) },
    firstSeen: { load: () => Promise.resolve(inventory.firstSeen), save: () => Promise.resolve() },
  };
}
