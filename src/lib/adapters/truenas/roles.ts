/** Which role lets a user call a method; each read of ours is in READONLY_ADMIN, which is every `…_READ` role. */
const ROLES: Readonly<Record<string, string>> = {
  'system.info': 'READONLY_ADMIN',
  'system.host_id': 'READONLY_ADMIN',
  'pool.query': 'POOL_READ',
  'pool.dataset.query': 'DATASET_READ',
  'pool.dataset.attachments': 'DATASET_READ',
  'zfs.resource.query': 'ZFS_RESOURCE_READ',
  'zfs.snapshot.query': 'SNAPSHOT_READ',
  'pool.snapshot.query': 'SNAPSHOT_READ',
  'zfs.resource.snapshot.query': 'SNAPSHOT_READ',
  'sharing.nfs.query': 'SHARING_NFS_READ',
  'sharing.smb.query': 'SHARING_SMB_READ',
  'iscsi.target.query': 'SHARING_ISCSI_TARGET_READ',
  'iscsi.extent.query': 'SHARING_ISCSI_EXTENT_READ',
  'iscsi.targetextent.query': 'SHARING_ISCSI_TARGETEXTENT_READ',
  'iscsi.global.sessions': 'SHARING_ISCSI_GLOBAL_READ',
  'iscsi.initiator.query': 'SHARING_ISCSI_INITIATOR_READ',
  'iscsi.portal.query': 'SHARING_ISCSI_PORTAL_READ',
  'iscsi.auth.query': 'SHARING_ISCSI_AUTH_READ',
  'nvmet.namespace.query': 'SHARING_NVME_TARGET_READ',
  'nvmet.subsys.query': 'SHARING_NVME_TARGET_READ',
  'nvmet.global.sessions': 'SHARING_NVME_TARGET_READ',
  'pool.snapshottask.query': 'SNAPSHOT_TASK_READ',
  'replication.query': 'REPLICATION_TASK_READ',
  'service.query': 'SERVICE_READ',
  'alert.list': 'ALERT_LIST_READ',
  'interface.ip_in_use': 'NETWORK_INTERFACE_READ',
  'api_key.query': 'API_KEY_READ',
};

export function roleFor(method: string): string {
  return ROLES[method] ?? 'READONLY_ADMIN';
}
