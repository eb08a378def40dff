import pLimit from 'p-limit';
import { failed, type Listing, unlisted } from '../../core/model/coverage.ts';
import { type DeclaredSecret } from '../../core/model/driver-config.ts';
import { type ClusterLists, type ClusterSource } from '../../core/model/inventory.ts';
import { type Millis } from '../../core/model/units.ts';
import { type ClusterReader } from '../../ports/cluster.ts';
import { type Logger } from '../../ports/logger.ts';
import { isLoopback } from '../http/loopback.ts';
import { SYSTEM_TIMING, type RetryTiming } from '../http/retry.ts';
import { Connection } from './connection.ts';
import { Credentials } from './credentials.ts';
import { identifyCluster } from './identify.ts';
import { loadKubeconfig } from './kubeconfig.ts';
import { withKnown } from './known-objects.ts';
import { readListing } from './read-listing.ts';
import { readDriverConnections, type DriverConnections } from './driver-connections.ts';
import { readDriverSecrets } from './driver-secrets.ts';
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
}

/** A cluster, and what only whoever opens it is told: secrets are in it, so it is no list and no part of any scan. */
export interface OpenedCluster extends ClusterReader {
  /** How the CSI drivers there log in to TrueNAS. Only an abort of `signal` throws. */
  driverConnections(signal: AbortSignal): Promise<DriverConnections>;
}

/** Parts of the surroundings that tests replace. */
export interface ClusterSurroundings {
  readonly timing: RetryTiming;
  /** In front of the directory in which a pod finds its service account. */
  readonly rootDirectory: string;
}

const REAL_SURROUNDINGS: ClusterSurroundings = { timing: SYSTEM_TIMING, rootDirectory: '' };

/** The objects of each list as they were when it was last read. */
type LastRead = { [S in PlainSource]?: readonly ClusterLists[S][] };

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
  });
  const limit = pLimit(PARALLEL_LISTS);
  const last: LastRead = {};
  const readPlain = async <S extends PlainSource>(source: S, signal: AbortSignal) => {
    const spec = withKnown<ClusterLists[S]>(LIST_SPECS[source], last[source]);
    const listing = await readListing(connection, spec, options.namespaces, signal);
    // An assignment by a key that is a parameter is beyond what the types can follow.
    Object.assign(last, { [source]: listing.items } satisfies LastRead);
    return listing;
  };
  const { declaredSecrets: declared = [], driverNamespaces: namespaces = [] } = options;
  const origins = { declared, namespaces };
  const readList = async <S extends ClusterSource>(source: S, signal: AbortSignal) => {
    const listing =
      source === 'driverSecrets'
        ? await readDriverSecrets(connection, origins, signal)
        : source === 'apiGroups' || source === 'permissions'
          ? unlisted<ClusterLists[S]>(failed('not read yet'))
          : await readPlain(source, signal);
    // The source decides which list it is, which the types lose at a choice.
    return listing as Listing<ClusterLists[S]>;
  };
  return {
    name,
    identify: async (signal) => await identifyCluster(connection, signal),
    list: async (source, signal) =>
      await limit(async () => {
        const listing = await readList(source, signal);
        const { state } = listing.coverage;
        logger.log('debug', 'listed', {
          cluster: name,
          source,
          state,
          items: listing.items.length,
        });
        return listing;
      }),
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
    connection: () => ({
      side: 'kubernetes',
      name,
      host: server.host,
      secure: server.protocol === 'https:',
      loopback: isLoopback(server.hostname.replace(/^\[|\]$/g, '')),
      tls: null,
      requests: 0,
      latency: null,
      failure: null,
    }),
    close: async () => {
      await connection.close();
    },
  };
}
