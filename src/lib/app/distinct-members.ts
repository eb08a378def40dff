import { ConfigError } from '../core/model/errors.ts';
import { type ClusterInventory, type SystemInventory } from '../core/model/inventory.ts';

interface Member {
  readonly name: string;
  /** What tells it from every other one; null where that may not be read. */
  readonly id: string | null;
}

/** Throws where two names lead to one: everything there would be reported twice, and joined with itself. */
function requireDistinct(
  members: readonly Member[],
  kind: string,
  placeOf: (name: string) => string,
): void {
  const names = new Map<string, string>();
  for (const { name, id } of members) {
    if (id === null) continue;
    const first = names.get(id);
    if (first !== undefined) {
      throw new ConfigError(`${first} and ${name} are the same ${kind} (${id})`, {
        remediation: [`Remove ${placeOf(name)}, and keep ${first}.`],
        details: { kept: first, repeated: name },
      });
    }
    names.set(id, name);
  }
}

export function requireDistinctClusters(clusters: readonly ClusterInventory[]): void {
  requireDistinct(
    clusters.map(({ identity: { name, uid } }) => ({ name, id: uid })),
    'cluster',
    (name) => `${name} from clusters: in the configuration, or its --context`,
  );
}

export function requireDistinctSystems(systems: readonly SystemInventory[]): void {
  requireDistinct(
    systems.map(({ identity: { name, hostId } }) => ({ name, id: hostId })),
    'TrueNAS system',
    (name) => `${name} from systems: in the configuration`,
  );
}
