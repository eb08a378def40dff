import {
  type DriverProperties,
  type MonitorMarks,
  type PropertyOwner,
} from '../../core/model/truenas.ts';
import { isRow, type Row } from './decode-values.ts';

/** What no driver has marked. */
const NO_PROPERTIES: DriverProperties = Object.freeze({
  owner: null,
  csiVolumeName: null,
  managed: false,
  provisionSuccess: false,
  provisionerDriver: null,
  instanceId: null,
  csiSnapshotName: null,
  csiSnapshotSourceVolumeId: null,
  shareContext: null,
  nfsShareId: null,
  smbShareId: null,
  iscsiTargetId: null,
  iscsiExtentId: null,
  nvmetSubsystemId: null,
  nvmetNamespaceId: null,
  iscsiAssetsName: null,
  nvmetAssetsName: null,
  iscsiIqn: null,
  nvmetNqn: null,
  storageClass: null,
  claim: null,
  keptOnPurpose: false,
});

/** Names under which TrueNAS shows the description of a dataset, oldest last. */
const DESCRIPTIONS = ['comments', 'org.freenas:description'];

const TNS = 'tns-csi:';

/** democratic-csi, and truenas-csi with the same names behind its own prefix. */
const DEMOCRATIC = namesBehind('democratic-csi', 'freenas');
const LIKE_DEMOCRATIC = namesBehind('truenas-csi', 'truenas');

/** Whole names, so that no text is put together for each of many thousand datasets. */
function namesBehind(owner: PropertyOwner, vendor: string) {
  const prefix = `${owner}:`;
  return {
    owner,
    prefix,
    csiVolumeName: `${prefix}csi_volume_name`,
    managed: `${prefix}managed_resource`,
    provisionSuccess: `${prefix}provision_success`,
    provisionerDriver: `${prefix}volume_context_provisioner_driver`,
    instanceId: `${prefix}volume_context_provisioner_instance_id`,
    csiSnapshotName: `${prefix}csi_snapshot_name`,
    csiSnapshotSourceVolumeId: `${prefix}csi_snapshot_source_volume_id`,
    shareContext: `${prefix}csi_share_volume_context`,
    nfsShareId: `${prefix}${vendor}_nfs_share_id`,
    smbShareId: `${prefix}${vendor}_smb_share_id`,
    iscsiTargetId: `${prefix}${vendor}_iscsi_target_id`,
    iscsiExtentId: `${prefix}${vendor}_iscsi_extent_id`,
    nvmetSubsystemId: `${prefix}${vendor}_nvmeof_subsystem_id`,
    nvmetNamespaceId: `${prefix}${vendor}_nvmeof_namespace_id`,
    iscsiAssetsName: `${prefix}${vendor}_iscsi_assets_name`,
    nvmetAssetsName: `${prefix}${vendor}_nvmeof_assets_name`,
    /** As the zfs-generic drivers write them, which know no TrueNAS. */
    plainIscsiAssetsName: `${prefix}iscsi_assets_name`,
    plainNvmetAssetsName: `${prefix}nvmeof_assets_name`,
  };
}

/**
 * Reads what a CSI driver wrote on a dataset or snapshot.
 *
 * @param properties user properties by name, each plain text or a property object
 * @param row where a description may stand beside the user properties
 */
export function decodeProperties(properties: unknown, row?: Row): DriverProperties {
  const marks = isRow(properties) ? properties : undefined;
  const decoded = marks === undefined ? NO_PROPERTIES : decodeMarks(marks);
  return decoded.claim === null ? withDescription(decoded, marks, row) : decoded;
}

function decodeMarks(marks: Row): DriverProperties {
  let hasDemocratic = false;
  let hasTns = false;
  let hasOther = false;
  for (const name in marks) {
    hasDemocratic ||= name.startsWith(DEMOCRATIC.prefix);
    hasOther ||= name.startsWith(LIKE_DEMOCRATIC.prefix);
    hasTns ||= name.startsWith(TNS);
  }
  if (hasDemocratic || hasOther) {
    const decoded = decodeDemocratic(marks, hasDemocratic ? DEMOCRATIC : LIKE_DEMOCRATIC);
    return hasTns ? adopted(decoded, decodeTns(marks)) : decoded;
  }
  return hasTns ? decodeTns(marks) : NO_PROPERTIES;
}

/** tns-csi adopts volumes that others made: who owns one now, and whether it is to be kept, it knows better than they did. */
function adopted(made: DriverProperties, now: DriverProperties): DriverProperties {
  return {
    ...made,
    instanceId: now.instanceId ?? made.instanceId,
    claim: now.claim,
    keptOnPurpose: made.keptOnPurpose || now.keptOnPurpose,
  };
}

/** A user property has no other form than its text, so here every field says the same. */
function userValue(property: unknown): string | null {
  const value = isRow(property)
    ? (property['rawvalue'] ?? property['raw'] ?? property['value'] ?? property['parsed'])
    : property;
  // ZFS knows text alone; who answers with a number or a switch has read one into it.
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value !== '' && value !== '-' ? value : null;
}

/** Frozen, and one for all datasets without a mark: nearly all of many thousands. */
const NO_MARKS: MonitorMarks = Object.freeze({ quarantined: null, ignore: null });

/** Reads what this tool, or its user, wrote on a dataset. */
export function decodeMonitorMarks(properties: unknown): MonitorMarks {
  if (!isRow(properties)) return NO_MARKS;
  const quarantined = properties['truenas-monitor:quarantined'];
  const ignore = properties['truenas-monitor:ignore'];
  if (quarantined === undefined && ignore === undefined) return NO_MARKS;
  return { quarantined: userValue(quarantined), ignore: userValue(ignore) };
}

function decodeDemocratic(marks: Row, names: typeof DEMOCRATIC): DriverProperties {
  return {
    owner: names.owner,
    csiVolumeName: userValue(marks[names.csiVolumeName]),
    managed: userValue(marks[names.managed]) === 'true',
    provisionSuccess: userValue(marks[names.provisionSuccess]) === 'true',
    provisionerDriver: userValue(marks[names.provisionerDriver]),
    instanceId: userValue(marks[names.instanceId]),
    csiSnapshotName: userValue(marks[names.csiSnapshotName]),
    csiSnapshotSourceVolumeId: userValue(marks[names.csiSnapshotSourceVolumeId]),
    shareContext: userValue(marks[names.shareContext]),
    nfsShareId: userValue(marks[names.nfsShareId]),
    smbShareId: userValue(marks[names.smbShareId]),
    iscsiTargetId: userValue(marks[names.iscsiTargetId]),
    iscsiExtentId: userValue(marks[names.iscsiExtentId]),
    nvmetSubsystemId: userValue(marks[names.nvmetSubsystemId]),
    nvmetNamespaceId: userValue(marks[names.nvmetNamespaceId]),
    iscsiAssetsName:
      userValue(marks[names.iscsiAssetsName]) ?? userValue(marks[names.plainIscsiAssetsName]),
    nvmetAssetsName:
      userValue(marks[names.nvmetAssetsName]) ?? userValue(marks[names.plainNvmetAssetsName]),
    iscsiIqn: null,
    nvmetNqn: null,
    storageClass: null,
    claim: null,
    // democratic-csi keeps its deleteStrategy in the driver's configuration, not on the volume.
    keptOnPurpose: false,
  };
}

function decodeTns(marks: Row): DriverProperties {
  const managed = userValue(marks['tns-csi:managed_by']) === 'tns-csi';
  const csiVolumeName = userValue(marks['tns-csi:csi_volume_name']);
  const namespace = userValue(marks['tns-csi:pvc_namespace']);
  const name = userValue(marks['tns-csi:pvc_name']);
  return {
    ...NO_PROPERTIES,
    owner: 'tns-csi',
    csiVolumeName,
    managed,
    // This driver writes its properties together, once the volume is made; it has no mark of its own for that.
    provisionSuccess: managed && csiVolumeName !== null,
    provisionerDriver: managed ? 'tns-csi' : null,
    instanceId: userValue(marks['tns-csi:cluster_id']),
    // Of a snapshot it took, and of the dataset that is a detached one: the CSI name, as in democratic-csi.
    csiSnapshotName: userValue(marks['tns-csi:snapshot_id']),
    csiSnapshotSourceVolumeId: userValue(marks['tns-csi:source_volume_id']),
    nfsShareId: userValue(marks['tns-csi:nfs_share_id']),
    smbShareId: userValue(marks['tns-csi:smb_share_id']),
    iscsiTargetId: userValue(marks['tns-csi:iscsi_target_id']),
    iscsiExtentId: userValue(marks['tns-csi:iscsi_extent_id']),
    nvmetSubsystemId: userValue(marks['tns-csi:nvmeof_subsystem_id']),
    nvmetNamespaceId: userValue(marks['tns-csi:nvmeof_namespace_id']),
    iscsiIqn: userValue(marks['tns-csi:iscsi_iqn']),
    nvmetNqn: userValue(marks['tns-csi:nvmeof_subsystem_nqn']),
    storageClass: userValue(marks['tns-csi:storage_class']),
    claim: namespace === null || name === null ? null : { namespace, name },
    // What may be adopted waits for a cluster that is yet to come.
    keptOnPurpose:
      userValue(marks['tns-csi:delete_strategy']) === 'retain' ||
      userValue(marks['tns-csi:adoptable']) === 'true',
  };
}

const CLAIM = /^([a-z0-9](?:[-a-z0-9]*[a-z0-9])?)\/([a-z0-9](?:[-.a-z0-9]*[a-z0-9])?)$/;

/** Administrators template the description as `<namespace>/<claim>`; any other text means nothing here. */
function withDescription(
  decoded: DriverProperties,
  marks: Row | undefined,
  row: Row | undefined,
): DriverProperties {
  for (const name of DESCRIPTIONS) {
    const description = userValue(marks?.[name] ?? row?.[name]);
    const match = description === null ? null : CLAIM.exec(description);
    if (match !== null) {
      return { ...decoded, claim: { namespace: match[1] ?? '', name: match[2] ?? '' } };
    }
  }
  return decoded;
}
