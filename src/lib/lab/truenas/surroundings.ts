import { type LabAlert, type LabPool } from '../scenario/world.ts';
import { dateOf, type Fields, pick } from './json.ts';
import { listing, read } from './listing.ts';
import { type Call, type MethodTable } from './method.ts';
import { allocatedOn } from './pools.ts';

/** By name, whether it runs where the world says nothing: what exports does. */
const SERVICES: Readonly<Record<string, boolean>> = {
  cifs: true,
  ftp: false,
  iscsitarget: true,
  nfs: true,
  snmp: false,
  ssh: true,
  ups: false,
  nvmet: true,
};

function services({ lab }: Call): Fields[] {
  const { system, table } = lab;
  const hasNvmet = table.methods.has('nvmet.subsys.query');
  return Object.entries(SERVICES)
    .filter(([name]) => name !== 'nvmet' || hasNvmet)
    .map(([service, usual], index) => {
      const { running = usual, atBoot = usual } = system.services?.[service] ?? {};
      return {
        id: index + 1,
        service,
        enable: atBoot,
        state: running ? 'RUNNING' : 'STOPPED',
        pids: running ? [1000 + index] : [],
      };
    });
}

const CAPACITY = [
  { above: 0.95, level: 'CRITICAL', klass: 'ZpoolCapacityCritical' },
  { above: 0.9, level: 'WARNING', klass: 'ZpoolCapacityWarning' },
  { above: 0.85, level: 'NOTICE', klass: 'ZpoolCapacityNotice' },
] as const;

function capacityAlert(pool: LabPool, call: Call): LabAlert[] {
  const { name, imported, size } = pool;
  const share = size > 0 ? allocatedOn(pool, call) / size : 0;
  const alert = CAPACITY.find(({ above }) => share >= above);
  if (!imported || alert === undefined) return [];
  const { level, klass } = alert;
  const text = `Space usage for pool '${name}' is ${Math.floor(share * 100)}%.`;
  return [{ id: `capacity-${name}`, level, klass, text }];
}

function alertEntry(alert: LabAlert, { lab }: Call): Fields {
  const since = dateOf(alert.at ?? lab.now());
  return {
    uuid: alert.id,
    source: '',
    klass: alert.klass,
    args: null,
    node: 'A',
    key: JSON.stringify(alert.id),
    datetime: since,
    last_occurrence: since,
    dismissed: alert.dismissed ?? false,
    mail: null,
    // As far as TrueNAS goes, a template whose arguments are left open.
    text: alert.text.replaceAll('%', '%%'),
    id: alert.id,
    level: alert.level,
    formatted: alert.text,
    one_shot: false,
  };
}

function alerts(call: Call): Fields[] {
  const { pools, alerts: own = [] } = call.lab.system;
  return [...pools.flatMap((pool) => capacityAlert(pool, call)), ...own].map((alert) =>
    alertEntry(alert, call),
  );
}

/** Where worlds that say nothing have their NAS. */
const USUAL_ADDRESS = '10.10.0.5';

function addresses({ lab }: Call): Fields[] {
  return (lab.system.addresses ?? [USUAL_ADDRESS]).map((address) =>
    address.includes(':')
      ? { type: 'INET6', address, netmask: 64 }
      : {
          type: 'INET',
          address,
          netmask: 24,
          broadcast: address.replace(/\.\d+$/u, '.255'),
        },
  );
}

const HIDDEN = '********';

function apiKeys({ lab }: Call): Fields[] {
  return lab.system.apiKeys.map((key) => {
    const entry: Fields = {
      id: key.id,
      name: key.name ?? `truenas-monitor ${key.id}`,
      username: key.username,
      user_identifier: 3001,
      keyhash: HIDDEN,
      iterations: 500_000,
      salt: HIDDEN,
      stored_key: HIDDEN,
      server_key: HIDDEN,
      created_at: dateOf('2026-01-01T00:00:00Z'),
      expires_at: key.expiresAt === undefined ? null : dateOf(key.expiresAt),
      local: true,
      revoked: key.revoked ?? false,
      revoked_reason: null,
      // Before 25.04 a key has verbs and paths in place of roles.
      allowlist: [{ method: key.roles.includes('FULL_ADMIN') ? '*' : 'GET', resource: '*' }],
    };
    return pick(entry, lab.table.fields.apiKey);
  });
}

export const SURROUNDING_METHODS: MethodTable = {
  ...listing('service', 'Service', ['SERVICE_READ'], services),
  'alert.list': read(['ALERT_LIST_READ'], alerts),
  'interface.ip_in_use': read(['NETWORK_INTERFACE_READ'], addresses, ['options']),
  ...listing('api_key', 'APIKey', ['API_KEY_READ'], apiKeys),
};
