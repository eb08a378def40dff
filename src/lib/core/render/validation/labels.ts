import { type CheckOutcome, type CheckStatus, type Component } from '../../model/validation.ts';
import { type ResourceRef, type ResourceType } from '../../model/resource-ref.ts';
import { counted } from '../text/format.ts';
import { fullHomeName, objectName } from '../text/labels.ts';
import { printable } from '../text/safe.ts';

/** What a component is called above its checks. */
export const COMPONENT_LABELS: Readonly<Record<Component, string>> = {
  connection: 'Connections',
  permissions: 'Permissions',
  configuration: 'Configuration',
  versions: 'Versions',
  driver: 'CSI drivers',
  node: 'Nodes',
  'storage-class': 'StorageClasses',
  snapshot: 'Snapshots',
  pool: 'Pools',
  dataset: 'Datasets',
  service: 'Services',
  sharing: 'NFS and SMB',
  iscsi: 'iSCSI',
  nvmeof: 'NVMe-oF',
  capacity: 'Capacity',
  retention: 'Retention',
  replication: 'Replication',
  alert: 'Alerts',
  volume: 'Volumes',
};

/** What stands in front of a line, so that nothing is told by colour alone. */
export const MARKS: Readonly<Record<CheckStatus, string>> = {
  FAIL: '✗',
  WARNING: '!',
  SKIPPED: '–',
  PASS: '✓',
};

/** Types whose words are not those of their name. */
const WORDS: Partial<Record<ResourceType, string>> = {
  System: 'TrueNAS system',
  CsiDriver: 'CSI driver',
  ConfigFile: 'file',
  DriverSecret: 'driver Secret',
  ApiKey: 'API key',
  NfsShare: 'NFS share',
  SmbShare: 'SMB share',
  ZfsSnapshot: 'ZFS snapshot',
  IscsiTarget: 'iSCSI target',
  IscsiExtent: 'iSCSI extent',
  IscsiInitiator: 'iSCSI initiator group',
  IscsiPortal: 'iSCSI portal',
  NvmetNamespace: 'NVMe-oF namespace',
  NvmetSubsystem: 'NVMe-oF subsystem',
  SnapshotTask: 'snapshot task',
  ReplicationTask: 'replication task',
  Dataset: 'dataset',
  Zvol: 'zvol',
  Node: 'node',
  Pod: 'pod',
  Namespace: 'namespace',
  Pool: 'pool',
  Service: 'service',
  Alert: 'alert',
  Cluster: 'cluster',
  Method: 'method',
  Permission: 'permission',
};

/** So many objects, by their type where they are of one: `1 node`, `12 StorageClasses`. */
export function countedObjects(outcomes: readonly CheckOutcome[]): string {
  const types = new Set(outcomes.map(({ subject }) => subject?.type));
  const [type] = types;
  const word = types.size === 1 && type !== undefined ? (WORDS[type] ?? type) : 'object';
  return counted(outcomes.length, word, word.endsWith('s') ? `${word}es` : `${word}s`);
}

/** The object of an outcome, with its cluster or system where there are several, and it is none of them itself. */
export function placedObject(subject: ResourceRef, plural: boolean): string {
  const name = objectName(subject);
  const isHome = subject.type === 'Cluster' || subject.type === 'System';
  return plural && !isHome ? `${name} of ${fullHomeName(subject)}` : name;
}

/** The cluster or system an outcome is about. */
export function placeOf({ subject, cluster, system }: CheckOutcome): string {
  if (subject !== null) return fullHomeName(subject);
  if (cluster !== null) return printable(`cluster ${cluster}`);
  return system === null ? '' : printable(`system ${system}`);
}
