import pLimit from 'p-limit';
import { type Connection } from '../core/model/connection.ts';
import { type Listing } from '../core/model/coverage.ts';
import {
  ConfigError,
  InsecureTransportError,
  KubeconfigError,
  MonitorError,
} from '../core/model/errors.ts';
import {
  CLUSTER_SOURCES,
  SYSTEM_SOURCES,
  type ClusterInventory,
  type ClusterSource,
  type ListSource,
  type SystemInventory,
  type SystemSource,
} from '../core/model/inventory.ts';
import { type ClusterReader } from '../ports/cluster.ts';
import { type Logger } from '../ports/logger.ts';
import { type NasReader } from '../ports/nas.ts';
import { type Progress } from '../ports/progress.ts';
import { bothSides, sharedFate, whileOfUse, type SideSignals } from './both-sides.ts';
import { failedConnection, type Lists, unreadCluster, unreadSystem } from './unread.ts';
import { requireDistinctClusters, requireDistinctSystems } from './distinct-members.ts';

/** What to read, and from whom. */
export interface CollectRequest {
  readonly clusters: readonly ClusterReader[];
  readonly systems: readonly NasReader[];
  readonly lists: ReadonlySet<ListSource>;
  /**
   * What becomes of a side of which nothing answers: it ends the scan, or it is handed out as a failed connection and
   * failed lists, for those who judge just that.
   */
  readonly unreachable: 'throws' | 'is-told';
  /** How many clusters and systems are read at the same time; all where nothing is said. */
  readonly maxConcurrent?: number | undefined;
  readonly progress: Progress;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

export interface Collected {
  readonly clusters: readonly ClusterInventory[];
  readonly systems: readonly SystemInventory[];
}

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
  return { identity, lists: lists as ClusterInventory['lists'], connection: reader.connection() };
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
  return { identity, lists: lists as SystemInventory['lists'], connection: reader.connection() };
}

/** One mistake ends the scan of all, which is not to be seen from the mistake. */
function forAll(fatal: Error): Error {
  if (!(fatal instanceof MonitorError)) return fatal;
  return fatal.withRemediation([
    ...fatal.remediation,
    'Mend this one first, or take it out of the configuration: because of it none of the others was read.',
  ]);
}

/** A failure that says something about one member alone, and none that only the user can mend. */
function isCircumstance(error: unknown): error is MonitorError {
  return error instanceof MonitorError && error.class !== 'configuration';
}

/** The same for those who judge connections: whatever a server refuses is an answer to them. */
function isAnswer(error: unknown): error is MonitorError {
  const ours = [ConfigError, KubeconfigError, InsecureTransportError];
  return error instanceof MonitorError && !ours.some((each) => error instanceof each);
}

/** How the members of one side are read, and what stands for one that cannot be. */
interface Side<R, I> {
  readonly readers: readonly R[];
  readonly read: (reader: R) => Promise<I>;
  readonly unread: (connection: Connection, reason: string) => I;
}

type Tried<R, I> =
  | { readonly inventory: I }
  | { readonly reader: R; readonly failure: MonitorError }
  | { readonly fatal: unknown };

async function tryToRead<R, I>(
  reader: R,
  read: (reader: R) => Promise<I>,
  isTold: (error: unknown) => error is MonitorError,
): Promise<Tried<R, I>> {
  try {
    return { inventory: await read(reader) };
  } catch (error) {
    return isTold(error) ? { reader, failure: error } : { fatal: error };
  }
}

/** One side, where some members may be unreachable: they become failed sources. */
async function readSide<R extends ClusterReader | NasReader, I>(
  { readers, read, unread }: Side<R, I>,
  { unreachable, logger, signal }: CollectRequest,
): Promise<readonly I[]> {
  const isTold = unreachable === 'is-told' ? isAnswer : isCircumstance;
  const results = await Promise.all(readers.map((reader) => tryToRead(reader, read, isTold)));
  // Whatever fails after the interruption fails because of it.
  if (unreachable === 'is-told') signal.throwIfAborted();
  const [fatal] = results.flatMap((result) => ('fatal' in result ? [result.fatal] : []));
  if (fatal instanceof Error) throw readers.length > 1 ? forAll(fatal) : fatal;
  const [down, ...others] = results.flatMap((result) => ('failure' in result ? [result] : []));
  if (unreachable === 'throws' && down !== undefined && others.length + 1 === readers.length) {
    throw down.failure;
  }
  return results.flatMap((result) => {
    if ('inventory' in result) return [result.inventory];
    if ('fatal' in result) return [];
    const { reader, failure } = result;
    // Whoever judges connections tells it in its place.
    const level = unreachable === 'throws' ? 'warn' : 'debug';
    logger.log(level, failure.message, { source: reader.name });
    return [unread(failedConnection(reader, failure), failure.message)];
  });
}

/** Reads both sides at once. A failed list becomes coverage; a failed side throws, unless it is asked for. */
export async function collect(request: CollectRequest): Promise<Collected> {
  const { clusters, systems, lists, progress } = request;
  const clusterLists = CLUSTER_SOURCES.filter((source) => lists.has(source));
  const systemLists = SYSTEM_SOURCES.filter((source) => lists.has(source));
  const total = clusters.length * clusterLists.length + systems.length * systemLists.length;
  let done = 0;
  const onList = (source: string): void => {
    done += 1;
    progress.step(`read ${source}`, done, total);
  };
  const { signals, orStop } = sharedFate(request.signal);
  const limit = pLimit(request.maxConcurrent ?? Infinity);
  const clusterSide: Side<ClusterReader, ClusterInventory> = {
    readers: clusters,
    read: (reader) => limit(() => readCluster(reader, clusterLists, onList, signals)),
    unread: (connection, reason) => unreadCluster(connection, clusterLists, reason),
  };
  const systemSide: Side<NasReader, SystemInventory> = {
    readers: systems,
    read: (reader) => limit(() => readSystem(reader, systemLists, onList, signals)),
    unread: (connection, reason) => unreadSystem(connection, systemLists, reason),
  };
  const [readClusters, readSystems] = await bothSides(
    orStop(readSide(clusterSide, request)),
    orStop(readSide(systemSide, request)),
  );
  requireDistinctClusters(readClusters);
  requireDistinctSystems(readSystems);
  return { clusters: readClusters, systems: readSystems };
}
