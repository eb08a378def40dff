import { ROLES, type Role } from '../../core/serve/settings.ts';
import { type AccessQuestion } from '../../ports/authentication.ts';

/*
 * What a role is called in Kubernetes. Whoever may list the volumes of a cluster with kubectl may see here what is made of them. The
 * rest are rights on resources that only RBAC knows of: no such objects exist, and nobody has them by accident but who may do all.
 */

const GROUP = 'truenas-monitor.io';

/** Sees everything, what belongs to no namespace too. */
export const SEES_ALL = onResource('list', '', 'persistentvolumes', null);

/** Sees what belongs to a namespace. */
export function seesNamespace(namespace: string | null): AccessQuestion {
  return onResource('list', '', 'persistentvolumeclaims', namespace);
}

const RIGHTS: Readonly<Record<Exclude<Role, 'viewer'>, AccessQuestion>> = {
  operator: onResource('create', GROUP, 'scans', null),
  approver: onResource('approve', GROUP, 'plans', null),
  admin: onResource('apply', GROUP, 'plans', null),
};

/** The roles that may do what is asked for, the least first, with the right that is each of them. */
export function rolesFrom(
  least: Exclude<Role, 'viewer'>,
): readonly (readonly [role: Exclude<Role, 'viewer'>, right: AccessQuestion])[] {
  return ROLES.slice(ROLES.indexOf(least))
    .filter((role) => role !== 'viewer')
    .map((role) => [role, RIGHTS[role]]);
}

/** Such as `create scans.truenas-monitor.io`. */
export function wordsOf(question: AccessQuestion): string {
  if (question.kind === 'path') return `${question.verb} on ${question.path}`;
  const { verb, group, resource } = question;
  return `${verb} on ${resource}${group === '' ? '' : `.${group}`}`;
}

function onResource(
  verb: string,
  group: string,
  resource: string,
  namespace: string | null,
): AccessQuestion {
  return { kind: 'resource', verb, group, resource, namespace };
}
