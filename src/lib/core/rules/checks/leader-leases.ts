import { type Installation } from '../../correlate/installations.ts';
import { type Container } from '../../model/container.ts';
import { type Lease } from '../../model/kubernetes-surroundings.ts';
import { hasRole, servingPods } from './pod-health.ts';

/** Sidecars that elect a leader, by how the name of their Lease begins. */
const ROLES: readonly (readonly [prefix: string, role: string])[] = [
  ['external-attacher-leader-', 'attacher'],
  ['external-snapshotter-leader-', 'snapshotter'],
  ['external-resizer-', 'resizer'],
  ['external-health-monitor-leader-', 'health-monitor-controller'],
  ['', 'provisioner'],
];

/** How sidecars write the name of a driver into that of a Lease. */
function inLeaseName(driver: string): string {
  return driver.replace(/[^a-zA-Z0-9-]/g, '-');
}

/** The sidecar of a driver that a Lease belongs to; undefined for every other Lease. */
export function roleOf({ name }: Lease, driver: string): string | undefined {
  const ending = inLeaseName(driver);
  return ROLES.find(([prefix]) => name === `${prefix}${ending}`)?.[1];
}

const ELECTS = /^--leader-election(?:=true)?$/;

function elects({ args }: Container): boolean {
  return args.some((arg) => ELECTS.test(arg));
}

/** Whether a sidecar of this role runs and takes part in an election: a Lease outlives what it was made for. */
export function isContested({ controllers, nodePods }: Installation, role: string): boolean {
  return servingPods([...controllers, ...nodePods]).some(({ containers }) =>
    containers.some((container) => hasRole(container, role) && elects(container)),
  );
}

/** Where the pods of a driver run, and so its Leases are. */
export function namespacesOf({ controllers, nodePods }: Installation): ReadonlySet<string> {
  return new Set([...controllers, ...nodePods].map(({ namespace }) => namespace));
}
