import { type DriverConfig } from '../model/driver-config.ts';
import { type DriverSecret } from '../model/kubernetes.ts';
import { trimSlashes } from './paths.ts';

/** One deployment of a CSI driver, from whatever told of it. */
export interface Deployment {
  readonly driver: string;
  /** Null for every registered cluster. */
  readonly cluster: string | null;
  /** TrueNAS system by the name it has here; null where nobody said. */
  readonly system: string | null;
  /** Hosts its own configuration names. */
  readonly hosts: readonly string[];
  /** Hosts that any Secret of its driver names, of whichever place: what a declaration leaves out, they may gainsay. */
  readonly hostsOfDriver: readonly string[];
  readonly parent: string;
  readonly detachedPath: string | null;
  readonly instanceId: string | null;
  /** Null where nobody was asked. */
  readonly exclusive: boolean | null;
  readonly origin: 'declared' | 'discovered';
  /** It leaves volumes on the NAS when they are deleted. Null where what would tell could not be read. */
  readonly keepsDeleted: boolean | null;
}

/** What the Secrets of drivers say, and whose could not be read. */
export interface ReadSecrets {
  readonly secrets: readonly DriverSecret[];
  /** Names of all clusters. */
  readonly clusters: readonly string[];
  /** Clusters of which some Secret that should have been read was not. */
  readonly unread: ReadonlySet<string>;
}

/** Whether a declaration speaks of a driver in a cluster. */
export function appliesTo(config: DriverConfig, driver: string, cluster: string): boolean {
  return config.driver === driver && (config.cluster === null || config.cluster === cluster);
}

/** Whether a Secret configures the very deployment that is declared, and says nothing against it. */
function agrees(config: DriverConfig, secret: DriverSecret): boolean {
  const samePlace =
    config.parent === null ||
    secret.parent === null ||
    trimSlashes(config.parent) === trimSlashes(secret.parent);
  if (!samePlace || (config.cluster !== null && config.cluster !== secret.cluster)) return false;
  return config.secret === null
    ? config.driver === secret.driver
    : config.secret.namespace === secret.namespace && config.secret.name === secret.name;
}

/** Whether a Secret may speak of what a declared deployment made, even if of another place or without a driver's name. */
function concerns({ driver, cluster, parent }: DriverSecret, config: DriverConfig): boolean {
  if (config.cluster !== null && config.cluster !== cluster) return false;
  return (
    driver === config.driver ||
    (parent !== null &&
      config.parent !== null &&
      trimSlashes(parent) === trimSlashes(config.parent))
  );
}

/** Whether what is deleted is kept, as far as Secrets say: the one of some cluster may be among those that could not be read. */
function keeps(
  config: DriverConfig,
  about: readonly DriverSecret[],
  { clusters, unread }: ReadSecrets,
): boolean | null {
  if (about.some(({ keepsDeleted }) => keepsDeleted)) return true;
  const own = config.cluster === null ? clusters : [config.cluster];
  const open = own.some(
    (name) =>
      unread.has(name) && !about.some((each) => each.cluster === name && agrees(config, each)),
  );
  return open ? null : false;
}

function* declaredBy(config: DriverConfig, read: ReadSecrets): Iterable<Deployment> {
  const { secrets } = read;
  const { driver, system, exclusive } = config;
  const about = secrets.filter((secret) => concerns(secret, config) || agrees(config, secret));
  const hostsOfDriver = about.flatMap(({ hosts }) => hosts);
  const own = { driver, system, exclusive, hostsOfDriver, origin: 'declared' } as const;
  if (config.parent !== null) {
    yield {
      ...own,
      cluster: config.cluster,
      hosts: [],
      parent: trimSlashes(config.parent),
      detachedPath: trimmed(config.detachedSnapshotsParent),
      instanceId: config.instanceId,
      keepsDeleted: keeps(config, about, read),
    };
  }
  for (const secret of secrets) {
    const parent = config.parent ?? secret.parent;
    if (parent === null || !agrees(config, secret)) continue;
    yield {
      ...own,
      cluster: secret.cluster,
      hosts: secret.hosts,
      parent: trimSlashes(parent),
      detachedPath: trimmed(config.detachedSnapshotsParent ?? secret.detachedSnapshotsParent),
      instanceId: config.instanceId ?? secret.instanceId,
      keepsDeleted: secret.keepsDeleted,
    };
  }
}

function trimmed(path: string | null): string | null {
  return path === null ? null : trimSlashes(path);
}

/**
 * All deployments that are declared or whose configuration could be read. What the user declares of a driver replaces what its
 * Secret says of the place, and the Secret fills in what the user left out.
 */
export function deploymentsOf(
  configs: readonly DriverConfig[],
  read: ReadSecrets,
): readonly Deployment[] {
  const { secrets } = read;
  const declared = configs.flatMap((config) => [...declaredBy(config, read)]);
  const discovered = secrets.flatMap((secret): Deployment[] => {
    const { driver, cluster, parent } = secret;
    if (driver === null || parent === null) return [];
    if (configs.some((config) => appliesTo(config, driver, cluster))) return [];
    return [
      {
        driver,
        cluster,
        system: null,
        hosts: secret.hosts,
        hostsOfDriver: secret.hosts,
        parent: trimSlashes(parent),
        detachedPath: trimmed(secret.detachedSnapshotsParent),
        instanceId: secret.instanceId,
        exclusive: null,
        origin: 'discovered',
        keepsDeleted: secret.keepsDeleted,
      },
    ];
  });
  return [...declared, ...discovered];
}
