import { type LabNfsShare, type LabSmbShare } from '../scenario/world.ts';
import { instanceNotFound, invalid } from './errors.ts';
import { type Fields, pick } from './json.ts';
import { listing, write } from './listing.ts';
import { type Audience, type Call, fieldsParam, idParam, type MethodTable } from './method.ts';
import { whereFields } from './paths.ts';

function nfsEntry(share: LabNfsShare, call: Call): Fields {
  const entry = {
    id: share.id,
    path: share.path,
    aliases: [],
    comment: share.comment,
    networks: share.networks ?? [],
    hosts: share.hosts ?? [],
    ro: share.ro ?? false,
    maproot_user: null,
    maproot_group: null,
    mapall_user: null,
    mapall_group: null,
    security: [],
    enabled: share.enabled,
    expose_snapshots: false,
    tier: null,
    ...whereFields(call.view, share.path),
  };
  return pick(entry, call.lab.table.fields.nfs);
}

const AUDIT = { enable: false, watch_list: [], ignore_list: [] };

function smbEntry(share: LabSmbShare, call: Call): Fields {
  const { fields } = call.lab.table;
  const entry = {
    id: share.id,
    purpose: fields.smb.includes('options') ? 'DEFAULT_SHARE' : 'DEFAULT_SHARE',
    path: share.path,
    path_suffix: '',
    home: false,
    name: share.name,
    comment: share.comment,
    ro: false,
    readonly: false,
    browsable: true,
    timemachine: false,
    timemachine_quota: 0,
    recyclebin: false,
    guestok: false,
    abe: false,
    access_based_share_enumeration: false,
    hostsallow: [],
    hostsdeny: [],
    aapl_name_mangling: false,
    acl: true,
    durablehandle: true,
    shadowcopy: true,
    streams: true,
    fsrvp: false,
    auxsmbconf: '',
    enabled: share.enabled,
    afp: false,
    audit: AUDIT,
    path_local: share.path,
    vuid: '',
    options: { aapl_name_mangling: false },
    tier: null,
    ...whereFields(call.view, share.path),
  };
  return pick(entry, fields.smb);
}

interface Stored {
  readonly id: number;
}

/** An object of a list by the id in the call, or an error that says it is not there. */
export function findStored<T extends Stored>(list: readonly T[], noun: string, call: Call): T {
  const id = idParam(call);
  const found = list.find((item) => item.id === id);
  if (found === undefined) throw instanceNotFound(noun, id);
  return found;
}

export function removeStored<T extends Stored>(list: T[], item: T): void {
  const index = list.indexOf(item);
  if (index >= 0) list.splice(index, 1);
}

export function nextId(list: readonly Stored[]): number {
  return list.reduce((highest, { id }) => Math.max(highest, id), 0) + 1;
}

function text(fields: Fields, name: string, otherwise: string): string {
  const value = fields[name] ?? otherwise;
  if (typeof value !== 'string') throw invalid(name, 'Input should be a valid string');
  return value;
}

function flag(fields: Fields, name: string, otherwise: boolean): boolean {
  const value = fields[name] ?? otherwise;
  if (typeof value !== 'boolean') throw invalid(name, 'Input should be a valid boolean');
  return value;
}

function checkPath(call: Call, path: string, attribute: string): void {
  const node = path.startsWith('/mnt/') ? whereFields(call.view, path)['dataset'] : null;
  if (node === null || node === undefined)
    throw invalid(attribute, `The path ${path} does not exist`);
}

/** `create`, `update` and `delete` of a service whose objects live in one list. */
export function storing<T extends Stored>(options: {
  readonly service: string;
  readonly noun: string;
  readonly audience: Audience;
  readonly list: (call: Call) => T[];
  readonly entry: (item: T, call: Call) => Fields;
  /** A new object, or the old one with the changes. */
  readonly build: (data: Fields, old: T | null, id: number, call: Call) => T;
}): MethodTable {
  const { service, noun, audience, list, entry, build } = options;
  return {
    [`${service}.create`]: write(audience, ['data'], (call) => {
      const items = list(call);
      const item = build(fieldsParam(call, 0, 'data'), null, nextId(items), call);
      items.push(item);
      return entry(item, call);
    }),
    [`${service}.update`]: write(audience, ['id', 'data'], (call) => {
      const items = list(call);
      const old = findStored(items, noun, call);
      const item = build(fieldsParam(call, 1, 'data'), old, old.id, call);
      items[items.indexOf(old)] = item;
      return entry(item, call);
    }),
    [`${service}.delete`]: write(audience, ['id'], (call) => {
      const items = list(call);
      const found = findStored(items, noun, call);
      if (call.lab.faults.deletesLie !== true) removeStored(items, found);
      return true;
    }),
  };
}

function buildNfs(data: Fields, old: LabNfsShare | null, id: number, call: Call): LabNfsShare {
  const path = text(data, 'path', old?.path ?? '');
  if (old?.path !== path) checkPath(call, path, 'sharingnfs_create.path');
  return {
    ...old,
    id,
    path,
    comment: text(data, 'comment', old?.comment ?? ''),
    enabled: flag(data, 'enabled', old?.enabled ?? true),
    ro: flag(data, 'ro', old?.ro ?? false),
  };
}

function buildSmb(data: Fields, old: LabSmbShare | null, id: number, call: Call): LabSmbShare {
  const path = text(data, 'path', old?.path ?? '');
  if (old?.path !== path) checkPath(call, path, 'sharingsmb_create.path');
  return {
    id,
    path,
    name: text(data, 'name', old?.name ?? path.slice(path.lastIndexOf('/') + 1)),
    comment: text(data, 'comment', old?.comment ?? ''),
    enabled: flag(data, 'enabled', old?.enabled ?? true),
  };
}

export const SHARE_METHODS: MethodTable = {
  ...listing('sharing.nfs', 'SharingNFS', ['SHARING_NFS_READ'], (call) =>
    call.lab.system.nfsShares.map((share) => nfsEntry(share, call)),
  ),
  ...storing({
    service: 'sharing.nfs',
    noun: 'SharingNFS',
    audience: ['SHARING_NFS_WRITE'],
    list: (call) => call.lab.system.nfsShares,
    entry: nfsEntry,
    build: buildNfs,
  }),
  ...listing('sharing.smb', 'SharingSMB', ['SHARING_SMB_READ'], (call) =>
    call.lab.system.smbShares.map((share) => smbEntry(share, call)),
  ),
  ...storing({
    service: 'sharing.smb',
    noun: 'SharingSMB',
    audience: ['SHARING_SMB_WRITE'],
    list: (call) => call.lab.system.smbShares,
    entry: smbEntry,
    build: buildSmb,
  }),
};
