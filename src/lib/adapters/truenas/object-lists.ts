import { type SystemLists, type SystemSource } from '../../core/model/inventory.ts';
import { type ReadVerb } from './http-get.ts';
import {
  decodeIscsiExtent,
  decodeIscsiInitiator,
  decodeIscsiSession,
  decodeIscsiTargetExtent,
  decodeNfsShare,
  decodeNvmetNamespace,
  decodeNvmetSession,
  decodeNvmetSubsystem,
  decodeSmbShare,
} from './decode-objects.ts';
import { decodePool } from './decode-pool.ts';
import { decodeRows } from './decode-rows.ts';
import { SMB_FIELDS } from './smb-settings.ts';
import {
  decodeAddress,
  decodeAlert,
  decodeIscsiAuth,
  decodeIscsiPortal,
  decodeService,
} from './decode-surroundings.ts';
import { decodeIscsiTarget, type SeenGroups } from './decode-targets.ts';
import { decodeReplicationTask, decodeSnapshotTask } from './decode-tasks.ts';
import { type Row, type Rows } from './decode-values.ts';
import { type NvmetSource, type ReadList } from './dialect.ts';

/** Sources that every version lists the same way. */
export type ObjectSource = Exclude<
  SystemSource,
  'datasets' | 'zfsSnapshots' | 'runningJobs' | 'account' | 'methods'
>;

interface ObjectList<T> {
  readonly method: string;
  /** Null where it is not read over REST. */
  readonly path: string | null;
  /** `GET` unless said. */
  readonly verb?: ReadVerb;
  /** Fields to ask for where the transport can choose; null where the method takes no options. */
  readonly select: readonly string[] | null;
  readonly extra?: Readonly<Record<string, unknown>>;
  /** @param seen what rows of one answer have in common */
  readonly decode: (row: Row, system: string, seen: SeenGroups) => T;
}

/**
 * How each list is asked for. Shares and extents are asked with their lock state, although it costs the server time:
 * what stands on a locked dataset must never look dangling.
 */
export const OBJECT_LISTS: { readonly [S in ObjectSource]: ObjectList<SystemLists[S]> } = {
  pools: {
    method: 'pool.query',
    path: '/pool',
    select: [
      'name',
      'guid',
      'status',
      'size',
      'allocated',
      'free',
      'healthy',
      'fragmentation',
      'scan',
    ],
    decode: decodePool,
  },
  nfsShares: {
    method: 'sharing.nfs.query',
    path: '/sharing/nfs',
    select: ['id', 'path', 'comment', 'enabled', 'locked', 'ro', 'networks', 'hosts'],
    decode: decodeNfsShare,
  },
  smbShares: {
    method: 'sharing.smb.query',
    path: '/sharing/smb',
    select: SMB_FIELDS,
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
    select: ['id', 'comment', 'initiators'],
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
    select: ['id', 'name', 'subnqn', 'ports', 'hosts', 'allow_any_host'],
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
    select: [
      'id',
      'dataset',
      'recursive',
      'enabled',
      'lifetime_value',
      'lifetime_unit',
      'naming_schema',
    ],
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
      'periodic_snapshot_tasks',
      'naming_schema',
      'also_include_naming_schema',
      'name_regex',
    ],
    decode: decodeReplicationTask,
  },
  iscsiPortals: {
    method: 'iscsi.portal.query',
    path: '/iscsi/portal',
    select: ['id', 'tag', 'listen'],
    decode: decodeIscsiPortal,
  },
  iscsiAuths: {
    method: 'iscsi.auth.query',
    // There, nothing can be selected, and the secrets would come along.
    path: null,
    select: ['id', 'tag'],
    decode: decodeIscsiAuth,
  },
  services: {
    method: 'service.query',
    path: '/service',
    select: ['service', 'state', 'enable'],
    decode: decodeService,
  },
  alerts: { method: 'alert.list', path: '/alert/list', select: null, decode: decodeAlert },
  addresses: {
    method: 'interface.ip_in_use',
    path: '/interface/ip_in_use',
    verb: 'POST',
    select: null,
    decode: decodeAddress,
  },
};

/** Sources a version, or REST, may lack. */
type LackedSource = NvmetSource | 'iscsiAuths';

type ObjectReaders = {
  readonly [S in Exclude<ObjectSource, LackedSource>]: ReadList<SystemLists[S]>;
} & { readonly [S in LackedSource]?: ReadList<SystemLists[S]> };

/** What a version and a transport have. */
interface Has {
  readonly nvmet: boolean;
  /** Whether it can be asked for single fields. */
  readonly select: boolean;
}

/** The lists of {@link OBJECT_LISTS} that exist there, each read by `read`. */
export function objectLists(
  has: Has,
  system: string,
  read: (list: ObjectList<unknown>, signal: AbortSignal) => Promise<Rows>,
): ObjectReaders {
  function reader<T>(list: ObjectList<T>): ReadList<T> {
    return async (signal) => {
      const seen: SeenGroups = new Map();
      return decodeRows(await read(list, signal), (row) => list.decode(row, system, seen));
    };
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
    iscsiPortals: reader(lists.iscsiPortals),
    services: reader(lists.services),
    alerts: reader(lists.alerts),
    addresses: reader(lists.addresses),
    ...(has.select && { iscsiAuths: reader(lists.iscsiAuths) }),
    ...(has.nvmet && {
      nvmetNamespaces: reader(lists.nvmetNamespaces),
      nvmetSubsystems: reader(lists.nvmetSubsystems),
      nvmetSessions: reader(lists.nvmetSessions),
    }),
  };
}

/** Why a source is in no list. */
export function whyMissing(source: SystemSource): string {
  return source === 'iscsiAuths'
    ? 'over REST, CHAP credentials cannot be listed without their secrets'
    : 'NVMe-oF came with TrueNAS 25.10';
}
