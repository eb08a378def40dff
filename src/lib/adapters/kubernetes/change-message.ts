import { type ClusterChange } from '../../core/cleanup/change.ts';
import { type ResourceGuard } from '../../ports/change-writer.ts';
import { type ChangeMessage } from './delivery.ts';
import { recordAt, textAt } from './json.ts';
import { collectionPath, RESOURCE_SPECS } from './resource-kinds.ts';
import { manifestToCreate } from './saved-manifest.ts';

type PolicyChange = Extract<ClusterChange, { type: 'set-policy' }>;
type Deletion = Extract<ClusterChange, { type: 'delete-resource' }>;
type Creation = Extract<ClusterChange, { type: 'create-resource' }>;

const POLICY_FIELDS = {
  persistentvolume: 'persistentVolumeReclaimPolicy',
  volumesnapshotcontent: 'deletionPolicy',
} as const;

/** The one request that a change is. Text is why it must not be sent. */
export function messageOf(
  change: ClusterChange,
  guard: ResourceGuard | null,
  dryRun: boolean,
): ChangeMessage | string {
  if (change.type === 'create-resource') return creation(change, dryRun);
  if (guard === null) return 'it is not said which object of that name is meant';
  return change.type === 'set-policy'
    ? policyChange(change, guard, dryRun)
    : deletion(change, guard, dryRun);
}

const queryOf = (dryRun: boolean): string => (dryRun ? '?dryRun=All' : '');

/** With uid and resourceVersion in the patch the server refuses it where the object is another, or another version of it. */
function policyChange(
  { kind, name, policy }: PolicyChange,
  { uid, resourceVersion }: ResourceGuard,
  dryRun: boolean,
): ChangeMessage {
  const path = `${collectionPath(RESOURCE_SPECS[kind], null)}/${encodeURIComponent(name)}`;
  return {
    method: 'PATCH',
    path: path + queryOf(dryRun),
    body: { metadata: { uid, resourceVersion }, spec: { [POLICY_FIELDS[kind]]: policy } },
  };
}

/** Finalizers are left to whom they belong to: the object stays, marked with when it was deleted, until all of them are gone. */
function deletion(
  { kind, namespace, name }: Deletion,
  { uid, resourceVersion }: ResourceGuard,
  dryRun: boolean,
): ChangeMessage | string {
  const spec = RESOURCE_SPECS[kind];
  if (spec.namespaced && namespace === null) {
    return 'nothing that lies in a namespace is deleted by name alone';
  }
  return {
    method: 'DELETE',
    path: `${collectionPath(spec, namespace)}/${encodeURIComponent(name)}${queryOf(dryRun)}`,
    body: {
      kind: 'DeleteOptions',
      apiVersion: 'v1',
      preconditions: { uid, resourceVersion },
      propagationPolicy: 'Background',
      // Where a DELETE has a body, the server does not look at its query: there alone, this would delete for real.
      ...(dryRun ? { dryRun: ['All'] } : {}),
    },
  };
}

function creation(
  { kind, namespace, name, manifest }: Creation,
  dryRun: boolean,
): ChangeMessage | string {
  const body = manifestToCreate(kind, manifest);
  if (typeof body === 'string') return body;
  const metadata = recordAt(body, 'metadata');
  if (textAt(metadata, 'name') !== name || textAt(metadata, 'namespace') !== namespace) {
    return 'the saved manifest is that of another object';
  }
  const path = collectionPath(RESOURCE_SPECS[kind], namespace);
  return { method: 'POST', path: path + queryOf(dryRun), body };
}
