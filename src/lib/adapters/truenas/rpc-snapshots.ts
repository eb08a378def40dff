import { type ZfsSnapshot } from '../../core/model/truenas.ts';
import { unlessAbsent } from './call-error.ts';
import { decodeSnapshot, decodeSnapshotName } from './decode-datasets.ts';
import { type Decoded, decodeRows, requested, seeing } from './decode-rows.ts';
import { type Row, type Rows } from './decode-values.ts';
import { groupBy, type Source } from './dialect.ts';
import { datasetOf, poolOfSnapshot } from './paths.ts';
import { type Ask, NOTHING, perPool } from './rpc-query.ts';
import { MANY_GROUPS, SNAPSHOT_PROPERTIES, SNAPSHOT_PROPERTIES_WITH_DEFER } from './zfs-fields.ts';

/** `zfs.resource.snapshot.query` of 26, the only method there that tells user properties and every hold. */
export function resourceSnapshots(ask: Ask, system: string): Source<ZfsSnapshot> {
  const method = 'zfs.resource.snapshot.query';
  const rows = async (path: string, recursive: boolean, signal: AbortSignal): Promise<Rows> => {
    const options = {
      paths: [path],
      recursive,
      properties: SNAPSHOT_PROPERTIES,
      get_user_properties: true,
      get_holds: true,
    };
    return await ask(method, [options], signal);
  };
  const decode = (row: Row): ZfsSnapshot => decodeSnapshot(row, system);
  const detailed = async (
    path: string,
    recursive: boolean,
    signal: AbortSignal,
  ): Promise<Decoded<ZfsSnapshot>> => decodeRows(await rows(path, recursive, signal), decode);
  return {
    list: (signal) =>
      perPool(ask, signal, async (pool) => {
        const options = { paths: [pool], recursive: true, properties: null };
        const names = await ask(method, [options], signal);
        return decodeRows(names, (row) => decodeSnapshotName(row, system));
      }),
    lookup: {
      see: async (id, signal) =>
        requested(id, decodeRows(await rows(id, false, signal), seeing(decode))),
      group: groupSnapshots,
      // Where the dataset does not exist, no snapshot of it does.
      many: async (dataset, signal) => {
        const path = dataset.replace(/\/\*$/, '');
        return (await unlessAbsent(detailed(path, dataset.endsWith('/*'), signal))) ?? NOTHING;
      },
    },
  };
}

/** By dataset, or by pool (`tank/*`) where that would be as many calls as one per snapshot. */
function groupSnapshots(ids: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const groups = groupBy(ids, datasetOf);
  return groups.size <= MANY_GROUPS ? groups : groupBy(ids, (id) => `${poolOfSnapshot(id)}/*`);
}

/** `pool.snapshot.query` of 25.10, `zfs.snapshot.query` before: cheap only where nothing but names is selected. */
export function querySnapshots(ask: Ask, system: string, method: string): Source<ZfsSnapshot> {
  const rows = async (
    filter: readonly [string, string, string],
    signal: AbortSignal,
  ): Promise<Rows> => {
    const options = { extra: { holds: true, properties: SNAPSHOT_PROPERTIES_WITH_DEFER } };
    return await ask(method, [[filter], options], signal);
  };
  const decode = (row: Row): ZfsSnapshot => decodeSnapshot(row, system);
  return {
    list: async (signal) => {
      const names = await ask(method, [[], { select: ['name'] }], signal);
      return decodeRows(names, (row) => decodeSnapshotName(row, system));
    },
    lookup: {
      see: async (id, signal) =>
        requested(id, decodeRows(await rows(['id', '=', id], signal), seeing(decode))),
      group: groupSnapshots,
      many: async (dataset, signal) => {
        const isPool = dataset.endsWith('/*');
        const path = isPool ? dataset.slice(0, -2) : dataset;
        return decodeRows(await rows([isPool ? 'pool' : 'dataset', '=', path], signal), decode);
      },
    },
  };
}
