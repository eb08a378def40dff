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
});

type Marks = Readonly<Record<string, string>>;

const PREFIXES = ['democratic-csi', 'truenas-csi', 'tns-csi'] as const;
type Prefix = (typeof PREFIXES)[number];

/** Names under which TrueNAS shows the description of a dataset, oldest last. */
const DESCRIPTIONS = ['comments', 'org.freenas:description'];

/**
 * Reads what a CSI driver wrote on a dataset or snapshot.
 *
 * @param properties user properties by name, each plain text or a property object
 * @param row where a description may stand beside the user properties
 */
export function decodeProperties(properties: unknown, row?: Row): DriverProperties {
  const description = descriptionOf(properties, row);
  if (!isRow(properties)) return withDescription(NO_PROPERTIES, description);
  const found: Partial<Record<Prefix, Record<string, string>>> = {};
  for (const name in properties) {
    const prefix = prefixOf(name);
    if (prefix === undefined) continue;
    const value = userValue(properties[name]);
    if (value === null) continue;
    const marks = (found[prefix] ??= {});
    marks[name.slice(prefix.length + 1)] = value;
  }
  return withDescription(decodeMarks(found), description);
}

function decodeMarks(found: Partial<Record<Prefix, Marks>>): DriverProperties {
  const democratic = found['democratic-csi'] ?? found['truenas-csi'];
  if (democratic !== undefined) return decodeDemocratic(democratic);
  return found['tns-csi'] === undefined ? NO_PROPERTIES : decodeTns(found['tns-csi']);
}

function prefixOf(name: string): Prefix | undefined {
  return PREFIXES.find((prefix) => name.startsWith(prefix) && name.charAt(prefix.length) === ':');
}

/** A user property has no other form than its text, so here every field says the same. */
function userValue(property: unknown): string | null {
  const value = isRow(property)
    ? (property['rawvalue'] ?? property['raw'] ?? property['value'] ?? property['parsed'])
    : property;
  return typeof value === 'string' && value !== '' && value !== '-' ? value : null;
}

/** democratic-csi, and truenas-csi with the same names behind its own prefix. */
function decodeDemocratic(marks: Marks): DriverProperties {
  return {
    csiVolumeName: mark(marks, 'csi_volume_name'),
    managed: marks['managed_resource'] === 'true',
    provisionSuccess: marks['provision_success'] === 'true',
    provisionerDriver: mark(marks, 'volume_context_provisioner_driver'),
    instanceId: mark(marks, 'volume_context_provisioner_instance_id'),
    csiSnapshotName: mark(marks, 'csi_snapshot_name'),
    csiSnapshotSourceVolumeId: mark(marks, 'csi_snapshot_source_volume_id'),
    shareContext: mark(marks, 'csi_share_volume_context'),
    nfsShareId: mark(marks, 'freenas_nfs_share_id') ?? mark(marks, 'truenas_nfs_share_id'),
    iscsiAssetsName:
      mark(marks, 'freenas_iscsi_assets_name') ??
      mark(marks, 'truenas_iscsi_assets_name') ??
      mark(marks, 'iscsi_assets_name'),
    claim: null,
  };
}

function mark(marks: Marks, name: string): string | null {
  return marks[name] ?? null;
}

function decodeTns(marks: Marks): DriverProperties {
  const managed = marks['managed_by'] === 'tns-csi';
  const csiVolumeName = marks['csi_volume_name'] ?? null;
  const namespace = marks['pvc_namespace'];
  const name = marks['pvc_name'];
  return {
    ...NO_PROPERTIES,
    csiVolumeName,
    managed,
    // This driver writes its properties together, once the volume is made; it has no mark of its own for that.
    provisionSuccess: managed && csiVolumeName !== null,
    provisionerDriver: managed ? 'tns-csi' : null,
    instanceId: marks['cluster_id'] ?? null,
    nfsShareId: marks['nfs_share_id'] ?? null,
    claim: namespace === undefined || name === undefined ? null : { namespace, name },
  };
}

const CLAIM = /^([a-z0-9](?:[-a-z0-9]*[a-z0-9])?)\/([a-z0-9](?:[-.a-z0-9]*[a-z0-9])?)$/;

/** Administrators template the description as `<namespace>/<claim>`; any other text means nothing here. */
function withDescription(
  properties: DriverProperties,
  description: string | null,
): DriverProperties {
  const match = description === null || properties.claim !== null ? null : CLAIM.exec(description);
  if (match === null) return properties;
  return { ...properties, claim: { namespace: match[1] ?? '', name: match[2] ?? '' } };
}

function descriptionOf(properties: unknown, row: Row | undefined): string | null {
  for (const name of DESCRIPTIONS) {
    const property = (isRow(properties) ? properties[name] : undefined) ?? row?.[name];
    const value = userValue(property);
    if (value !== null) return value;
  }
  return null;
}
