import { decodeAttachments } from './attachments.ts';
import { type Family, releaseOf } from './api-versions.ts';
import { DecodeError, instantOf, isRow, rowsOf } from './decode-values.ts';
import { type Dialect, type SystemFacts, unlessDenied } from './dialect.ts';
import { objectLists } from './object-lists.ts';
import { type RpcClient } from './rpc-client.ts';
import { poolDatasets, resourceDatasets } from './rpc-datasets.ts';
import { type Ask } from './rpc-query.ts';
import { JOBS, jobList, UNDER_WAY } from './running-jobs.ts';
import { querySnapshots, resourceSnapshots } from './rpc-snapshots.ts';

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
  const objects = objectLists(hasResources, system, ({ method, select, extra }, signal) =>
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
    },
    datasets: datasets.lookup,
    snapshots: snapshots.lookup,
    attachments: async (dataset, signal) =>
      decodeAttachments(await client.call('pool.dataset.attachments', [dataset], signal)),
    close: () => {
      client.close();
    },
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
