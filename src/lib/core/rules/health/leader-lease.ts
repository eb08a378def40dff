import { type ClusterIdentity } from '../../model/inventory.ts';
import { type Lease } from '../../model/kubernetes-surroundings.ts';
import { refInCluster } from '../../model/surroundings.ts';
import { elapsed, millis } from '../../model/units.ts';
import { formatSpan } from '../../render/text/format.ts';
import { isContested, namespacesOf, roleOf } from '../checks/leader-leases.ts';
import { defineCheck, type Inspection } from '../define-check.ts';

/** Of client-go. */
const USUAL_DURATION = millis(15_000);
const MISSED = 4;

function judge(lease: Lease, clock: Date | null): Omit<Inspection, 'subject'> {
  const { holder, renewedAt, duration } = lease;
  if (clock === null) return { sound: undefined, seen: 'the clock of the cluster is not known' };
  if (renewedAt === null) return { sound: undefined, seen: 'it does not say when it was renewed' };
  const age = elapsed(renewedAt, clock);
  const who = holder === null || holder === '' ? 'nobody' : holder;
  // Who gives a Lease up sets its duration to a second.
  const fresh = age <= MISSED * Math.max(duration ?? 0, USUAL_DURATION);
  return fresh
    ? { sound: true, seen: `${who} leads` }
    : {
        sound: false,
        seen: `${who} holds it, and renewed it ${formatSpan(age)} ago: nobody leads`,
      };
}

function clockOf(name: string, clusters: readonly ClusterIdentity[]): Date | null {
  return clusters.find((cluster) => cluster.name === name)?.clock ?? null;
}

export const leaderLease = defineCheck({
  id: 'leader-lease',
  category: 'health',
  severity: 'high',
  component: 'driver',
  title: 'Every sidecar of a CSI driver has a leader',
  scope: 'cluster',
  subjects: ['Lease'],
  requires: ['installations', 'leases', 'clusters'],
  consults: [],
  steps: [
    'Look into the log of that sidecar in the controller pods of the driver: without a leader it does nothing.',
    'Restart the controller of the driver with `kubectl rollout restart` if its pods run and none takes over.',
  ],

  *inspect({ installations, leases, clusters }) {
    for (const installation of installations) {
      const { cluster, driver } = installation;
      const namespaces = namespacesOf(installation);
      for (const lease of leases) {
        if (lease.cluster !== cluster || !namespaces.has(lease.namespace)) continue;
        const role = roleOf(lease, driver);
        if (role === undefined || !isContested(installation, role)) continue;
        const { sound, seen } = judge(lease, clockOf(cluster, clusters));
        yield {
          subject: refInCluster('Lease', lease),
          sound,
          seen: `${role} of ${driver}: ${seen}`,
        };
      }
    }
  },
});
