const SHARING = ['DATASET_WRITE', 'SHARING_WRITE', 'FILESYSTEM_ATTRS_WRITE', 'SERVICE_READ'];

const COMPOSITES: Readonly<Record<string, readonly string[]>> = {
  SHARING_ADMIN: ['READONLY_ADMIN', ...SHARING],
  REPLICATION_ADMIN: [
    'KEYCHAIN_CREDENTIAL_WRITE',
    'REPLICATION_TASK_WRITE',
    'REPLICATION_TASK_CONFIG_WRITE',
    'SNAPSHOT_TASK_WRITE',
    'SNAPSHOT_WRITE',
  ],
};

/** Families a general sharing role stands for. */
const SHARING_FAMILIES = /^SHARING_(?:NFS|SMB|ISCSI|NVME)/u;

function grants(held: string, wanted: string): boolean {
  if (held === wanted || held === 'FULL_ADMIN') return true;
  if (held === 'READONLY_ADMIN') return wanted.endsWith('_READ');
  if (held.endsWith('_WRITE')) {
    const right = wanted.endsWith('_READ') ? held.replace(/_WRITE$/u, '_READ') : held;
    if (right === wanted) return true;
    const family = right.replace(/_(?:READ|WRITE)$/u, '');
    if (family === 'SHARING')
      return SHARING_FAMILIES.test(wanted) && right.slice(7) === wanted.slice(-right.length + 7);
    return (
      family === 'SHARING_ISCSI' &&
      wanted.startsWith('SHARING_ISCSI_') &&
      wanted.endsWith(right.slice(13))
    );
  }
  if (held === 'SHARING_ISCSI_READ') return /^SHARING_ISCSI_\w+_READ$/u.test(wanted);
  return held === 'SHARING_READ' && SHARING_FAMILIES.test(wanted) && wanted.endsWith('_READ');
}

function expand(role: string): readonly string[] {
  return [role, ...(COMPOSITES[role] ?? []).flatMap(expand)];
}

/** Whether any of the roles held suffices for any of those asked for. */
export function hasRole(held: readonly string[], wanted: readonly string[]): boolean {
  const all = held.flatMap(expand);
  return wanted.some((role) => all.some((has) => grants(has, role)));
}
