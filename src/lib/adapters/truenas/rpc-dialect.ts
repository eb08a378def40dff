import { type Dataset, type Pool, type ZfsSnapshot } from '../../core/model/truenas.ts';
import { type Family, releaseOf } from './api-versions.ts';
import { isAbsent, NasCallError } from './call-error.ts';
import {
  decodePoolDataset,
  decodeResource,
  decodeSnapshot,
  decodeSnapshotName,
  isOnBootPool,
} from './decode-datasets.ts';
import { DecodeError, instantOf, isRow, rowsOf, type Row, textOf } from './decode-values.ts';
import {
  datasetOf,
  type Dialect,
  groupBy,
  type Lookup,
  parentOf,
  poolOf,
  type ReadList,
  type SystemFacts,
} from './dialect.ts';
import { OBJECT_LISTS, objectLists } from './object-lists.ts';
import { type RpcClient } from './rpc-client.ts';

/** ZFS properties of a dataset that are used, by the names of ZFS. */
const DATASET_PROPERTIES = [
  'creation',
  'used',
  'usedbydataset',
  'usedbysnapshots',
  'usedbyrefreservation',
  'refquota',
  'volsize',
  'origin',
  'mountpoint',
];

/** Until 25.04 `locked` is told only where all of these are asked for. */
const LOCK_PROPERTIES = ['encryption', 'encryptionroot', 'keyformat', 'keystatus'];

/** Everything but `children`: each dataset of a flat answer would carry its whole subtree again. */
const DATASET_FIELDS = [
  'id',
  'type',
  'pool',
  'mountpoint',
  'locked',
  'user_properties',
  'comments',
  ...DATASET_PROPERTIES.filter((name) => name !== 'mountpoint'),
];

/** More listings than this cost more than one of the whole pool. */
const MANY_GROUPS = 200;

const SNAPSHOT_PROPERTIES = ['creation', 'used', 'referenced'];

type Ask = (
  method: string,
  params: readonly unknown[],
  signal: AbortSignal,
) => Promise<readonly Row[]>;

/** The JSON-RPC methods of a version family. */
export function rpcDialect(client: RpcClient, family: Family, system: string): Dialect {
  const ask: Ask = async (method, params, signal) =>
    rowsOf(await client.call(method, params, signal));
  const hasResources = family === '25.10' || family === '26';
  const datasets = hasResources ? resourceDatasets(ask, system) : poolDatasets(ask, system);
  const snapshots =
    family === '26'
      ? resourceSnapshots(ask, system)
      : querySnapshots(ask, system, hasResources ? 'pool.snapshot.query' : 'zfs.snapshot.query');
  return {
    transport: 'jsonrpc',
    family,
    facts: (signal) => facts(client, signal),
    lists: {
      ...objectLists(hasResources, system, (list, signal) =>
        ask(list.method, list.select === null ? [] : [[], { select: list.select }], signal),
      ),
      datasets: datasets.list,
      zfsSnapshots: snapshots.list,
    },
    datasets: datasets.lookup,
    snapshots: snapshots.lookup,
    close: () => client.close(),
  };
}

async function facts(client: RpcClient, signal: AbortSignal): Promise<SystemFacts> {
  const [version, hostId, info] = await Promise.all([
    client.call('system.version_short', [], signal),
    unlessDenied(client.call('system.host_id', [], signal)),
    unlessDenied(client.call('system.info', [], signal)),
  ]);
  if (typeof version !== 'string') throw new DecodeError('the version is no text');
  return {
    version: releaseOf(version),
    hostId: typeof hostId === 'string' ? hostId : null,
    clock: isRow(info) ? instantOf(info['datetime']) : null,
  };
}

/** What may not be read, or does not exist yet, is null. */
async function unlessDenied(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    const { failure } = error instanceof NasCallError ? error : { failure: undefined };
    if (failure === 'denied' || failure === 'unknown-method') return null;
    throw error;
  }
}

interface Source<T> {
  readonly list: ReadList<T>;
  readonly lookup: Lookup<T>;
}

/** Pools whose datasets can be listed; what an offline pool holds is in no list, and its status tells why. */
async function usablePools(ask: Ask, signal: AbortSignal): Promise<readonly Pool[]> {
  const { method, decode } = OBJECT_LISTS.pools;
  const rows = await ask(method, [[], { select: ['name', 'status'] }], signal);
  return rows.map((row) => decode(row, ''));
}

/** Lists pool by pool: one answer then is no longer than a pool is large. */
async function perPool(
  ask: Ask,
  signal: AbortSignal,
  listPool: (pool: string) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const pools = await usablePools(ask, signal);
  const lists = await Promise.all(
    pools.map(async ({ name, status }) => {
      try {
        return await listPool(name);
      } catch (error) {
        const isUsable = status === 'ONLINE' || status === 'DEGRADED';
        if (isAbsent(error) && !isUsable) return [];
        throw error;
      }
    }),
  );
  return lists.flat();
}

/** `zfs.resource.query`: opens only the paths it is given, and sends each dataset once. */
function resourceDatasets(ask: Ask, system: string): Source<Dataset> {
  const query = (path: string, children: boolean, signal: AbortSignal): Promise<readonly Row[]> =>
    ask(
      'zfs.resource.query',
      [
        {
          paths: [path],
          // Asked for as a property a guid is text; as the plain number it loses digits in JSON.
          properties: [...DATASET_PROPERTIES, 'keystatus', 'guid'],
          get_user_properties: true,
          get_source: false,
          get_children: children,
        },
      ],
      signal,
    );
  const decode = (row: Row): Dataset => decodeResource(row, system);
  return {
    list: async (signal) =>
      (await perPool(ask, signal, (pool) => query(pool, true, signal))).map(decode),
    lookup: {
      one: async (id, signal) => (await query(id, false, signal)).map(decode).find(hasId(id)),
      group: (ids) => {
        const groups = groupBy(ids, parentOf);
        return groups.size <= MANY_GROUPS ? groups : groupBy(ids, poolOf);
      },
      many: async (parent, signal) => (await query(parent, true, signal)).map(decode),
    },
  };
}

function hasId(id: string): (object: { readonly id: string }) => boolean {
  return (object) => object.id === id;
}

/** `pool.dataset.query` until 25.04, where only a single filter on the id spares the server a walk over everything. */
function poolDatasets(ask: Ask, system: string): Source<Dataset> {
  const query = async (
    filters: readonly unknown[],
    extra: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<readonly Dataset[]> => {
    const properties = [...DATASET_PROPERTIES, ...LOCK_PROPERTIES];
    const options = { select: DATASET_FIELDS, extra: { ...extra, properties } };
    const rows = await ask('pool.dataset.query', [filters, options], signal);
    return rows.map((row) => decodePoolDataset(row, system));
  };
  const all: ReadList<Dataset> = (signal) =>
    query([], { flat: true, retrieve_children: true }, signal);
  return {
    list: all,
    lookup: {
      one: async (id, signal) =>
        (await query([['id', '=', id]], { retrieve_children: false }, signal)).find(hasId(id)),
      group: (ids) => new Map([['', ids]]),
      many: (_key, signal) => all(signal),
    },
  };
}

/** `zfs.resource.snapshot.query` of 26, the only method there that tells user properties and every hold. */
function resourceSnapshots(ask: Ask, system: string): Source<ZfsSnapshot> {
  const method = 'zfs.resource.snapshot.query';
  const detailed = async (
    path: string,
    recursive: boolean,
    signal: AbortSignal,
  ): Promise<readonly ZfsSnapshot[]> => {
    const options = {
      paths: [path],
      recursive,
      properties: SNAPSHOT_PROPERTIES,
      get_user_properties: true,
      get_holds: true,
    };
    return (await ask(method, [options], signal)).map((row) => decodeSnapshot(row, system));
  };
  return {
    list: async (signal) => {
      const rows = await perPool(ask, signal, (pool) =>
        ask(method, [{ paths: [pool], recursive: true, properties: null }], signal),
      );
      return rows.map((row) => decodeSnapshotName(row, system));
    },
    lookup: {
      one: async (id, signal) => (await detailed(id, false, signal)).find(hasId(id)),
      group: groupSnapshots,
      many: (dataset, signal) =>
        detailed(dataset.replace(/\/\*$/, ''), dataset.endsWith('/*'), signal),
    },
  };
}

/** By dataset, or by pool (`tank/*`) where that would be as many calls as one per snapshot. */
function groupSnapshots(ids: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const groups = groupBy(ids, datasetOf);
  return groups.size <= MANY_GROUPS ? groups : groupBy(ids, (id) => `${poolOf(id)}/*`);
}

/** `pool.snapshot.query` of 25.10, `zfs.snapshot.query` before: cheap only where nothing but names is selected. */
function querySnapshots(ask: Ask, system: string, method: string): Source<ZfsSnapshot> {
  const detailed = async (
    filter: readonly [string, string, string],
    signal: AbortSignal,
  ): Promise<readonly ZfsSnapshot[]> => {
    const options = { extra: { holds: true, properties: SNAPSHOT_PROPERTIES } };
    return (await ask(method, [[filter], options], signal)).map((row) =>
      decodeSnapshot(row, system),
    );
  };
  return {
    list: async (signal) => {
      const rows = await ask(method, [[], { select: ['name'] }], signal);
      return rows
        .filter((row) => !isOnBootPool(textOf(row, 'name')))
        .map((row) => decodeSnapshotName(row, system));
    },
    lookup: {
      one: async (id, signal) => (await detailed(['id', '=', id], signal)).find(hasId(id)),
      group: groupSnapshots,
      many: (dataset, signal) =>
        dataset.endsWith('/*')
          ? detailed(['pool', '=', dataset.slice(0, -2)], signal)
          : detailed(['dataset', '=', dataset], signal),
    },
  };
}
