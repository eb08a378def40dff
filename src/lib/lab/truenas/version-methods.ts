import { type TrueNasVersion } from '../scenario/world.ts';

const crud = (service: string, ...more: string[]): string[] =>
  ['query', 'get_instance', ...more].map((method) => `${service}.${method}`);

const WRITES = ['create', 'update', 'delete'];

const EVERYWHERE = [
  ...['login', 'login_with_api_key', 'login_with_token', 'logout', 'me', 'generate_token'].map(
    (method) => `auth.${method}`,
  ),
  ...['ping', 'set_options', 'subscribe', 'unsubscribe', 'get_methods', 'get_jobs'].map(
    (method) => `core.${method}`,
  ),
  ...[
    'info',
    'version',
    'version_short',
    'host_id',
    'product_type',
    'ready',
    'state',
    'boot_id',
  ].map((method) => `system.${method}`),
  ...crud('pool'),
  ...crud('pool.dataset', ...WRITES, 'details', 'attachments', 'processes', 'snapshot_count'),
  ...crud('sharing.nfs', ...WRITES),
  ...crud('sharing.smb', ...WRITES),
  'iscsi.global.config',
  'iscsi.global.sessions',
  'iscsi.global.client_count',
  ...crud('iscsi.target', ...WRITES),
  ...crud('iscsi.extent', ...WRITES),
  ...crud('iscsi.targetextent', ...WRITES),
  ...crud('iscsi.portal'),
  ...crud('iscsi.initiator'),
  ...crud('iscsi.auth'),
  'alert.list',
  'interface.ip_in_use',
  ...crud('api_key'),
  ...crud('service'),
  ...crud('pool.snapshottask'),
  ...crud('replication'),
];

const LOGIN_EX = ['auth.login_ex', 'auth.mechanism_choices'];
const SNAPSHOT = ['create', 'delete', 'hold', 'release'];

const NVMET = [
  'nvmet.global.config',
  'nvmet.global.sessions',
  ...crud('nvmet.subsys', ...WRITES),
  ...crud('nvmet.namespace', ...WRITES),
  ...['port', 'host'].flatMap((service) => crud(`nvmet.${service}`)),
  // Nobody here changes a join: it is made and deleted.
  ...['host_subsys', 'port_subsys'].flatMap((service) =>
    crud(`nvmet.${service}`, 'create', 'delete'),
  ),
];

const V25_10 = [
  ...EVERYWHERE,
  ...LOGIN_EX,
  ...NVMET,
  ...crud('pool.snapshot', ...SNAPSHOT),
  'pool.dataset.rename',
  'zfs.resource.query',
];

/** The public methods of each version. */
export const METHODS: Readonly<Record<TrueNasVersion, ReadonlySet<string>>> = {
  '24.10': new Set([
    ...EVERYWHERE,
    ...crud('zfs.snapshot', ...SNAPSHOT),
    'pool.dataset.destroy_snapshots',
  ]),
  '25.04': new Set([
    ...EVERYWHERE,
    ...LOGIN_EX,
    ...crud('zfs.snapshot', ...SNAPSHOT),
    'pool.dataset.destroy_snapshots',
  ]),
  '25.10': new Set([...V25_10, 'pool.dataset.destroy_snapshots']),
  '26': new Set([
    ...V25_10,
    'zfs.resource.destroy',
    ...['query', 'count', 'holds', 'hold', 'release', 'create', 'destroy'].map(
      (method) => `zfs.resource.snapshot.${method}`,
    ),
  ]),
};
