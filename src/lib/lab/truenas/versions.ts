import { type TrueNasVersion } from '../scenario/world.ts';
import {
  EXTENT,
  ISCSI_GLOBAL,
  JOB,
  NAMESPACE,
  NFS,
  POOL,
  PORTAL,
  SMB_NEW,
  SMB_OLD,
  TARGET,
  WHERE,
} from './entry-fields.ts';
import { METHODS } from './version-methods.ts';
import { type VersionTable } from './version-table.ts';

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
const RESOURCE_KEYS = [
  'paths',
  'properties',
  'get_user_properties',
  'get_source',
  'nest_results',
  'get_children',
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
  optionsAreEchoed: false,
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
  resource: { keys: RESOURCE_KEYS, sourceByDefault: true, absentIsNull: false },
  internalCanBeShown: false,
  systemInfoHasFullVersion: true,
  detailsExtra: {},
};

const V25_04: VersionTable = {
  ...V24_10,
  version: '25.04',
  apiVersions: ['v25.04.0', 'v25.04.1', 'v25.04.2'],
  jsonRpc: true,
  methods: METHODS['25.04'],
  versionPrefix: 'TrueNAS-',
  productType: 'COMMUNITY_EDITION',
  systemInfoHasFullVersion: false,
  detailsExtra: { virt_instances: [] },
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
  optionsAreEchoed: true,
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
  resource: {
    keys: [...RESOURCE_KEYS, 'max_depth', 'get_tier'],
    sourceByDefault: false,
    absentIsNull: true,
  },
  internalCanBeShown: true,
  detailsExtra: {},
};

export const VERSIONS: Readonly<Record<TrueNasVersion, VersionTable>> = {
  '24.10': V24_10,
  '25.04': V25_04,
  '25.10': V25_10,
  '26': V26,
};
