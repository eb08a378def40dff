import { type SystemLists, type SystemSource } from '../../core/model/inventory.ts';
import {
  decodeIscsiExtent,
  decodeIscsiInitiator,
  decodeIscsiSession,
  decodeIscsiTarget,
  decodeIscsiTargetExtent,
  decodeNfsShare,
  decodeNvmetNamespace,
  decodeNvmetSession,
  decodeNvmetSubsystem,
  decodePool,
  decodeReplicationTask,
  decodeSmbShare,
  decodeSnapshotTask,
} from './decode-objects.ts';
import { decodeRows } from './decode-rows.ts';
import { type Row, type Rows } from './decode-values.ts';
import { type NvmetSource, type ReadList } from './dialect.ts';

/** Sources that every version lists the same way. */
export type ObjectSource = Exclude<
  SystemSource,
  | 'datasets'
  | 'zfsSnapshots'
  | 'runningJobs'
  | 'iscsiPortals'
  | 'iscsiAuths'
  | 'services'
  | 'alerts'
  | 'addresses'
  | 'account'
  | 'methods'
>;

interface ObjectList<T> {
  readonly method: string;
  readonly path: string;
  /** Fields to ask for where the transport can choose; null where the method takes no options. */
  readonly select: readonly string[] | null;
  readonly extra?: Readonly<Record<string, unknown>>;
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
    select: ['id', 'name', 'path', 'comment', 'enabled', 'locked'],
    decode: decodeSmbShare,
  },
  iscsiTargets: {
    method: 'iscsi.target.query',
    path: '/iscsi/target',
    select: ['id', 'name', 'alias', 'groups'],
    decode: decodeIscsiTarget,
  },
  iscsiInitiators: {
    method: 'iscsi.initiator.query',
    path: '/iscsi/initiator',
    select: ['id', 'comment'],
    decode: decodeIscsiInitiator,
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
    select: ['id', 'device_type', 'device_path', 'subsys', 'enabled', 'locked'],
    decode: decodeNvmetNamespace,
  },
  nvmetSubsystems: {
    method: 'nvmet.subsys.query',
    path: '/nvmet/subsys',
    select: ['id', 'name', 'subnqn', 'ports', 'hosts'],
    // Without it every subsystem looks as if it had no port and no host.
    extra: { verbose: true },
    decode: decodeNvmetSubsystem,
  },
  nvmetSessions: {
    method: 'nvmet.global.sessions',
    path: '/nvmet/global/sessions',
    select: null,
    decode: decodeNvmetSession,
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
    select: [
      'id',
      'name',
      'direction',
      'transport',
      'source_datasets',
      'target_dataset',
      'recursive',
      'enabled',
    ],
    decode: decodeReplicationTask,
  },
};

/** Sources a version may lack, and those it has. */
type ObjectReaders = {
  readonly [S in Exclude<ObjectSource, NvmetSource>]: ReadList<SystemLists[S]>;
} & { readonly [S in NvmetSource]?: ReadList<SystemLists[S]> };

/** The lists of {@link OBJECT_LISTS} that exist on a version, each read by `read`. */
export function objectLists(
  hasNvmet: boolean,
  system: string,
  read: (list: ObjectList<unknown>, signal: AbortSignal) => Promise<Rows>,
): ObjectReaders {
  function reader<T>(list: ObjectList<T>): ReadList<T> {
    return async (signal) =>
      decodeRows(await read(list, signal), (row) => list.decode(row, system));
  }
  const lists = OBJECT_LISTS;
  return {
    pools: reader(lists.pools),
    nfsShares: reader(lists.nfsShares),
    smbShares: reader(lists.smbShares),
    iscsiTargets: reader(lists.iscsiTargets),
    iscsiInitiators: reader(lists.iscsiInitiators),
    iscsiExtents: reader(lists.iscsiExtents),
    iscsiTargetExtents: reader(lists.iscsiTargetExtents),
    iscsiSessions: reader(lists.iscsiSessions),
    snapshotTasks: reader(lists.snapshotTasks),
    replicationTasks: reader(lists.replicationTasks),
    ...(hasNvmet && {
      nvmetNamespaces: reader(lists.nvmetNamespaces),
      nvmetSubsystems: reader(lists.nvmetSubsystems),
      nvmetSessions: reader(lists.nvmetSessions),
    }),
  };
}
