import { type JsonObject, type NasObjectKind } from '../../core/cleanup/change.ts';
import { type Family, hasResources } from './api-versions.ts';
import { SMB_OPTIONS_BEFORE_25_10 } from './smb-settings.ts';

/*
 * What may be said of an object that is made. What a plan or a journal holds is the object as TrueNAS told it, of which it fills in
 * a part itself and refuses to be told it: ids, locks, where a path lies, the unique names it makes up.
 */

const NFS = [
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
  'expose_snapshots',
];

const SMB_BEFORE_25_10 = [
  'purpose',
  'path',
  'name',
  'comment',
  'ro',
  'browsable',
  'enabled',
  'audit',
  ...SMB_OPTIONS_BEFORE_25_10,
];

const SMB = [
  'purpose',
  'name',
  'path',
  'enabled',
  'comment',
  'readonly',
  'browsable',
  'access_based_share_enumeration',
  'audit',
  'options',
];

const TARGET = ['name', 'alias', 'mode', 'groups', 'auth_networks'];

const EXTENT = [
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
  'insecure_tpc',
  'xen',
  'rpm',
  'ro',
  'enabled',
];

const SUBSYSTEM = ['name', 'subnqn', 'allow_any_host', 'pi_enable', 'qid_max', 'ieee_oui', 'ana'];

const NAMESPACE = ['nsid', 'subsys_id', 'device_type', 'device_path', 'filesize', 'enabled'];

const ACCEPTED: Readonly<Record<NasObjectKind, (family: Family) => readonly string[]>> = {
  'nfs-share': () => NFS,
  'smb-share': (family) => (hasResources(family) ? SMB : SMB_BEFORE_25_10),
  'iscsi-target': (family) => (family === '24' ? TARGET : [...TARGET, 'iscsi_parameters']),
  'iscsi-extent': (family) => (hasResources(family) ? [...EXTENT, 'product_id'] : EXTENT),
  'iscsi-mapping': () => ['target', 'lunid', 'extent'],
  'nvmet-subsystem': () => SUBSYSTEM,
  'nvmet-namespace': () => NAMESPACE,
  'nvmet-port-subsystem': () => ['port_id', 'subsys_id'],
  'nvmet-host-subsystem': () => ['host_id', 'subsys_id'],
};

/** The fields that the version takes where one is made. */
export function createdFields(
  family: Family,
  kind: NasObjectKind,
  fields: JsonObject,
): Readonly<Record<string, unknown>> {
  const accepted = ACCEPTED[kind](family);
  const kept = Object.fromEntries(
    Object.entries(fields).filter(([name]) => accepted.includes(name)),
  );
  return kind === 'iscsi-extent' ? withOnePath(kept) : kept;
}

/** A zvol goes by its `disk` and has the size it has; a file goes by its `path`. */
function withOnePath(extent: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { disk, path, filesize, ...rest } = extent;
  if (rest['type'] === 'FILE') return { ...rest, path, filesize };
  return { ...rest, disk: disk ?? path };
}
