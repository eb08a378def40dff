import { type Dataset, type ZfsSnapshot } from '../../core/model/truenas.ts';
import { type Login, restAccount } from './account.ts';
import { familyOf, hasResources, releaseOf } from './api-versions.ts';
import { decodeAttachments } from './attachments.ts';
import { unlessAbsent } from './call-error.ts';
import { calledMethods } from './called-methods.ts';
import {
  decodePoolDataset,
  decodeSnapshot,
  decodeSnapshotName,
  flattenDatasets,
} from './decode-datasets.ts';
import { decodeRows, requested, type Seen, seeing } from './decode-rows.ts';
import { DecodeError, instantOf, isRow, type Row, rowsOf } from './decode-values.ts';
import { type Dialect, groupBy, type ReadList, type Source, unlessDenied } from './dialect.ts';
import { datasetOf, poolOfSnapshot } from './paths.ts';
import { untoldMethods } from './methods.ts';
import { objectLists } from './object-lists.ts';
import { type RestClient } from './rest-client.ts';
import { routeOf } from './call.ts';
import { restRights } from './rest-rights.ts';
import { JOBS, jobList, UNDER_WAY } from './running-jobs.ts';
import {
  DATASET_PROPERTIES,
  LOCK_PROPERTIES,
  MANY_GROUPS,
  SNAPSHOT_PROPERTIES_WITH_DEFER,
} from './zfs-fields.ts';

/** Options of a query travel in its query string as JSON: not every proxy lets a GET keep its body. */
function withExtra(path: string, extra: Row | undefined): string {
  if (extra === undefined) return path;
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(extra))
    query.set(`extra.${key}`, JSON.stringify(value));
  return `${path}?${query.toString()}`;
}

const PROPERTIES = [...DATASET_PROPERTIES, ...LOCK_PROPERTIES];

const SNAPSHOT_DETAILS = { holds: true, properties: SNAPSHOT_PROPERTIES_WITH_DEFER };

/** REST v2.0, up to 25.10. Connects in order to learn the release, on which one route depends. */
export async function restDialect(
  client: RestClient,
  system: string,
  login: Login,
  signal: AbortSignal,
): Promise<Dialect> {
  const answer = await client.get('/system/version', signal);
  if (typeof answer !== 'string') throw new DecodeError('the version is no text');
  const version = releaseOf(answer);
  const family = familyOf(version);
  const isNew = hasResources(family);
  const datasets = datasetSource(client, system);
  const snapshots = snapshotSource(client, system, isNew ? '/pool/snapshot' : '/zfs/snapshot');
  const has = { nvmet: isNew, select: false };
  const objects = objectLists(has, system, async ({ path, extra, verb }, scope) =>
    path === null ? [] : rowsOf(await client.get(withExtra(path, extra), scope, verb)),
  );
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
      ...objects,
      runningJobs: jobList(
        system,
        (scope) => jobsUnderWay(client, scope),
        objects.replicationTasks,
      ),
      datasets: datasets.list,
      zfsSnapshots: snapshots.list,
      account: restAccount(login, system),
      methods: untoldMethods(calledMethods(family, 'rest'), system),
    },
    datasets: datasets.lookup,
    snapshots: snapshots.lookup,
    attachments: async (dataset, scope) => {
      const path = `/pool/dataset/id/${encodeURIComponent(dataset)}/attachments`;
      return decodeAttachments(await client.get(path, scope, 'POST'));
    },
    services: {
      one: (service, id, extra, scope) =>
        client.get(withExtra(`${routeOf(service)}/id/${id}`, extra), scope),
      all: async (service, extra, scope) =>
        rowsOf(await client.get(withExtra(routeOf(service), extra), scope)),
    },
    send: ({ route, timeout }, scope) => client.send(route, timeout, scope),
    rights: (calls, scope) => restRights(client, login, calls, scope),
    follow: undefined,
    // No session: which version it is, is found out anew for each scan.
    isAlive: false,
    isBusy: false,
    renew: () => undefined,
    close: () => undefined,
  };
}

/** State by state, in the order in which a job goes through them: none is missed on its way. */
async function jobsUnderWay(client: RestClient, signal: AbortSignal): Promise<readonly unknown[]> {
  const rows: unknown[] = [];
  for (const state of UNDER_WAY) {
    rows.push(...rowsOf(await client.get(`${JOBS.path}?state=${state}`, signal)));
  }
  return rows;
}

/** Looks one object up by its id; only a JSON 404 says that there is none. */
async function see<T extends { readonly id: string }>(
  id: string,
  read: Promise<unknown>,
  decode: (row: Row) => T,
): Promise<Seen<T> | undefined> {
  const answer = await unlessAbsent(read);
  return answer === undefined ? undefined : requested(id, decodeRows([answer], seeing(decode)));
}

function datasetSource(client: RestClient, system: string): Source<Dataset> {
  // Nested, since a flat answer repeats each dataset in all its ancestors.
  const all: ReadList<Dataset> = async (signal) => {
    const path = withExtra('/pool/dataset', { flat: false, properties: PROPERTIES });
    const rows = flattenDatasets(rowsOf(await client.get(path, signal)));
    return decodeRows(rows, (row) => decodePoolDataset(row, system));
  };
  return {
    list: all,
    lookup: {
      see: async (id, signal) => {
        const path = withExtra(`/pool/dataset/id/${encodeURIComponent(id)}`, {
          retrieve_children: false,
          properties: PROPERTIES,
        });
        return await see(id, client.get(path, signal), (row) => decodePoolDataset(row, system));
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
      return decodeRows(rows, (row) => decodeSnapshotName(row, system));
    },
    lookup: {
      see: async (id, signal) =>
        await see(
          id,
          client.get(withExtra(`${route}/id/${encodeURIComponent(id)}`, SNAPSHOT_DETAILS), signal),
          (row) => decodeSnapshot(row, system),
        ),
      group: (ids) => {
        const groups = groupBy(ids, (id) => `dataset=${encodeURIComponent(datasetOf(id))}`);
        if (groups.size <= MANY_GROUPS) return groups;
        return groupBy(ids, (id) => `pool=${encodeURIComponent(poolOfSnapshot(id))}`);
      },
      many: async (filter, signal) => {
        const path = `${withExtra(route, SNAPSHOT_DETAILS)}&${filter}`;
        const rows = rowsOf(await client.get(path, signal));
        return decodeRows(rows, (row) => decodeSnapshot(row, system));
      },
    },
  };
}
