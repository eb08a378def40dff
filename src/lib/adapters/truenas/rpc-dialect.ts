import { type Login, rpcAccount } from './account.ts';
import { decodeAttachments } from './attachments.ts';
import { type Family, hasResources, releaseOf } from './api-versions.ts';
import { calledMethods, snapshotMethod } from './called-methods.ts';
import { DecodeError, instantOf, isRow, rowsOf } from './decode-values.ts';
import { type Dialect, type SystemFacts, unlessDenied } from './dialect.ts';
import { allowedMethods, rightsOf } from './methods.ts';
import { objectLists } from './object-lists.ts';
import { type RpcClient } from './rpc-client.ts';
import { poolDatasets, resourceDatasets } from './rpc-datasets.ts';
import { type Ask } from './rpc-query.ts';
import { JOBS, jobList, UNDER_WAY } from './running-jobs.ts';
import { querySnapshots, resourceSnapshots } from './rpc-snapshots.ts';

/** The JSON-RPC methods of a version family. */
export function rpcDialect(
  client: RpcClient,
  family: Family,
  system: string,
  login: Login,
): Dialect {
  const ask: Ask = async (method, params, signal) =>
    rowsOf(await client.call(method, params, signal));
  const isNew = hasResources(family);
  const datasets = isNew ? resourceDatasets(ask, system) : poolDatasets(ask, system);
  const snapshots =
    family === '26'
      ? resourceSnapshots(ask, system)
      : querySnapshots(ask, system, snapshotMethod(family));
  const has = { nvmet: isNew, select: true };
  const objects = objectLists(has, system, ({ method, select, extra }, signal) =>
    ask(method, select === null ? [] : [[], { select, ...(extra && { extra }) }], signal),
  );
  return {
    transport: 'jsonrpc',
    family,
    facts: (signal) => facts(client, signal),
    lists: {
      ...objects,
      runningJobs: jobList(
        system,
        (signal) =>
          ask(JOBS.method, [[['state', 'in', UNDER_WAY]], { select: JOBS.select }], signal),
        objects.replicationTasks,
      ),
      datasets: datasets.list,
      zfsSnapshots: snapshots.list,
      account: rpcAccount(client, login, system),
      methods: allowedMethods(client, calledMethods(family, 'jsonrpc'), system),
    },
    datasets: datasets.lookup,
    snapshots: snapshots.lookup,
    attachments: async (dataset, signal) =>
      decodeAttachments(await client.call('pool.dataset.attachments', [dataset], signal)),
    services: {
      one: (service, id, extra, signal) =>
        client.call(`${service}.get_instance`, [id, extra === undefined ? {} : { extra }], signal),
      all: (service, extra, signal) =>
        ask(`${service}.query`, [[], extra === undefined ? {} : { extra }], signal),
    },
    send: (call, signal) => client.send(call, signal),
    rights: (calls, signal) => rightsOf(client, new Set(calls.map(({ method }) => method)), signal),
    follow: (following, signal) => client.follow(collectionsOf(family), following, signal),
    get isAlive() {
      return client.isAlive;
    },
    get isBusy() {
      return client.isBusy;
    },
    renew: () => {
      client.renew();
    },
    close: () => {
      client.close();
    },
  };
}

/**
 * What volumes are made of. Tasks are not among them, which report each of their runs, and neither are jobs, for every scan would
 * be one.
 */
function collectionsOf(family: Family): readonly string[] {
  const always = [
    'pool.query',
    'pool.dataset.query',
    'pool.snapshot.query',
    'sharing.nfs.query',
    'sharing.smb.query',
    'iscsi.target.query',
    'iscsi.extent.query',
    'iscsi.targetextent.query',
  ];
  return hasResources(family)
    ? [...always, 'nvmet.subsys.query', 'nvmet.namespace.query']
    : [...always, 'zfs.snapshot.query'];
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
