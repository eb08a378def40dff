/*
 * What may be kept of annotations, CSI attributes, parameters of classes and command lines. All are free text in which tools
 * store passwords, CHAP secrets and whole manifests, so nothing passes that is not named here.
 */

/** Annotations that say who made an object, who owns it now, or where it stands in its life. */
export const ANNOTATIONS: readonly string[] = [
  // Which provisioner made the volume, or is expected to: finds a volume's driver where its class is gone.
  'pv.kubernetes.io/provisioned-by',
  'pv.kubernetes.io/migrated-to',
  'volume.kubernetes.io/storage-provisioner',
  'volume.beta.kubernetes.io/storage-provisioner',
  // Why a claim is still pending: no node chosen yet, or not bound by the controller.
  'volume.kubernetes.io/selected-node',
  'pv.kubernetes.io/bind-completed',
  'pv.kubernetes.io/bound-by-controller',
  // The class of claims and volumes from before `spec.storageClassName`.
  'volume.beta.kubernetes.io/storage-class',
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
  // A snapshot in the middle of being made or deleted is no orphan.
  'snapshot.storage.kubernetes.io/volumesnapshot-being-created',
  'snapshot.storage.kubernetes.io/volumesnapshot-being-deleted',
  // Objects that a tool would make again, or misses when they are gone: warned about, never cleaned.
  'argocd.argoproj.io/tracking-id',
  'argocd.argoproj.io/installation-id',
  'argocd.argoproj.io/sync-options',
  'kustomize.toolkit.fluxcd.io/prune',
  'kustomize.toolkit.fluxcd.io/reconcile',
  'meta.helm.sh/release-name',
  'meta.helm.sh/release-namespace',
  'helm.sh/resource-policy',
  'backup.velero.io/must-include-additional-items',
  // Velero, on the snapshots and contents it makes and restores.
  'velero.io/csi-driver-name',
  'velero.io/csi-volumesnapshot-handle',
  'velero.io/csi-vsc-deletion-policy',
  // What the user wants left alone, and why.
  'truenas-monitor.io/ignore',
  'truenas-monitor.io/ignore-reason',
  'truenas-monitor.io/ignore-until',
];

/** CSI volume attributes that say where on the NAS a volume lives, and which driver put it there. */
export const CSI_ATTRIBUTES: readonly string[] = [
  // democratic-csi: the driver's kind and deployment.
  'node_attach_driver',
  'provisioner_driver',
  'provisioner_driver_instance_id',
  'storage.kubernetes.io/csiProvisionerIdentity',
  // democratic-csi by protocol: NFS and SMB, iSCSI, NVMe-oF, local ZFS. Static volumes of node-manual and
  // nfs.csi.k8s.io use the same names.
  'server',
  'share',
  'subdir',
  // smb.csi.k8s.io: `//server/share`.
  'source',
  'portal',
  'portals',
  'interface',
  'iqn',
  'lun',
  'transport',
  'transports',
  'nqn',
  'nsid',
  'zfs_asset_name',
  // tns.csi.io. The rest of its attributes repeat these.
  'protocol',
  'datasetID',
  'datasetName',
  'nfsShareID',
  'smbShareID',
  'iscsiIQN',
  'iscsiTargetID',
  'iscsiExtentID',
  'nvmeofSubsystemID',
  'nvmeofNamespaceID',
  'expectedCapacity',
  'clonedFromSnapshot',
  // csi.truenas.io copies every parameter of the class into the volume, CHAP passwords too: only these.
  'nfsServer',
  'nfsPath',
  'targetPortal',
  'targetIQN',
  'pool',
  'datasetPath',
];

/** Parameters of a StorageClass whose values are kept: file systems, places, and where its Secrets are, but not what is in them. */
export const CLASS_PARAMETERS: readonly string[] = [
  // csi.truenas.io and tns.csi.io: which of their classes a volume is of.
  'protocol',
  'pool',
  'datasetPath',
  'parentDataset',
  'server',
  'compression',
  'fsType',
  'csi.storage.k8s.io/fstype',
  ...[
    'provisioner',
    'controller-publish',
    'controller-expand',
    'node-stage',
    'node-publish',
    'node-expand',
  ].flatMap((step) => [
    `csi.storage.k8s.io/${step}-secret-name`,
    `csi.storage.k8s.io/${step}-secret-namespace`,
  ]),
];

/** Parameters of democratic-csi, which may stand behind a prefix that names a driver or a deployment of it. */
export const DRIVER_PARAMETERS: readonly string[] = [
  'detachedVolumesFromSnapshots',
  'detachedVolumesFromVolumes',
];

/** Mount options whose values are kept. Some others are user names, passwords and files of them. */
export const MOUNT_OPTIONS: readonly string[] = [
  'nfsvers',
  'vers',
  'minorversion',
  'proto',
  'port',
  'nconnect',
  'rsize',
  'wsize',
  'timeo',
  'retrans',
  'retry',
  'actimeo',
  'lookupcache',
  'local_lock',
  'sec',
  'cache',
  'uid',
  'gid',
  'file_mode',
  'dir_mode',
];

/** Arguments of CSI drivers, their sidecars and snapshot controllers: what they are called, where they listen, who leads. */
export const CSI_ARGUMENTS: readonly string[] = [
  'csi-name',
  'csi-version',
  'csi-mode',
  'driver-name',
  'driver-config-file',
  'csi-address',
  'kubelet-registration-path',
  'leader-election',
  'leader-election-namespace',
  'leader-election-lease-duration',
  'feature-gates',
  'volume-name-prefix',
  'snapshot-name-prefix',
  'extra-create-metadata',
  'default-fstype',
  'node-deployment',
  'worker-threads',
  'timeout',
  'log-level',
  'v',
];
