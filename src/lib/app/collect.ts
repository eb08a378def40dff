import { failed, unlisted, type Listing } from '../core/model/coverage.ts';
import { MonitorError } from '../core/model/errors.ts';
import {
  CLUSTER_SOURCES,
  SYSTEM_SOURCES,
  type ClusterIdentity,
  type ClusterInventory,
  type ClusterSource,
  type ListSource,
  type SystemIdentity,
  type SystemInventory,
  type SystemSource,
} from '../core/model/inventory.ts';
import { type ClusterReader } from '../ports/cluster.ts';
import { type Logger } from '../ports/logger.ts';
import { type NasReader } from '../ports/nas.ts';
import { type Progress } from '../ports/progress.ts';
import { bothSides, sharedFate, whileOfUse, type SideSignals } from './both-sides.ts';
import { requireDistinctClusters, requireDistinctSystems } from './distinct-members.ts';

/** What to read, and from whom. */
export interface CollectRequest {
  readonly clusters: readonly ClusterReader[];
  readonly systems: readonly NasReader[];
  readonly lists: ReadonlySet<ListSource>;
  readonly progress: Progress;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

export interface Collected {
  readonly clusters: readonly ClusterInventory[];
  readonly systems: readonly SystemInventory[];
}

type Lists<S extends string> = Partial<Record<S, Listing<unknown>>>;

/** Reads the wanted lists of one member, all at once; how many run together is the adapter's to bound. */
async function readLists<S extends string>(
  wanted: readonly S[],
  list: (source: S) => Promise<Listing<unknown>>,
  onList: (source: S) => void,
): Promise<Lists<S>> {
  const lists: Lists<S> = {};
  await Promise.all(
    wanted.map(async (source) => {
      lists[source] = await list(source);
      onList(source);
    }),
  );
  // Rows of a report stand in the order of the catalogue, not of arrival.
  return Object.fromEntries(wanted.map((source) => [source, lists[source]])) as Lists<S>;
}

async function readCluster(
  reader: ClusterReader,
  wanted: readonly ClusterSource[],
  onList: (source: string) => void,
  signals: SideSignals,
): Promise<ClusterInventory> {
  const identity = await reader.identify(signals.whole);
  const lists = await whileOfUse(signals, async (signal) => {
    return await readLists(wanted, (source) => reader.list(source, signal), onList);
  });
  // Each listing came from the reader under the very name it is stored under.
  return { identity, lists: lists as ClusterInventory['lists'] };
}

async function readSystem(
  reader: NasReader,
  wanted: readonly SystemSource[],
  onList: (source: string) => void,
  signals: SideSignals,
): Promise<SystemInventory> {
  const identity = await reader.identify(signals.whole);
  const lists = await whileOfUse(signals, async (signal) => {
    return await readLists(wanted, (source) => reader.list(source, signal), onList);
  });
  return { identity, lists: lists as SystemInventory['lists'] };
}

function unreadLists<S extends string>(wanted: readonly S[], reason: string): Lists<S> {
  return Object.fromEntries(wanted.map((source) => [source, unlisted(failed(reason))])) as Lists<S>;
}

function unreadCluster(
  name: string,
  wanted: readonly ClusterSource[],
  reason: string,
): ClusterInventory {
  const identity: ClusterIdentity = {
    name,
    uid: null,
    createdAt: null,
    version: null,
    platform: 'kubernetes',
    clock: null,
  };
  return { identity, lists: unreadLists(wanted, reason) as ClusterInventory['lists'] };
}

function unreadSystem(
  name: string,
  wanted: readonly SystemSource[],
  reason: string,
): SystemInventory {
  const identity: SystemIdentity = {
    name,
    host: name,
    hostId: null,
    version: 'unknown',
    transport: 'jsonrpc',
    clock: null,
  };
  return { identity, lists: unreadLists(wanted, reason) as SystemInventory['lists'] };
}

/** One mistake ends the scan of all, which is not to be seen from the mistake. */
function forAll(fatal: Error): Error {
  if (!(fatal instanceof MonitorError)) return fatal;
  return fatal.withRemediation([
    ...fatal.remediation,
    'Mend this one first, or take it out of the configuration: because of it none of the others was read.',
  ]);
}

/**
 * One side, where some members may be unreachable: they become failed sources. A side of which nothing answers, or
 * a mistake only the user can mend, ends the scan.
 */
async function readSide<R extends { readonly name: string }, I>(
  readers: readonly R[],
  read: (reader: R) => Promise<I>,
  unread: (name: string, reason: string) => I,
  logger: Logger,
): Promise<readonly I[]> {
  const results = await Promise.allSettled(readers.map(read));
  const errors = results.flatMap((result) =>
    result.status === 'rejected' ? [result.reason as unknown] : [],
  );
  const fatal = errors.find(
    (error) => !(error instanceof MonitorError) || error.class === 'configuration',
  );
  if (fatal instanceof Error) throw readers.length > 1 ? forAll(fatal) : fatal;
  const [first] = errors;
  if (first instanceof Error && errors.length === readers.length) throw first;
  return results.map((result, at) => {
    if (result.status === 'fulfilled') return result.value;
    const name = readers[at]?.name ?? '';
    const reason = result.reason instanceof Error ? result.reason.message : String(result.reason);
    logger.log('warn', reason, { source: name });
    return unread(name, reason);
  });
}

/** Reads both sides at once. A failed list becomes coverage; a failed side throws. */
export async function collect(request: CollectRequest): Promise<Collected> {
  const { clusters, systems, lists, progress, logger } = request;
  const clusterLists = CLUSTER_SOURCES.filter((source) => lists.has(source));
  const systemLists = SYSTEM_SOURCES.filter((source) => lists.has(source));
  const total = clusters.length * clusterLists.length + systems.length * systemLists.length;
  let done = 0;
  const onList = (source: string): void => {
    done += 1;
    progress.step(`read ${source}`, done, total);
  };
  const { signals, orStop } = sharedFate(request.signal);
  const [clusterSide, systemSide] = await bothSides(
    orStop(
      readSide(
        clusters,
        (reader) => readCluster(reader, clusterLists, onList, signals),
        (name, reason) => unreadCluster(name, clusterLists, reason),
        logger,
      ),
    ),
    orStop(
      readSide(
        systems,
        (reader) => readSystem(reader, systemLists, onList, signals),
        (name, reason) => unreadSystem(name, systemLists, reason),
        logger,
      ),
    ),
  );
  requireDistinctClusters(clusterSide);
  requireDistinctSystems(systemSide);
  return { clusters: clusterSide, systems: systemSide };
}
