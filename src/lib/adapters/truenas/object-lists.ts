import { type SystemLists, type SystemSource } from '../../core/model/inventory.ts';
import {
  decodeIscsiExtent,
  decodeIscsiSession,
  decodeIscsiTarget,
  decodeIscsiTargetExtent,
  decodeNfsShare,
  decodeNvmetNamespace,
  decodePool,
  decodeReplicationTask,
  decodeSmbShare,
  decodeSnapshotTask,
} from './decode-objects.ts';
import { type Row } from './decode-values.ts';

/** Sources that every version lists the same way. */
export type ObjectSource = Exclude<SystemSource, 'datasets' | 'zfsSnapshots'>;

interface ObjectList<T> {
  readonly method: string;
  readonly path: string;
  /** Fields to ask for where the transport can choose; null where the method takes no options. */
  readonly select: readonly string[] | null;
  readonly decode: (row: Row, system: string) => T;
}

/**
 * How each list is asked for. Shares and extents are asked with their lock state, although it costs the server time:
 * what stands on a locked dataset must never look dangling.
 */
export const OBJECT_LISTS: { readonly [S in ObjectSource]: ObjectList<SystemLists[S]> } = {
  pools: {
    method: 'pool.query',
    path: '/pool',
    select: ['name', 'status', 'size', 'allocated', 'free'],
    decode: decodePool,
  },
  nfsShares: {
    method: 'sharing.nfs.query',
    path: '/sharing/nfs',
    select: ['id', 'path', 'comment', 'enabled', 'locked'],
    decode: decodeNfsShare,
  },
  smbShares: {
    method: 'sharing.smb.query',
    path: '/sharing/smb',
    select: ['id', 'name', 'path', 'enabled', 'locked'],
    decode: decodeSmbShare,
  },
  iscsiTargets: {
    method: 'iscsi.target.query',
    path: '/iscsi/target',
    select: ['id', 'name'],
    decode: decodeIscsiTarget,
  },
  iscsiExtents: {
    method: 'iscsi.extent.query',
    path: '/iscsi/extent',
    select: ['id', 'name', 'type', 'path', 'disk', 'comment', 'enabled', 'locked'],
    decode: decodeIscsiExtent,
  },
  iscsiTargetExtents: {
    method: 'iscsi.targetextent.query',
    path: '/iscsi/targetextent',
    select: ['id', 'target', 'extent', 'lunid'],
    decode: decodeIscsiTargetExtent,
  },
  iscsiSessions: {
    method: 'iscsi.global.sessions',
    path: '/iscsi/global/sessions',
    select: null,
    decode: decodeIscsiSession,
  },
  nvmetNamespaces: {
    method: 'nvmet.namespace.query',
    path: '/nvmet/namespace',
    select: ['id', 'device_path', 'subsys', 'enabled'],
    decode: decodeNvmetNamespace,
  },
  snapshotTasks: {
    method: 'pool.snapshottask.query',
    path: '/pool/snapshottask',
    select: ['id', 'dataset', 'recursive', 'enabled'],
    decode: decodeSnapshotTask,
  },
  replicationTasks: {
    method: 'replication.query',
    path: '/replication',
    select: ['id', 'name', 'source_datasets', 'target_dataset', 'recursive', 'enabled'],
    decode: decodeReplicationTask,
  },
};

/** The lists of {@link OBJECT_LISTS} that exist on a version, each read by `read`. */
export function objectLists(
  hasNvmet: boolean,
  system: string,
  read: (list: ObjectList<unknown>, signal: AbortSignal) => Promise<readonly Row[]>,
): { readonly [S in ObjectSource]?: (signal: AbortSignal) => Promise<readonly SystemLists[S][]> } {
  function reader<T>(list: ObjectList<T>): (signal: AbortSignal) => Promise<readonly T[]> {
    return async (signal) => (await read(list, signal)).map((row) => list.decode(row, system));
  }
  return {
    pools: reader(OBJECT_LISTS.pools),
    nfsShares: reader(OBJECT_LISTS.nfsShares),
    smbShares: reader(OBJECT_LISTS.smbShares),
    iscsiTargets: reader(OBJECT_LISTS.iscsiTargets),
    iscsiExtents: reader(OBJECT_LISTS.iscsiExtents),
    iscsiTargetExtents: reader(OBJECT_LISTS.iscsiTargetExtents),
    iscsiSessions: reader(OBJECT_LISTS.iscsiSessions),
    ...(hasNvmet ? { nvmetNamespaces: reader(OBJECT_LISTS.nvmetNamespaces) } : {}),
    snapshotTasks: reader(OBJECT_LISTS.snapshotTasks),
    replicationTasks: reader(OBJECT_LISTS.replicationTasks),
  };
}
