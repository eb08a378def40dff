import { addObject } from './objects.ts';
import { type Cluster } from './stage.ts';

const DAY_MILLIS = 86_400_000;

/** Leaders renew every few seconds. */
const JUST_NOW = 4_000 / DAY_MILLIS;

export interface LeaseOptions {
  readonly namespace: string;
  readonly name: string;
  /** Name of the pod that leads. */
  readonly holder: string;
  readonly days: number;
  /** How long ago it was renewed last, in days, where its holder has not been heard of since. */
  readonly silentDays?: number | undefined;
}

/** Adds the Lease by which one of several pods leads. */
export function addLease(cluster: Cluster, options: LeaseOptions): void {
  const { namespace, name, holder, days, silentDays } = options;
  addObject(cluster, {
    resource: 'leases',
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    name,
    namespace,
    days,
    body: {
      spec: {
        // Whoever is gone cannot be heard of again, however long somebody waits.
        holderIdentity: silentDays === undefined ? holder : `${holder}-gone`,
        leaseDurationSeconds: 15,
        acquireTime: microTime(cluster, days),
        renewTime: microTime(cluster, silentDays ?? JUST_NOW),
        leaseTransitions: 1,
      },
    },
    writers: [{ manager: 'csi-sidecar', keys: ['spec'] }],
  });
}

function microTime({ stage }: Cluster, days: number): string {
  return new Date(stage.now - days * DAY_MILLIS).toISOString().replace('Z', '000Z');
}
