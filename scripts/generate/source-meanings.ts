import { type EvidenceSource } from '../../src/lib/core/model/evidence.ts';
import { snakeCase } from '../../src/lib/core/render/wire/names.ts';

/** What each source holds, for people; a source without a line does not compile. */
const DERIVED = {
  volumeLinks:
    'which dataset stands behind a PersistentVolume, and who uses a dataset: from volumes, datasets, shares, targets, pods and workloads',
  snapshotLinks:
    'which ZFS snapshot or detached copy stands behind a VolumeSnapshotContent, and the reverse',
  exports:
    'what exports a dataset, by path: NFS and SMB shares, extents with their targets, NVMe-oF namespaces',
  parents:
    "where drivers make volumes, whose they are, and how that is known: from `drivers:`, the drivers' Secrets, or the volumes",
  storage:
    'whether what lies at a path can be judged at all: pools that are not online, locked datasets',
  claimUse: 'who mounts a claim, and which workload would if it were scaled up, woken or started',
  replications:
    'which replication task reads or writes a path, and which one of another system may: from the replication tasks of all systems',
  marks: 'what is written on datasets by this tool or its user: quarantine, and what to ignore',
  clusters: 'the clusters that are configured, with their age',
  systems: 'the TrueNAS systems that are configured',
  connections: 'how each cluster and system was reached, how fast it answered, and why it was not',
  settings: 'what the configuration says: files, their permissions, secrets in plain text',
  installations: 'CSI drivers for TrueNAS, with their CSIDriver, configurations, classes and pods',
} as const;

const KUBERNETES = {
  persistentVolumes: 'PersistentVolumes',
  persistentVolumeClaims: 'PersistentVolumeClaims',
  volumeSnapshots: 'VolumeSnapshots',
  volumeSnapshotContents: 'VolumeSnapshotContents',
  storageClasses: 'StorageClasses',
  volumeSnapshotClasses: 'VolumeSnapshotClasses',
  csiDrivers: 'CSIDrivers: the drivers that are installed',
  driverSecrets:
    'the configurations of the drivers, from the Secrets their pods mount or `drivers:` names',
  volumeAttachments: 'VolumeAttachments: which volume is attached to which node',
  nodes: 'Nodes',
  events: 'warnings about PersistentVolumes, which Kubernetes keeps for an hour',
  pods: 'Pods',
  deployments: 'Deployments',
  statefulSets: 'StatefulSets',
  daemonSets: 'DaemonSets',
  replicaSets: 'ReplicaSets',
  replicationControllers: 'ReplicationControllers',
  jobs: 'Jobs',
  cronJobs: 'CronJobs',
  virtualMachines: 'VirtualMachines of KubeVirt',
  dataVolumes: 'DataVolumes of KubeVirt',
  csiNodes: 'CSINodes: which drivers each kubelet has registered',
  leases: 'Leases: which replica of a controller leads',
  namespaces: 'Namespaces',
  apiGroups: 'groups and versions of the API',
  permissions: 'what this tool may read',
} as const;

const TRUENAS = {
  pools: 'pools and their state',
  datasets: 'datasets and zvols with their user properties',
  zfsSnapshots: 'ZFS snapshots',
  nfsShares: 'NFS shares',
  smbShares: 'SMB shares',
  iscsiTargets: 'iSCSI targets',
  iscsiExtents: 'iSCSI extents: the disks',
  iscsiTargetExtents: 'which extent is mapped to which target',
  iscsiSessions: 'who is logged in to which target',
  iscsiInitiators: 'groups of initiators',
  nvmetNamespaces: 'NVMe-oF namespaces: the disks',
  nvmetSubsystems: 'NVMe-oF subsystems: the targets',
  nvmetSessions: 'who is connected to which subsystem',
  snapshotTasks: 'periodic snapshot tasks',
  replicationTasks: 'replication tasks',
  runningJobs: 'jobs that wait or run',
  iscsiPortals: 'iSCSI portals',
  iscsiAuths: 'iSCSI credentials, without their secrets',
  services: 'services, and whether they run',
  alerts: 'alerts',
  addresses: 'addresses of the system',
  account: 'the user and API key this tool logs in with',
  methods: 'which methods that user may call',
} as const;

const MEANINGS = {
  'made of the others': DERIVED,
  Kubernetes: KUBERNETES,
  TrueNAS: TRUENAS,
} as const;

/** Every source has a line, and every line is of a source. */
({ ...DERIVED, ...KUBERNETES, ...TRUENAS }) satisfies Record<EvidenceSource, string>;

/** The section of the index that says what the names in the headers of the pages stand for. */
export function sourceSection(): readonly string[] {
  return [
    '## Sources',
    '',
    'Names of what a rule is decided by. Reports use the same ones: `sources` says how much of each was read, `skipped` for want of which a rule could not be judged.',
    '',
    '| source | from | holds |',
    '|---|---|---|',
    ...Object.entries(MEANINGS).flatMap(([from, sources]) =>
      Object.entries(sources).map(
        ([source, holds]) => `| \`${snakeCase(source)}\` | ${from} | ${holds} |`,
      ),
    ),
    '',
  ];
}
