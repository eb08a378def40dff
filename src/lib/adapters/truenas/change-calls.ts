import { type NasChange, type NasObjectKind } from '../../core/cleanup/change.ts';
import { type Millis, millis } from '../../core/model/units.ts';
import { type Family, hasResources } from './api-versions.ts';
import { type Call, type Route, routeOf } from './call.ts';
import { createdFields } from './created-fields.ts';
import { NAS_KINDS } from './nas-kinds.ts';

/** A dataset with many files, or a snapshot that holds many, may take TrueNAS ten minutes to free. */
const DESTRUCTION_TIMEOUT: Millis = millis(30 * 60_000);

/** No object has it. */
const NO_ID = 0;

/** Where TrueNAS keeps our word on a dataset. */
const MARK = 'truenas-monitor:quarantined';

/** Why a version has no call for a change; undefined where it has one. */
export function whyImpossible(family: Family, change: NasChange): string | undefined {
  if (hasResources(family)) return undefined;
  if (change.type === 'move-dataset') return 'TrueNAS can move datasets since 25.10';
  const isNvmet = 'kind' in change && change.kind.startsWith('nvmet-');
  return isNvmet ? 'NVMe-oF came with TrueNAS 25.10' : undefined;
}

/**
 * The call that makes a change, and nothing besides. Whatever would let TrueNAS do more than it is told, be it `force`,
 * `recursive`, or taking what belongs to an object along, is said to be off, and not left to a default.
 */
export function callFor(family: Family, change: NasChange): Call {
  if ('kind' in change) return objectCall(family, change);
  switch (change.type) {
    case 'set-mark':
      return update('pool.dataset', change.dataset, {
        user_properties_update: [
          change.mark === null ? { key: MARK, remove: true } : { key: MARK, value: change.mark },
        ],
      });
    case 'move-dataset':
      return move(change.from, change.to);
    case 'delete-snapshot':
      return snapshotDeletion(family, change.snapshot);
    case 'destroy-dataset':
      return withOptions('pool.dataset', change.dataset, { recursive: false, force: false });
  }
}

function objectCall(
  family: Family,
  change: Extract<NasChange, { readonly kind: NasObjectKind }>,
): Call {
  switch (change.type) {
    case 'set-enabled':
      return update(NAS_KINDS[change.kind].service, change.id, { enabled: change.enabled });
    case 'set-groups':
      return update(NAS_KINDS[change.kind].service, change.id, { groups: change.groups });
    case 'delete-object':
      return deletion(change.kind, change.id);
    case 'delete-join':
      // Its id is only known once it was looked up: rights are asked for without.
      return deletion(change.kind, NO_ID);
    case 'create-object':
      return creation(family, change);
  }
}

function at(service: string, id: string | number): string {
  return `${routeOf(service)}/id/${encodeURIComponent(id)}`;
}

function update(service: string, id: string | number, data: object): Call {
  return {
    method: `${service}.update`,
    params: [id, data],
    route: { verb: 'PUT', path: at(service, id), body: data },
    timeout: null,
  };
}

function deletion(kind: NasObjectKind, id: number): Call {
  const { service } = NAS_KINDS[kind];
  switch (kind) {
    case 'nfs-share':
    case 'smb-share':
    case 'nvmet-port-subsystem':
    case 'nvmet-host-subsystem':
      return bareDeletion(service, id, [], undefined);
    case 'iscsi-target':
      return bareDeletion(service, id, [false, false], { force: false, delete_extents: false });
    case 'iscsi-extent':
      return bareDeletion(service, id, [false, false], { remove: false, force: false });
    case 'iscsi-mapping':
      // Over REST its only option would be the whole body, a bare `false`, which is what no body means.
      return bareDeletion(service, id, [false], undefined);
    case 'nvmet-subsystem':
      return { ...withOptions(service, id, { force: false }), timeout: null };
    case 'nvmet-namespace':
      return { ...withOptions(service, id, { remove: false }), timeout: null };
  }
}

function bareDeletion(
  service: string,
  id: number,
  flags: readonly boolean[],
  body: Route['body'],
): Call {
  return {
    method: `${service}.delete`,
    params: [id, ...flags],
    route: { verb: 'DELETE', path: at(service, id), body },
    timeout: null,
  };
}

/** A deletion whose options are one object, and the whole body over REST. */
function withOptions(service: string, id: string | number, options: object): Call {
  return {
    method: `${service}.delete`,
    params: [id, options],
    route: { verb: 'DELETE', path: at(service, id), body: options },
    timeout: DESTRUCTION_TIMEOUT,
  };
}

function creation(
  family: Family,
  { kind, fields }: Extract<NasChange, { type: 'create-object' }>,
): Call {
  const { service } = NAS_KINDS[kind];
  const data = createdFields(family, kind, fields);
  return {
    method: `${service}.create`,
    params: [data],
    route: { verb: 'POST', path: routeOf(service), body: data },
    timeout: null,
  };
}

/**
 * This is the one call that needs `force`. It is not the force of a deletion: it makes nothing be taken along or overridden, but
 * acknowledges that TrueNAS does not look for shares or tasks on the old path, without which it refuses every move. Plans do that
 * look themselves. `recursive` would be about snapshots; children move with their parent anyhow.
 */
function move(from: string, to: string): Call {
  const data = { new_name: to, recursive: false, force: true };
  return {
    method: 'pool.dataset.rename',
    params: [from, data],
    route: { verb: 'POST', path: `${at('pool.dataset', from)}/rename`, body: data },
    timeout: null,
  };
}

/** Never deferred: a snapshot that cannot go now would go by itself later, when nobody is looking. */
function snapshotDeletion(family: Family, snapshot: string): Call {
  const options = { defer: false, recursive: false };
  if (family !== '26') {
    const service = family === '25.10' ? 'pool.snapshot' : 'zfs.snapshot';
    return withOptions(service, snapshot, options);
  }
  const data = { path: snapshot, ...options, all_snapshots: false };
  return {
    ...withOptions('zfs.resource.snapshot', snapshot, data),
    method: 'zfs.resource.snapshot.destroy',
    params: [data],
  };
}
