import { type Listing } from '../../model/coverage.ts';
import { type ApiGroup, type Permission } from '../../model/kubernetes-surroundings.ts';
import { type ResourceRef } from '../../model/resource-ref.ts';
import { refInCluster } from '../../model/surroundings.ts';
import { permissionName, severityWithout, stepsToGrant } from '../checks/needed-permissions.ts';
import { defineCheck, type Inspection } from '../define-check.ts';

function refToPermission(permission: Permission): ResourceRef {
  const { cluster, namespace } = permission;
  return refInCluster('Permission', { cluster, namespace, name: permissionName(permission) });
}

/** Groups that come with an add-on: nothing is lost where they are not installed. */
const ADD_ONS: ReadonlySet<string> = new Set([
  'snapshot.storage.k8s.io',
  'kubevirt.io',
  'cdi.kubevirt.io',
]);

/** Whether there is anything to be permitted; undefined where the groups of the API are not known. */
function isInstalled({ group }: Permission, groups: Listing<ApiGroup>): boolean | undefined {
  if (!ADD_ONS.has(group) || groups.items.some(({ name }) => name === group)) return true;
  return groups.coverage.state === 'complete' ? false : undefined;
}

function judge(permission: Permission, groups: Listing<ApiGroup>): Omit<Inspection, 'subject'> {
  const installed = isInstalled(permission, groups);
  if (installed === false) {
    return { sound: true, seen: `nothing to permit: ${permission.group} is not installed` };
  }
  if (permission.allowed) return { sound: true, seen: 'allowed' };
  if (installed === undefined) {
    return {
      sound: undefined,
      seen: `not allowed, and whether ${permission.group} is installed could not be read`,
    };
  }
  const severity = severityWithout(permission);
  return {
    sound: false,
    seen: `not allowed${permission.namespace === null ? '' : ` in namespace ${permission.namespace}`}`,
    severity,
    steps: stepsToGrant(permission),
  };
}

export const kubernetesPermissions = defineCheck({
  id: 'kubernetes-permissions',
  category: 'validation',
  severity: 'high',
  component: 'permissions',
  title: 'Everything that is asked of the cluster may be read',
  scope: 'cluster',
  subjects: ['Permission'],
  requires: ['permissions'],
  consults: ['apiGroups'],
  steps: ['Grant the role of docs/kubernetes-access.md to the identity this tool uses.'],

  *inspect({ permissions, apiGroups }) {
    for (const permission of permissions) {
      yield { subject: refToPermission(permission), ...judge(permission, apiGroups) };
    }
  },
});
