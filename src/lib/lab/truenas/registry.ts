import { AUTH_METHODS } from './auth.ts';
import { CORE_METHODS } from './core-methods.ts';
import { DATASET_METHODS } from './datasets.ts';
import { ISCSI_METHODS } from './iscsi.ts';
import { read } from './listing.ts';
import { type Call, type Method, type MethodTable } from './method.ts';
import { NVMET_METHODS } from './nvmet.ts';
import { NVMET_JOIN_METHODS } from './nvmet-joins.ts';
import { NVMET_WRITE_METHODS } from './nvmet-write.ts';
import { POOL_METHODS } from './pools.ts';
import { SHARE_METHODS } from './shares.ts';
import { SNAPSHOT_METHODS } from './snapshots.ts';
import { SURROUNDING_METHODS } from './surroundings.ts';
import { SYSTEM_METHODS } from './system.ts';
import { TASK_METHODS } from './tasks.ts';
import { RESOURCE_METHODS } from './zfs-resource.ts';
import { RESOURCE_SNAPSHOT_METHODS } from './zfs-resource-snapshot.ts';

const TABLES: MethodTable = {
  ...AUTH_METHODS,
  ...CORE_METHODS,
  ...SYSTEM_METHODS,
  ...POOL_METHODS,
  ...DATASET_METHODS,
  ...SNAPSHOT_METHODS,
  ...RESOURCE_METHODS,
  ...RESOURCE_SNAPSHOT_METHODS,
  ...SHARE_METHODS,
  ...ISCSI_METHODS,
  ...NVMET_METHODS,
  ...NVMET_WRITE_METHODS,
  ...NVMET_JOIN_METHODS,
  ...TASK_METHODS,
  ...SURROUNDING_METHODS,
};

function describe(name: string, { audience, kind, parameters }: Method, call: Call): unknown {
  const roles = call.lab.table.roles[name] ?? audience;
  return {
    description: null,
    cli_description: '',
    filterable: kind === 'query',
    job: kind === 'job',
    no_auth_required: roles === 'anyone',
    require_pipes: false,
    roles: typeof roles === 'string' ? [] : roles,
    accepts: parameters.map((parameter) => ({ title: parameter, _name_: parameter })),
    returns: [],
  };
}

/** What the session may call, with the shape of each method. */
function getMethods(call: Call): unknown {
  const [service] = call.params;
  const open = call.lab.openTo(call.session.user);
  const entries = Object.entries(TABLES).filter(([name]) => {
    const asked = typeof service !== 'string' || name.slice(0, name.lastIndexOf('.')) === service;
    return asked && open.includes(name);
  });
  return Object.fromEntries(entries.map(([name, method]) => [name, describe(name, method, call)]));
}

/** Every method of every version; the version's table says which of them exist. */
export const METHODS: MethodTable = {
  ...TABLES,
  'core.get_methods': read('session', getMethods, ['service', 'target']),
};
