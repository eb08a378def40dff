import { type Family, hasResources } from './api-versions.ts';
import { OBJECT_LISTS } from './object-lists.ts';

/** What tells when a key expires. */
export const KEY_QUERY = 'api_key.query';

/** Methods that a scan and its second look call, save those that are open to every user. */
export function calledMethods(family: Family, transport: 'jsonrpc' | 'rest'): readonly string[] {
  const isRest = transport === 'rest';
  const objects = Object.values(OBJECT_LISTS)
    .filter(({ path }) => !isRest || path !== null)
    .map(({ method }) => method)
    .filter((method) => hasResources(family) || !method.startsWith('nvmet.'));
  return [
    'system.info',
    'system.host_id',
    ...objects,
    hasResources(family) && !isRest ? 'zfs.resource.query' : 'pool.dataset.query',
    'pool.dataset.attachments',
    snapshotMethod(family),
    ...(isRest ? [] : [KEY_QUERY]),
  ];
}

/** What lists snapshots. */
export function snapshotMethod(family: Family): string {
  if (family === '26') return 'zfs.resource.snapshot.query';
  return family === '25.10' ? 'pool.snapshot.query' : 'zfs.snapshot.query';
}
