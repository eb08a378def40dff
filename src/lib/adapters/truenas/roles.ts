/**
 * Which role lets a user call a method; each read of ours is in READONLY_ADMIN, which is every `…_READ` role. Those that
 * delete a dataset or a snapshot are in none but FULL_ADMIN, and have to be given by name.
 */
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
  'nvmet.port_subsys.query': 'SHARING_NVME_TARGET_READ',
  'nvmet.host_subsys.query': 'SHARING_NVME_TARGET_READ',
  'nvmet.global.sessions': 'SHARING_NVME_TARGET_READ',
  'pool.snapshottask.query': 'SNAPSHOT_TASK_READ',
  'replication.query': 'REPLICATION_TASK_READ',
  'service.query': 'SERVICE_READ',
  'alert.list': 'ALERT_LIST_READ',
  'interface.ip_in_use': 'NETWORK_INTERFACE_READ',
  'api_key.query': 'API_KEY_READ',
  'pool.dataset.update': 'DATASET_WRITE',
  'pool.dataset.rename': 'DATASET_WRITE',
  'pool.dataset.delete': 'DATASET_DELETE',
  'zfs.snapshot.delete': 'SNAPSHOT_DELETE',
  'pool.snapshot.delete': 'SNAPSHOT_DELETE',
  'zfs.resource.snapshot.destroy': 'SNAPSHOT_DELETE',
};

/** Services of which one role is for all that changes an entry. */
const WRITERS: Readonly<Record<string, string>> = {
  'sharing.nfs': 'SHARING_NFS_WRITE',
  'sharing.smb': 'SHARING_SMB_WRITE',
  'iscsi.target': 'SHARING_ISCSI_TARGET_WRITE',
  'iscsi.extent': 'SHARING_ISCSI_EXTENT_WRITE',
  'iscsi.targetextent': 'SHARING_ISCSI_TARGETEXTENT_WRITE',
  'nvmet.namespace': 'SHARING_NVME_TARGET_WRITE',
  'nvmet.subsys': 'SHARING_NVME_TARGET_WRITE',
  'nvmet.port_subsys': 'SHARING_NVME_TARGET_WRITE',
  'nvmet.host_subsys': 'SHARING_NVME_TARGET_WRITE',
};

const CHANGES = /^(.+)\.(?:create|update|delete)$/u;

export function roleFor(method: string): string {
  const service = CHANGES.exec(method)?.[1] ?? '';
  return ROLES[method] ?? WRITERS[service] ?? 'READONLY_ADMIN';
}
