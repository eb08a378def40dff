import { type DriverProperties } from '../../core/model/truenas.ts';
import { isRow, type Row } from './decode-values.ts';

/** What no driver has marked. */
const NO_PROPERTIES: DriverProperties = Object.freeze({
  csiVolumeName: null,
  managed: false,
  provisionSuccess: false,
  provisionerDriver: null,
  instanceId: null,
  csiSnapshotName: null,
  csiSnapshotSourceVolumeId: null,
  shareContext: null,
  nfsShareId: null,
  iscsiAssetsName: null,
  claim: null,
  keptOnPurpose: false,
});

/** Names under which TrueNAS shows the description of a dataset, oldest last. */
const DESCRIPTIONS = ['comments', 'org.freenas:description'];

const TNS = 'tns-csi:';

/** democratic-csi, and truenas-csi with the same names behind its own prefix. */
const DEMOCRATIC = namesBehind('democratic-csi:', 'freenas');
const LIKE_DEMOCRATIC = namesBehind('truenas-csi:', 'truenas');

/** Whole names, so that no text is put together for each of many thousand datasets. */
function namesBehind(prefix: string, vendor: string) {
  return {
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
    iscsiAssetsName: `${prefix}${vendor}_iscsi_assets_name`,
    /** As the drivers that work over ssh write it. */
    plainIscsiAssetsName: `${prefix}iscsi_assets_name`,
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
  let hasTns = false;
  let hasOther = false;
  for (const name in marks) {
    if (name.startsWith(DEMOCRATIC.prefix)) return decodeDemocratic(marks, DEMOCRATIC);
    hasOther ||= name.startsWith(LIKE_DEMOCRATIC.prefix);
    hasTns ||= name.startsWith(TNS);
  }
  if (hasOther) return decodeDemocratic(marks, LIKE_DEMOCRATIC);
  return hasTns ? decodeTns(marks) : NO_PROPERTIES;
}

/** A user property has no other form than its text, so here every field says the same. */
function userValue(property: unknown): string | null {
  const value = isRow(property)
    ? (property['rawvalue'] ?? property['raw'] ?? property['value'] ?? property['parsed'])
    : property;
  return typeof value === 'string' && value !== '' && value !== '-' ? value : null;
}

function decodeDemocratic(marks: Row, names: typeof DEMOCRATIC): DriverProperties {
  return {
    csiVolumeName: userValue(marks[names.csiVolumeName]),
    managed: userValue(marks[names.managed]) === 'true',
    provisionSuccess: userValue(marks[names.provisionSuccess]) === 'true',
    provisionerDriver: userValue(marks[names.provisionerDriver]),
    instanceId: userValue(marks[names.instanceId]),
    csiSnapshotName: userValue(marks[names.csiSnapshotName]),
    csiSnapshotSourceVolumeId: userValue(marks[names.csiSnapshotSourceVolumeId]),
    shareContext: userValue(marks[names.shareContext]),
    nfsShareId: userValue(marks[names.nfsShareId]),
    iscsiAssetsName:
      userValue(marks[names.iscsiAssetsName]) ?? userValue(marks[names.plainIscsiAssetsName]),
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
    csiVolumeName,
    managed,
    // This driver writes its properties together, once the volume is made; it has no mark of its own for that.
    provisionSuccess: managed && csiVolumeName !== null,
    provisionerDriver: managed ? 'tns-csi' : null,
    instanceId: userValue(marks['tns-csi:cluster_id']),
    nfsShareId: userValue(marks['tns-csi:nfs_share_id']),
    claim: namespace === null || name === null ? null : { namespace, name },
    keptOnPurpose: userValue(marks['tns-csi:delete_strategy']) === 'retain',
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
