import { type Inventory } from '../model/inventory.ts';
import { type NamedIdentity } from '../model/history.ts';

/** Identities of everything that was read, which outlive every renaming. */
export interface EstateIds {
  readonly state: 'known';
  readonly clusters: readonly NamedIdentity[];
  readonly systems: readonly NamedIdentity[];
  uidOf(cluster: string): string;
  hostIdOf(system: string): string;
}

/** Why a scan cannot be told from one of another estate. */
export interface NoIds {
  readonly state: 'none';
  readonly reason: string;
}

export function estateIds({ clusters, systems }: Inventory): EstateIds | NoIds {
  const uids = new Map<string, string>();
  for (const { identity } of clusters) {
    const { name, uid } = identity;
    if (uid === null) {
      return none(
        `cluster ${name} does not say who it is: the right to get the namespace kube-system is missing there`,
      );
    }
    uids.set(name, uid);
  }
  const hostIds = new Map<string, string>();
  for (const { identity } of systems) {
    const { name, hostId } = identity;
    if (hostId === null) return none(`the host id of TrueNAS ${name} cannot be read`);
    hostIds.set(name, hostId);
  }
  return {
    state: 'known',
    clusters: named(uids),
    systems: named(hostIds),
    uidOf: (cluster) => known(uids, cluster),
    hostIdOf: (system) => known(hostIds, system),
  };
}

function none(reason: string): NoIds {
  return { state: 'none', reason };
}

function named(ids: ReadonlyMap<string, string>): readonly NamedIdentity[] {
  return [...ids].map(([name, id]) => ({ id, name }));
}

function known(ids: ReadonlyMap<string, string>, name: string): string {
  const id = ids.get(name);
  if (id === undefined) throw new Error(`${name} is no part of this inventory`);
  return id;
}
