import { type LabNfsShare, type LabSmbShare } from '../scenario/world.ts';
import { acceptedFields, keptOf } from './accepted-fields.ts';
import { invalid } from './errors.ts';
import { type Fields, pick } from './json.ts';
import { listing } from './listing.ts';
import { type Call, type MethodTable, textsOf } from './method.ts';
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
    ...share.kept,
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
    ...share.kept,
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

const nfsFields = acceptedFields('nfs');
const smbFields = acceptedFields('smb');

/** A switch as it is written; one that was never said and is off is left out. */
function said<N extends 'ro' | 'readonly'>(
  name: N,
  value: boolean,
  old: boolean | undefined,
): Readonly<Partial<Record<N, boolean>>> {
  const fields = value || old !== undefined ? { [name]: value } : {};
  return fields as Readonly<Partial<Record<N, boolean>>>;
}

const NFS_UNDERSTOOD = ['path', 'comment', 'enabled', 'ro', 'networks', 'hosts'];

/** A list as it is written; one that is not named stays as it was. */
function names(data: Fields, name: 'networks' | 'hosts', old: LabNfsShare | null): Fields {
  const list = textsOf(data, name) ?? old?.[name];
  return list === undefined ? {} : { [name]: [...list] };
}

function buildNfs(data: Fields, old: LabNfsShare | null, id: number, call: Call): LabNfsShare {
  const path = text(data, 'path', old?.path ?? '');
  if (old?.path !== path) checkPath(call, path, 'sharingnfs_create.path');
  const before = old ?? { comment: '', enabled: true, ro: false };
  return {
    id,
    path,
    comment: text(data, 'comment', before.comment),
    enabled: flag(data, 'enabled', before.enabled),
    ...said('ro', flag(data, 'ro', before.ro ?? false), old?.ro),
    ...names(data, 'networks', old),
    ...names(data, 'hosts', old),
    ...keptOf(data, old, nfsFields(call), NFS_UNDERSTOOD),
  };
}

const SMB_UNDERSTOOD = ['path', 'name', 'comment', 'enabled', 'ro', 'readonly'];

function buildSmb(data: Fields, old: LabSmbShare | null, id: number, call: Call): LabSmbShare {
  const path = text(data, 'path', old?.path ?? '');
  if (old?.path !== path) checkPath(call, path, 'sharingsmb_create.path');
  const before = old ?? {
    name: path.slice(path.lastIndexOf('/') + 1),
    comment: '',
    enabled: true,
  };
  const readonly = flag(data, 'readonly', flag(data, 'ro', old?.readonly ?? false));
  return {
    id,
    path,
    name: text(data, 'name', before.name),
    comment: text(data, 'comment', before.comment),
    enabled: flag(data, 'enabled', before.enabled),
    ...said('readonly', readonly, old?.readonly),
    ...keptOf(data, old, smbFields(call), SMB_UNDERSTOOD),
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
    accepted: nfsFields,
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
    accepted: smbFields,
    build: buildSmb,
  }),
};
