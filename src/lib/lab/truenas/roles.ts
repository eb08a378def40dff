/** What a role stands for besides itself. `%` is any text. */
const INCLUDED: Readonly<Record<string, readonly string[]>> = {
  FULL_ADMIN: ['%'],
  READONLY_ADMIN: ['%_READ'],
  SHARING_ADMIN: [
    'READONLY_ADMIN',
    'DATASET_WRITE',
    'SHARING_WRITE',
    'FILESYSTEM_ATTRS_WRITE',
    'SERVICE_READ',
  ],
  REPLICATION_ADMIN: [
    'KEYCHAIN_CREDENTIAL_WRITE',
    'REPLICATION_TASK_WRITE',
    'REPLICATION_TASK_CONFIG_WRITE',
    'SNAPSHOT_TASK_WRITE',
    'SNAPSHOT_WRITE',
  ],
  SHARING_READ: ['SHARING_%_READ'],
  SHARING_WRITE: ['SHARING_%_WRITE', 'SHARING_%_READ'],
  SHARING_ISCSI_READ: ['SHARING_ISCSI_%_READ'],
  SHARING_ISCSI_WRITE: ['SHARING_ISCSI_%_WRITE', 'SHARING_ISCSI_%_READ'],
};

function expand(role: string): readonly string[] {
  const reads = role.endsWith('_WRITE') ? [role.replace(/_WRITE$/u, '_READ')] : [];
  return [role, ...reads, ...(INCLUDED[role] ?? []).flatMap(expand)];
}

/** The roles that `%` stands for in those above, as far as anything here asks for them. */
const READ_ROLES = [
  'ALERT_LIST_READ',
  'API_KEY_READ',
  'DATASET_READ',
  'NETWORK_INTERFACE_READ',
  'POOL_READ',
  'REPLICATION_TASK_READ',
  'SERVICE_READ',
  'SHARING_ISCSI_AUTH_READ',
  'SHARING_ISCSI_EXTENT_READ',
  'SHARING_ISCSI_GLOBAL_READ',
  'SHARING_ISCSI_INITIATOR_READ',
  'SHARING_ISCSI_PORTAL_READ',
  'SHARING_ISCSI_TARGETEXTENT_READ',
  'SHARING_ISCSI_TARGET_READ',
  'SHARING_NFS_READ',
  'SHARING_NVME_TARGET_READ',
  'SHARING_SMB_READ',
  'SNAPSHOT_READ',
  'SNAPSHOT_TASK_READ',
  'SYSTEM_GENERAL_READ',
  'SYSTEM_PRODUCT_READ',
  'ZFS_RESOURCE_READ',
];

/** Roles with what follows from them; `FULL_ADMIN` has none beside itself. */
export function withIncluded(held: readonly string[]): readonly string[] {
  if (held.includes('FULL_ADMIN')) return [...held];
  const named = held.flatMap(expand).filter((role) => !role.includes('%'));
  return [...new Set([...named, ...READ_ROLES.filter((role) => hasRole(held, [role]))])];
}

function covers(pattern: string, role: string): boolean {
  const [start = '', end] = pattern.split('%', 2);
  if (end === undefined) return pattern === role;
  return role.startsWith(start) && role.endsWith(end);
}

/** Whether any of the roles held suffices for any of those asked for. */
export function hasRole(held: readonly string[], wanted: readonly string[]): boolean {
  const all = new Set(held.flatMap(expand));
  return wanted.some((role) => [...all].some((has) => covers(has, role)));
}
