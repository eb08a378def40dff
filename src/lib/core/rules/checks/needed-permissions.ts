import { type Permission } from '../../model/kubernetes-surroundings.ts';
import { type Severity } from '../../model/finding.ts';

/** Lists without which volumes and snapshots cannot be judged at all. */
const CORE: ReadonlySet<string> = new Set([
  'persistentvolumes',
  'persistentvolumeclaims',
  'pods',
  'nodes',
  'storageclasses',
  'csidrivers',
  'volumeattachments',
  'volumesnapshots',
  'volumesnapshotcontents',
  'volumesnapshotclasses',
]);

/** How much is lost without a permission. */
export function severityWithout({ resource, verb }: Permission): Severity {
  // `drivers:` of the configuration says what the Secret would.
  if (resource === 'secrets') return 'low';
  return verb === 'list' && CORE.has(resource) ? 'high' : 'medium';
}

/** A permission as `kubectl auth can-i` takes it: `list volumesnapshots.snapshot.storage.k8s.io`. */
export function permissionName({ verb, group, resource, name }: Permission): string {
  return `${verb} ${resource}${group === '' ? '' : `.${group}`}${name === null ? '' : `/${name}`}`;
}

/** The rule of a Role or ClusterRole that grants it, on one line of YAML. */
export function rbacRule({ verb, group, resource, name }: Permission): string {
  const parts = [
    `apiGroups: ["${group}"]`,
    `resources: ["${resource}"]`,
    ...(name === null ? [] : [`resourceNames: ["${name}"]`]),
    `verbs: ["${verb}"]`,
  ];
  return `- {${parts.join(', ')}}`;
}

/** What to do so that it is granted: one step that holds the whole rule, for copying. */
export function stepsToGrant(permission: Permission): readonly string[] {
  const { namespace } = permission;
  const role =
    namespace === null
      ? 'the ClusterRole of the identity this tool uses'
      : `a Role in namespace ${namespace} that is bound to the identity this tool uses`;
  const where = namespace === null ? '-A' : `-n ${namespace}`;
  return [
    `Add this rule to ${role}, as docs/kubernetes-access.md has it: \`${rbacRule(permission)}\`.`,
    `See whether \`kubectl auth can-i ${permissionName(permission)} ${where}\` then says yes.`,
  ];
}
