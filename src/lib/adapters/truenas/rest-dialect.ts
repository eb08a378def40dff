import { type Dataset, type ZfsSnapshot } from '../../core/model/truenas.ts';
import { familyOf, releaseOf } from './api-versions.ts';
import { unlessAbsent } from './call-error.ts';
import {
  decodePoolDataset,
  decodeSnapshot,
  decodeSnapshotName,
  flattenDatasets,
  isOnBootPool,
} from './decode-datasets.ts';
import { DecodeError, instantOf, isRow, rowsOf, textOf } from './decode-values.ts';
import { type Dialect, groupBy, type ReadList, type Source, unlessDenied } from './dialect.ts';
import { datasetOf, poolOfSnapshot } from './paths.ts';
import { objectLists } from './object-lists.ts';
import { type RestClient } from './rest-client.ts';
import {
  DATASET_PROPERTIES,
  LOCK_PROPERTIES,
  MANY_GROUPS,
  SNAPSHOT_PROPERTIES,
} from './zfs-fields.ts';

/** Options of a query travel in its query string as JSON: not every proxy lets a GET keep its body. */
function withExtra(path: string, extra: Readonly<Record<string, unknown>>): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(extra))
    query.set(`extra.${key}`, JSON.stringify(value));
  return `${path}?${query.toString()}`;
}

const PROPERTIES = [...DATASET_PROPERTIES, ...LOCK_PROPERTIES];

const SNAPSHOT_DETAILS = { holds: true, properties: SNAPSHOT_PROPERTIES };

/** REST v2.0, up to 25.10. Connects in order to learn the release, on which one route depends. */
export async function restDialect(
  client: RestClient,
  system: string,
  signal: AbortSignal,
): Promise<Dialect> {
  const answer = await client.get('/system/version', signal);
  if (typeof answer !== 'string') throw new DecodeError('the version is no text');
  const version = releaseOf(answer);
  const family = familyOf(version);
  const isNew = family !== '24' && family !== '25.04';
  const datasets = datasetSource(client, system);
  const snapshots = snapshotSource(client, system, isNew ? '/pool/snapshot' : '/zfs/snapshot');
  return {
    transport: 'rest',
    family,
    facts: async (scope) => {
      const [hostId, info] = await Promise.all([
        unlessDenied(client.get('/system/host_id', scope)),
        unlessDenied(client.get('/system/info', scope)),
      ]);
      return {
        version,
        hostId: typeof hostId === 'string' ? hostId : null,
        clock: isRow(info) ? instantOf(info['datetime']) : null,
      };
    },
    lists: {
      ...objectLists(isNew, system, async (list, scope) =>
        rowsOf(await client.get(list.path, scope)),
      ),
      datasets: datasets.list,
      zfsSnapshots: snapshots.list,
    },
    datasets: datasets.lookup,
    snapshots: snapshots.lookup,
    close: () => undefined,
  };
}

/** Looks one object up by its id; only a JSON 404 says that there is none. */
async function one<T>(
  read: Promise<unknown>,
  decode: (answer: unknown) => T,
): Promise<T | undefined> {
  const answer = await unlessAbsent(read);
  return answer === undefined ? undefined : decode(answer);
}

function rowOf(answer: unknown): Readonly<Record<string, unknown>> {
  if (!isRow(answer)) throw new DecodeError('an object was expected');
  return answer;
}

function datasetSource(client: RestClient, system: string): Source<Dataset> {
  // Nested, since a flat answer repeats each dataset in all its ancestors.
  const all: ReadList<Dataset> = async (signal) => {
    const path = withExtra('/pool/dataset', { flat: false, properties: PROPERTIES });
    const rows = rowsOf(await client.get(path, signal));
    return flattenDatasets(rows).map((row) => decodePoolDataset(row, system));
  };
  return {
    list: all,
    lookup: {
      one: async (id, signal) => {
        const path = withExtra(`/pool/dataset/id/${encodeURIComponent(id)}`, {
          retrieve_children: false,
          properties: PROPERTIES,
        });
        return await one(client.get(path, signal), (answer) =>
          decodePoolDataset(rowOf(answer), system),
        );
      },
      group: (ids) => new Map([['', ids]]),
      many: (_key, signal) => all(signal),
    },
  };
}

function snapshotSource(client: RestClient, system: string, route: string): Source<ZfsSnapshot> {
  return {
    list: async (signal) => {
      const rows = rowsOf(await client.get(withExtra(route, { properties: ['name'] }), signal));
      return rows
        .filter((row) => !isOnBootPool(textOf(row, 'name')))
        .map((row) => decodeSnapshotName(row, system));
    },
    lookup: {
      one: async (id, signal) =>
        await one(
          client.get(withExtra(`${route}/id/${encodeURIComponent(id)}`, SNAPSHOT_DETAILS), signal),
          (answer) => decodeSnapshot(rowOf(answer), system),
        ),
      group: (ids) => {
        const groups = groupBy(ids, (id) => `dataset=${encodeURIComponent(datasetOf(id))}`);
        if (groups.size <= MANY_GROUPS) return groups;
        return groupBy(ids, (id) => `pool=${encodeURIComponent(poolOfSnapshot(id))}`);
      },
      many: async (filter, signal) => {
        const path = `${withExtra(route, SNAPSHOT_DETAILS)}&${filter}`;
        return rowsOf(await client.get(path, signal)).map((row) => decodeSnapshot(row, system));
      },
    },
  };
}
