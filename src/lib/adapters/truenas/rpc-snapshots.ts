import { type ZfsSnapshot } from '../../core/model/truenas.ts';
import { unlessAbsent } from './call-error.ts';
import { decodeSnapshot, decodeSnapshotName } from './decode-datasets.ts';
import { type Decoded, decodeRows, requested } from './decode-rows.ts';
import { groupBy, type Source } from './dialect.ts';
import { datasetOf, poolOfSnapshot } from './paths.ts';
import { type Ask, NOTHING, perPool } from './rpc-query.ts';
import { MANY_GROUPS, SNAPSHOT_PROPERTIES, SNAPSHOT_PROPERTIES_WITH_DEFER } from './zfs-fields.ts';

/** `zfs.resource.snapshot.query` of 26, the only method there that tells user properties and every hold. */
export function resourceSnapshots(ask: Ask, system: string): Source<ZfsSnapshot> {
  const method = 'zfs.resource.snapshot.query';
  const detailed = async (
    path: string,
    recursive: boolean,
    signal: AbortSignal,
  ): Promise<Decoded<ZfsSnapshot>> => {
    const options = {
      paths: [path],
      recursive,
      properties: SNAPSHOT_PROPERTIES,
      get_user_properties: true,
      get_holds: true,
    };
    return decodeRows(await ask(method, [options], signal), (row) => decodeSnapshot(row, system));
  };
  return {
    list: (signal) =>
      perPool(ask, signal, async (pool) => {
        const options = { paths: [pool], recursive: true, properties: null };
        const rows = await ask(method, [options], signal);
        return decodeRows(rows, (row) => decodeSnapshotName(row, system));
      }),
    lookup: {
      one: async (id, signal) => requested(id, await detailed(id, false, signal)),
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
  const detailed = async (
    filter: readonly [string, string, string],
    signal: AbortSignal,
  ): Promise<Decoded<ZfsSnapshot>> => {
    const options = { extra: { holds: true, properties: SNAPSHOT_PROPERTIES_WITH_DEFER } };
    const rows = await ask(method, [[filter], options], signal);
    return decodeRows(rows, (row) => decodeSnapshot(row, system));
  };
  return {
    list: async (signal) => {
      const rows = await ask(method, [[], { select: ['name'] }], signal);
      return decodeRows(rows, (row) => decodeSnapshotName(row, system));
    },
    lookup: {
      one: async (id, signal) => requested(id, await detailed(['id', '=', id], signal)),
      group: groupSnapshots,
      many: (dataset, signal) =>
        dataset.endsWith('/*')
          ? detailed(['pool', '=', dataset.slice(0, -2)], signal)
          : detailed(['dataset', '=', dataset], signal),
    },
  };
}
