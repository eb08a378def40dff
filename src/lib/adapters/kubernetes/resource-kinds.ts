import { type ResourceKind } from '../../core/cleanup/change.ts';
import { type Identity } from '../../core/cleanup/expectation.ts';
import { identityOf } from '../../core/cleanup/identity.ts';
import { type JsonRecord } from './json.ts';
import { LIST_SPECS, type ListSpec } from './sources.ts';

/** Where objects that clean-up may change are found, one by one, and by what each is known again. */
export interface ResourceSpec {
  /** Path of the group and version. */
  readonly group: string;
  readonly resource: string;
  readonly namespaced: boolean;
  /** Undefined where the object cannot be read. */
  readonly identify: (item: JsonRecord, cluster: string) => Identity | undefined;
}

export const RESOURCE_SPECS: Readonly<Record<ResourceKind, ResourceSpec>> = {
  persistentvolume: specOf(LIST_SPECS.persistentVolumes, identityOf.persistentVolume),
  persistentvolumeclaim: specOf(
    LIST_SPECS.persistentVolumeClaims,
    identityOf.persistentVolumeClaim,
  ),
  volumesnapshot: specOf(LIST_SPECS.volumeSnapshots, identityOf.volumeSnapshot),
  volumesnapshotcontent: specOf(LIST_SPECS.volumeSnapshotContents, identityOf.snapshotContent),
  volumeattachment: specOf(LIST_SPECS.volumeAttachments, identityOf.volumeAttachment),
};

/** Read as lists are read, so that an object is the same to whoever plans and whoever acts. */
function specOf<T>(
  { group, resource, namespaced, decode }: ListSpec<T>,
  identify: (object: T) => Identity,
): ResourceSpec {
  return {
    group,
    resource,
    namespaced,
    identify: (item, cluster) => {
      const object = decode(item, cluster);
      return object && identify(object);
    },
  };
}

/** Path of the objects of a kind: all of them, or those of one namespace. */
export function collectionPath(
  { group, resource, namespaced }: ResourceSpec,
  namespace: string | null,
): string {
  const scope =
    namespaced && namespace !== null ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${group}${scope}/${resource}`;
}

/** `volumesnapshotcontents.snapshot.storage.k8s.io`; for the core group just the plural. */
export function qualifiedName({ group, resource }: ResourceSpec): string {
  const name = groupName(group);
  return name === '' ? resource : `${resource}.${name}`;
}

/** The group as RBAC rules write it. */
export function groupName(path: string): string {
  return /^\/apis\/([^/]+)\//.exec(path)?.[1] ?? '';
}
