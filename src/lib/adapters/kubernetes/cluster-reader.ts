import pLimit from 'p-limit';
import { type Actor } from '../../core/cleanup/journal-schema.ts';
import { type Listing } from '../../core/model/coverage.ts';
import { type DeclaredSecret } from '../../core/model/driver-config.ts';
import { type ClusterLists, type ClusterSource } from '../../core/model/inventory.ts';
import { type Millis } from '../../core/model/units.ts';
import { type ClusterWriter } from '../../ports/change-writer.ts';
import { type ClusterReader } from '../../ports/cluster.ts';
import { type ChangeWatcher } from '../../ports/change-watcher.ts';
import { type Logger } from '../../ports/logger.ts';
import { type OnCall } from '../http/latency.ts';
import { SYSTEM_TIMING, type RetryTiming } from '../http/retry.ts';
import { readApiGroups } from './api-groups.ts';
import { clusterWriter } from './cluster-writer.ts';
import { Connection } from './connection.ts';
import { Credentials, staysHere } from './credentials.ts';
import { identifyCluster } from './identify.ts';
import { loadKubeconfig } from './kubeconfig.ts';
import { withKnown } from './known-objects.ts';
import { leaseClient, type LeaseClient } from './lease-client.ts';
import { whoAmI } from './operator.ts';
import { readPermissions } from './permissions.ts';
import { readListing } from './read-listing.ts';
import { readDriverConnections, type DriverConnections } from './driver-connections.ts';
import { readDriverSecrets } from './driver-secrets.ts';
import { clusterWatcher } from './watch-cluster.ts';
import { LIST_SPECS, type PlainSource } from './sources.ts';

export interface ClusterOptions {
  /** Name in our configuration. */
  readonly name: string;
  /** Path of a kubeconfig; null for $KUBECONFIG or the default one. */
  readonly kubeconfig: string | null;
  /** A kubeconfig that is in no file. */
  readonly kubeconfigText?: string;
  /** Null for the kubeconfig's current context. */
  readonly context: string | null;
  readonly inCluster: boolean;
  /** Tried one by one where a list over all namespaces is denied. */
  readonly namespaces: readonly string[];
  /** Where CSI drivers are known to run. */
  readonly driverNamespaces?: readonly string[];
  /** Drivers whose Secret is known by name. */
  readonly declaredSecrets?: readonly DeclaredSecret[];
  /** For one request. */
  readonly timeout: Millis;
  readonly logger: Logger;
  /** Told of each exchange. */
  readonly onCall?: OnCall | undefined;
}

/** A cluster, and what only whoever opens it is told: secrets are in it, so it is no list and no part of any scan. */
export interface OpenedCluster extends ClusterReader {
  /** How the CSI drivers there log in to TrueNAS. Only an abort of `signal` throws. */
  driverConnections(signal: AbortSignal): Promise<DriverConnections>;
  /** What changes the cluster, for clean-up alone. */
  readonly writer: ClusterWriter;
  /** What keeps others from cleaning up there. */
  readonly leases: LeaseClient;
  /** What says when something there changes. */
  readonly watcher: ChangeWatcher;
  /** Whom the cluster takes us for; null where it does not tell. */
  whoAmI(signal: AbortSignal): Promise<Actor | null>;
}

/** Parts of the surroundings that tests replace. */
export interface ClusterSurroundings {
  readonly timing: RetryTiming;
  /** In front of the directory in which a pod finds its service account. */
  readonly rootDirectory: string;
}

const REAL_SURROUNDINGS: ClusterSurroundings = { timing: SYSTEM_TIMING, rootDirectory: '' };

/**
 * The objects of each list as they were when it was last read, for as long as somebody uses them: a list is read twice within a scan,
 * and between two scans of a monitor nobody needs it.
 */
type LastRead = { [S in PlainSource]?: WeakRef<readonly ClusterLists[S][]> };

type OtherSource = Exclude<ClusterSource, PlainSource>;

function isPlain(source: ClusterSource): source is PlainSource {
  return Object.hasOwn(LIST_SPECS, source);
}

/** Lists of one cluster that are read at the same time. */
const PARALLEL_LISTS = 4;

/**
 * Opens a cluster: reads its kubeconfig, and connects only when the first thing is asked for.
 * Throws a `KubeconfigError` where there is nothing usable to connect with.
 */
export async function openCluster(
  options: ClusterOptions,
  surroundings: ClusterSurroundings = REAL_SURROUNDINGS,
): Promise<OpenedCluster> {
  const { name, logger } = options;
  const origin = {
    cluster: name,
    kubeconfig: options.kubeconfig,
    kubeconfigText: options.kubeconfigText,
    context: options.context,
    inCluster: options.inCluster,
    rootDirectory: surroundings.rootDirectory,
  };
  const loaded = await loadKubeconfig(origin);
  const { server } = loaded;
  if (server.protocol === 'https:' && loaded.cluster['insecure-skip-tls-verify'] === true) {
    logger.log('warn', `cluster ${name}: the kubeconfig turns the check of certificates off`);
  }
  const connection = new Connection({
    cluster: { name, host: server.host },
    server,
    credentials: new Credentials(origin, loaded),
    timeout: options.timeout,
    timing: surroundings.timing,
    onCall: options.onCall,
  });
  const limit = pLimit(PARALLEL_LISTS);
  const last: LastRead = {};
  const readPlain = async <S extends PlainSource>(source: S, signal: AbortSignal) => {
    const spec = withKnown<ClusterLists[S]>(LIST_SPECS[source], last[source]?.deref());
    const listing = await readListing(connection, spec, options.namespaces, signal);
    // An assignment by a key that is a parameter is beyond what the types can follow.
    Object.assign(last, { [source]: new WeakRef(listing.items) } satisfies LastRead);
    return listing;
  };
  const { declaredSecrets: declared = [], driverNamespaces: namespaces = [] } = options;
  const origins = { declared, namespaces };
  const scope = { namespaces: options.namespaces, origins, limit };
  const readOther = {
    driverSecrets: async (signal) => await readDriverSecrets(connection, origins, signal),
    apiGroups: async (signal) => await readApiGroups(connection, signal),
    permissions: async (signal) => await readPermissions(connection, scope, signal),
  } satisfies { [S in OtherSource]: (signal: AbortSignal) => Promise<Listing<ClusterLists[S]>> };
  const readAny = async (source: ClusterSource, signal: AbortSignal): Promise<Listing<unknown>> =>
    isPlain(source) ? await readPlain(source, signal) : await readOther[source](signal);
  const readList = async <S extends ClusterSource>(source: S, signal: AbortSignal) =>
    // The source decides which list it is, which the types lose at a choice.
    (await readAny(source, signal)) as Listing<ClusterLists[S]>;
  return {
    name,
    identify: async (signal) => await identifyCluster(connection, signal),
    list: async (source, signal) => {
      const read = async () => await readList(source, signal);
      // Permissions are many requests, each of which waits for its turn.
      const listing = source === 'permissions' ? await read() : await limit(read);
      const { state } = listing.coverage;
      const items = listing.items.length;
      logger.log('debug', 'listed', { cluster: name, source, state, items });
      return listing;
    },
    driverConnections: async (signal) => {
      const connections = await readDriverConnections(connection, origins, signal);
      const { found, deadEnds } = connections;
      logger.log('debug', 'looked for the TrueNAS of its drivers', {
        cluster: name,
        found: found.length,
        in_vain: deadEnds.length,
      });
      return connections;
    },
    writer: clusterWriter(connection),
    leases: leaseClient(connection),
    watcher: clusterWatcher({
      connection,
      namespaces: options.namespaces,
      timing: surroundings.timing,
      logger,
    }),
    whoAmI: async (signal) => await whoAmI(connection, signal),
    connection: () => ({
      side: 'kubernetes',
      name,
      host: server.host,
      secure: server.protocol === 'https:',
      loopback: staysHere(loaded),
      tls: connection.tls,
      requests: connection.meter.answers,
      latency: connection.meter.latency(),
      failure: connection.failure,
    }),
    close: async () => {
      await connection.close();
    },
  };
}
