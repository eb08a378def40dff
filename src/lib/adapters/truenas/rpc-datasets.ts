import { poolName } from '../../core/correlate/paths.ts';
import { type Dataset } from '../../core/model/truenas.ts';
import { unlessAbsent } from './call-error.ts';
import { decodePoolDataset, decodeResource } from './decode-datasets.ts';
import { type Decoded, decodeRows, requested, seeing } from './decode-rows.ts';
import { type Row, type Rows } from './decode-values.ts';
import { groupBy, type ReadList, type Source } from './dialect.ts';
import { listingRootOf } from './paths.ts';
import { type Ask, NOTHING, perPool } from './rpc-query.ts';
import { DATASET_PROPERTIES, LOCK_PROPERTIES, MANY_GROUPS } from './zfs-fields.ts';

/**
 * What is asked of `pool.dataset.query`: everything but `children`, since each dataset of a flat answer would carry its
 * whole subtree again, and of each property only what ZFS wrote, a fifth of what TrueNAS says about it.
 */
const DATASET_FIELDS = [
  'id',
  'type',
  'pool',
  'mountpoint',
  'locked',
  'user_properties',
  'comments.rawvalue',
  ...DATASET_PROPERTIES.filter((name) => name !== 'mountpoint').map((name) => `${name}.rawvalue`),
];

/** `zfs.resource.query`: opens only the paths it is given, and sends each dataset once. */
export function resourceDatasets(ask: Ask, system: string): Source<Dataset> {
  const rows = async (path: string, children: boolean, signal: AbortSignal): Promise<Rows> => {
    const options = {
      paths: [path],
      // Asked for as a property a guid is text; as the plain number it loses digits in JSON.
      properties: [...DATASET_PROPERTIES, 'keystatus', 'guid'],
      get_user_properties: true,
      get_source: false,
      get_children: children,
    };
    return await ask('zfs.resource.query', [options], signal);
  };
  const decode = (row: Row): Dataset => decodeResource(row, system);
  const below = async (path: string, signal: AbortSignal): Promise<Decoded<Dataset>> =>
    decodeRows(await rows(path, true, signal), decode);
  return {
    list: (signal) => perPool(ask, signal, (pool) => below(pool, signal)),
    lookup: {
      see: async (id, signal) =>
        requested(id, decodeRows(await rows(id, false, signal), seeing(decode))),
      group: (ids) => {
        const groups = groupBy(ids, listingRootOf);
        return groups.size <= MANY_GROUPS ? groups : groupBy(ids, poolName);
      },
      // Where the path does not exist, nothing below it does.
      many: async (parent, signal) => (await unlessAbsent(below(parent, signal))) ?? NOTHING,
    },
  };
}

/** `pool.dataset.query` until 25.04, where only a single filter on the id spares the server a walk over everything. */
export function poolDatasets(ask: Ask, system: string): Source<Dataset> {
  const query = async (
    filters: readonly unknown[],
    extra: Row,
    signal: AbortSignal,
  ): Promise<Rows> => {
    const properties = [...DATASET_PROPERTIES, ...LOCK_PROPERTIES];
    const options = { select: DATASET_FIELDS, extra: { ...extra, properties } };
    return await ask('pool.dataset.query', [filters, options], signal);
  };
  const decode = (row: Row): Dataset => decodePoolDataset(row, system);
  const all: ReadList<Dataset> = async (signal) =>
    decodeRows(await query([], { flat: true, retrieve_children: true }, signal), decode);
  return {
    list: all,
    lookup: {
      see: async (id, signal) => {
        const rows = await query([['id', '=', id]], { retrieve_children: false }, signal);
        return requested(id, decodeRows(rows, seeing(decode)));
      },
      group: (ids) => new Map([['', ids]]),
      many: (_key, signal) => all(signal),
    },
  };
}
