import { type TrueNasVersion } from '../scenario/world.ts';
import { METHODS } from './version-methods.ts';

/** How deletions behave (they differ most where it hurts most). */
export interface DeleteSemantics {
  /** A recursive deletion also destroys clones elsewhere in the pool, and releases holds. */
  readonly recursionTakesClones: boolean;
  /** A destroy that fails after the checks is answered `true`. */
  readonly failuresAreHidden: boolean;
  /** Which errors name a dataset with snapshots, and a snapshot with clones or holds. */
  readonly errors: 'libzfs' | 'zfs.resource';
}

/** Everything in which one version differs from the others. */
export interface VersionTable {
  readonly version: TrueNasVersion;
  /** What `GET /api/versions` lists; null where that path does not exist. */
  readonly apiVersions: readonly string[] | null;
  readonly rest: boolean;
  readonly jsonRpc: boolean;
  readonly methods: ReadonlySet<string>;
  /** Text in front of the release in `system.version`. */
  readonly versionPrefix: string;
  readonly productType: string;
  readonly mechanisms: readonly string[];
  /** Keys `core.set_options` knows. */
  readonly connectionOptions: readonly string[];
  /** Query options that are accepted; null accepts any. */
  readonly queryOptions: readonly string[] | null;
  readonly keysRevokedOverPlainText: boolean;
  /** A key is the system's own, with a list of verbs and paths, not a user's. */
  readonly keysHaveAllowLists: boolean;
  readonly traceFrames: boolean;
  /** Role a method asks for where it differs from the newest version. */
  readonly roles: Readonly<Record<string, readonly string[]>>;
  /** Fields of each kind of entry, in order. */
  readonly fields: Readonly<Record<EntryKind, readonly string[]>>;
  readonly datasets: {
    /** Any ZFS property can be asked for, and comes under its ZFS name. */
    readonly anyProperty: boolean;
    /** A filter makes `retrieve_children: false` look at every dataset. */
    readonly filtersSearchAll: boolean;
    /** `count` tells how many datasets were walked, whatever the filters say. */
    readonly countIgnoresFilters: boolean;
    /** Inherited user properties say that they are local, and notes stay among them. */
    readonly userPropertiesAlwaysLocal: boolean;
    readonly upperCaseOrigin: boolean;
    readonly sizeStyle: 'zfs' | 'humanfriendly';
    /** What `name` must contain, or match, to be hidden as internal. */
    readonly hidden: RegExp;
  };
  readonly snapshots: {
    readonly sourceInfo: boolean;
    readonly userProperties: boolean;
    readonly foreignHolds: boolean;
    readonly properties: readonly string[];
    /** `retention` needs a filter by id, or a limit. */
    readonly retentionNeedsFilter: boolean;
    /** `select` keeps top-level keys only. */
    readonly flatSelect: boolean;
    readonly namesOnlyPath: boolean;
  };
  readonly deletes: DeleteSemantics;
}

export type EntryKind =
  'pool' | 'nfs' | 'smb' | 'target' | 'extent' | 'portal' | 'iscsiGlobal' | 'namespace' | 'job';

const POOL = [
  'id', 'name', 'guid', 'status', 'path', 'scan', 'expand', 'healthy', 'warning', 'status_code',
  'status_detail', 'size', 'allocated', 'free', 'freeing', 'fragmentation', 'size_str',
  'allocated_str', 'free_str', 'freeing_str', 'autotrim', 'topology',
]; // prettier-ignore
const NFS = [
  'id',
  'path',
  'aliases',
  'comment',
  'networks',
  'hosts',
  'ro',
  'maproot_user',
  'maproot_group',
  'mapall_user',
  'mapall_group',
  'security',
  'enabled',
  'locked',
  'expose_snapshots',
];
const SMB_OLD = [
  'id',
  'purpose',
  'path',
  'path_suffix',
  'home',
  'name',
  'comment',
  'ro',
  'browsable',
  'timemachine',
  'timemachine_quota',
  'recyclebin',
  'guestok',
  'abe',
  'hostsallow',
  'hostsdeny',
  'aapl_name_mangling',
  'acl',
  'durablehandle',
  'shadowcopy',
  'streams',
  'fsrvp',
  'auxsmbconf',
  'enabled',
  'afp',
  'audit',
  'path_local',
  'vuid',
  'locked',
];
const SMB_NEW = [
  'id',
  'purpose',
  'name',
  'path',
  'enabled',
  'comment',
  'readonly',
  'browsable',
  'access_based_share_enumeration',
  'locked',
  'audit',
  'options',
];
const TARGET = ['id', 'name', 'alias', 'mode', 'groups', 'auth_networks'];
const EXTENT = [
  'id',
  'name',
  'type',
  'disk',
  'serial',
  'path',
  'filesize',
  'blocksize',
  'pblocksize',
  'avail_threshold',
  'comment',
  'naa',
  'insecure_tpc',
  'xen',
  'rpm',
  'ro',
  'enabled',
  'vendor',
  'locked',
];
const PORTAL = ['id', 'tag', 'comment', 'listen'];
const ISCSI_GLOBAL = [
  'id',
  'basename',
  'isns_servers',
  'listen_port',
  'pool_avail_threshold',
  'alua',
  'iser',
];
const NAMESPACE = [
  'id',
  'nsid',
  'subsys',
  'device_type',
  'device_path',
  'filesize',
  'device_uuid',
  'device_nguid',
  'enabled',
  'locked',
];
const JOB = [
  'id',
  'method',
  'arguments',
  'transient',
  'description',
  'abortable',
  'logs_path',
  'logs_excerpt',
  'progress',
  'result',
  'result_encoding_error',
  'error',
  'exception',
  'exc_info',
  'state',
  'time_started',
  'time_finished',
  'credentials',
];
const WHERE = ['dataset', 'relative_path'];

const SNAPSHOT_NATIVE = [
  'type',
  'creation',
  'used',
  'referenced',
  'compressratio',
  'createtxg',
  'guid',
  'objsetid',
  'refcompressratio',
  'written',
  'logicalreferenced',
  'encryption',
];
const OLD_OPTIONS = ['relationships', 'extend', 'extend_context', 'prefix'];
const OPTIONS = [
  'extra',
  'order_by',
  'select',
  'count',
  'get',
  'offset',
  'limit',
  'force_sql_filters',
];
const PLAIN = ['API_KEY_PLAIN', 'TOKEN_PLAIN', 'PASSWORD_PLAIN'];
const READONLY = ['READONLY_ADMIN'];

const V24_10: VersionTable = {
  version: '24.10',
  apiVersions: null,
  rest: true,
  jsonRpc: false,
  methods: METHODS['24.10'],
  versionPrefix: 'TrueNAS-SCALE-',
  productType: 'SCALE',
  mechanisms: [],
  connectionOptions: ['py_exceptions'],
  queryOptions: null,
  keysRevokedOverPlainText: false,
  keysHaveAllowLists: true,
  traceFrames: true,
  roles: {
    'system.product_type': READONLY,
    'system.ready': ['FULL_ADMIN'],
    'system.state': ['FULL_ADMIN'],
    'pool.dataset.destroy_snapshots': ['FULL_ADMIN'],
  },
  fields: {
    pool: POOL,
    nfs: NFS,
    smb: SMB_OLD,
    target: TARGET,
    extent: EXTENT,
    portal: [...PORTAL, 'discovery_authmethod', 'discovery_authgroup'],
    iscsiGlobal: ISCSI_GLOBAL,
    namespace: NAMESPACE,
    job: JOB,
  },
  datasets: {
    anyProperty: false,
    filtersSearchAll: false,
    countIgnoresFilters: false,
    userPropertiesAlwaysLocal: false,
    upperCaseOrigin: false,
    sizeStyle: 'zfs',
    hidden: /^[^/]+\/(?:\.system|ix-applications|ix-apps)(?:\/|$)/,
  },
  snapshots: {
    sourceInfo: true,
    userProperties: true,
    foreignHolds: true,
    properties: [...SNAPSHOT_NATIVE, 'clones', 'userrefs', 'defer_destroy'],
    retentionNeedsFilter: true,
    flatSelect: false,
    namesOnlyPath: true,
  },
  deletes: { recursionTakesClones: false, failuresAreHidden: false, errors: 'libzfs' },
};

const V25_04: VersionTable = {
  ...V24_10,
  version: '25.04',
  apiVersions: ['v25.04.0', 'v25.04.1', 'v25.04.2'],
  jsonRpc: true,
  methods: METHODS['25.04'],
  versionPrefix: 'TrueNAS-',
  productType: 'COMMUNITY_EDITION',
  mechanisms: PLAIN,
  queryOptions: [...OPTIONS, ...OLD_OPTIONS],
  keysRevokedOverPlainText: true,
  keysHaveAllowLists: false,
  roles: {
    'system.product_type': READONLY,
    'system.ready': ['FULL_ADMIN'],
    'system.state': ['FULL_ADMIN'],
  },
  fields: {
    ...V24_10.fields,
    pool: [...POOL, 'dedup_table_size', 'dedup_table_quota'],
    target: [...TARGET, 'rel_tgt_id', 'iscsi_parameters'],
    portal: PORTAL,
  },
  datasets: {
    ...V24_10.datasets,
    hidden: /^[^/]+\/(?:\.system|ix-applications|ix-apps|\.ix-virt)(?:\/|$)/,
  },
};

const V25_10: VersionTable = {
  ...V25_04,
  version: '25.10',
  apiVersions: ['v25.04.0', 'v25.04.1', 'v25.04.2', 'v25.10.0', 'v25.10.1'],
  methods: METHODS['25.10'],
  connectionOptions: ['legacy_jobs', 'private_methods', 'py_exceptions'],
  queryOptions: OPTIONS,
  roles: {},
  fields: {
    ...V25_04.fields,
    smb: SMB_NEW,
    extent: [...EXTENT, 'product_id'],
    job: [...JOB, 'message_ids'],
  },
  datasets: {
    anyProperty: true,
    filtersSearchAll: true,
    countIgnoresFilters: true,
    userPropertiesAlwaysLocal: true,
    upperCaseOrigin: true,
    sizeStyle: 'humanfriendly',
    hidden: /\/(?:\.system|ix-applications|ix-apps|\.ix-virt)/,
  },
  snapshots: { ...V25_04.snapshots, sourceInfo: false },
};

const V26: VersionTable = {
  ...V25_10,
  version: '26',
  apiVersions: [...(V25_10.apiVersions ?? []), 'v25.10.2', 'v25.10.5', 'v26.0.0'],
  rest: false,
  methods: METHODS['26'],
  mechanisms: [...PLAIN, 'SCRAM'],
  traceFrames: false,
  fields: {
    ...V25_10.fields,
    pool: [...V25_10.fields.pool, 'all_sed'],
    nfs: [...NFS, ...WHERE, 'tier'],
    smb: [...SMB_NEW, ...WHERE, 'tier'],
    extent: [...V25_10.fields.extent, ...WHERE],
    iscsiGlobal: [...ISCSI_GLOBAL, 'direct_config', 'mode'],
    namespace: [...NAMESPACE, ...WHERE],
  },
  snapshots: {
    sourceInfo: false,
    userProperties: false,
    foreignHolds: false,
    properties: SNAPSHOT_NATIVE,
    retentionNeedsFilter: false,
    flatSelect: true,
    namesOnlyPath: false,
  },
  deletes: { recursionTakesClones: true, failuresAreHidden: true, errors: 'zfs.resource' },
};

export const VERSIONS: Readonly<Record<TrueNasVersion, VersionTable>> = {
  '24.10': V24_10,
  '25.04': V25_04,
  '25.10': V25_10,
  '26': V26,
};
