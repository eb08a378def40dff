import { type LabNfsShare, type LabSmbShare } from '../scenario/world.ts';
import { invalid } from './errors.ts';
import { type Fields, pick } from './json.ts';
import { listing } from './listing.ts';
import { type Call, type MethodTable } from './method.ts';
import { whereFields } from './paths.ts';
import { storing } from './storing.ts';

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
    purpose: 'DEFAULT_SHARE',
    path: share.path,
    path_suffix: '',
    home: false,
    name: share.name,
    comment: share.comment,
    ro: share.readonly ?? false,
    readonly: share.readonly ?? false,
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
    options: { aapl_name_mangling: false },
    tier: null,
    ...whereFields(call.view, share.path),
  };
  return pick(entry, fields.smb);
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

function buildNfs(data: Fields, old: LabNfsShare | null, id: number, call: Call): LabNfsShare {
  const path = text(data, 'path', old?.path ?? '');
  if (old?.path !== path) checkPath(call, path, 'sharingnfs_create.path');
  const before = old ?? { comment: '', enabled: true, ro: false };
  return {
    ...old,
    id,
    path,
    comment: text(data, 'comment', before.comment),
    enabled: flag(data, 'enabled', before.enabled),
    ro: flag(data, 'ro', before.ro ?? false),
  };
}

function buildSmb(data: Fields, old: LabSmbShare | null, id: number, call: Call): LabSmbShare {
  const path = text(data, 'path', old?.path ?? '');
  if (old?.path !== path) checkPath(call, path, 'sharingsmb_create.path');
  const before = old ?? {
    name: path.slice(path.lastIndexOf('/') + 1),
    comment: '',
    enabled: true,
  };
  return {
    ...old,
    id,
    path,
    name: text(data, 'name', before.name),
    comment: text(data, 'comment', before.comment),
    enabled: flag(data, 'enabled', before.enabled),
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
