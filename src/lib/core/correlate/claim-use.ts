import { type PersistentVolumeClaim, type Pod, type Workload } from '../model/kubernetes.ts';
import { BySystem } from './by-system.ts';

/** Who mounts a claim now, and who would if it were scaled up, woken or started. */
export interface ClaimUse {
  /** Pods that are not over. */
  podsOf(claim: ClaimName): readonly Pod[];
  /** What names the claim in its template, or makes it for its pods. */
  workloadsOf(claim: ClaimName): readonly Workload[];
}

export type ClaimName = Pick<PersistentVolumeClaim, 'cluster' | 'namespace' | 'name'>;

const OVER: ReadonlySet<string> = new Set(['Succeeded', 'Failed']);

/** Whether it is worth asking at all: a Job that is over makes no pod again, and what makes others is asked itself. */
export function mayMakePods({ kind, finished, owners }: Workload): boolean {
  if (finished) return false;
  return kind !== 'ReplicaSet' || !owners.some((owner) => owner.kind === 'Deployment');
}

const key = (namespace: string, name: string): string => `${namespace}/${name}`;

/** Ordinal of a pod at the end of a claim's name. */
const ORDINAL = /^\d+$/;

/** Joins claims with what uses them, by name within their namespace: pods and templates know no other key. */
export function indexClaimUse(pods: readonly Pod[], workloads: readonly Workload[]): ClaimUse {
  const podsByClaim = new BySystem<Pod[]>();
  for (const pod of pods) {
    if (OVER.has(pod.phase)) continue;
    for (const claim of pod.claims) {
      podsByClaim.of(pod.cluster, key(pod.namespace, claim), () => []).push(pod);
    }
  }
  const byClaim = new BySystem<Workload[]>();
  const byPrefix = new BySystem<Workload[]>();
  for (const workload of workloads) {
    if (!mayMakePods(workload)) continue;
    const { cluster, namespace } = workload;
    for (const claim of workload.claims) {
      byClaim.of(cluster, key(namespace, claim), () => []).push(workload);
    }
    for (const prefix of workload.claimPrefixes) {
      byPrefix.of(cluster, key(namespace, prefix), () => []).push(workload);
    }
  }
  return {
    podsOf: ({ cluster, namespace, name }) => podsByClaim.get(cluster, key(namespace, name)) ?? [],
    workloadsOf: ({ cluster, namespace, name }) => {
      const end = name.lastIndexOf('-') + 1;
      const made = ORDINAL.test(name.slice(end))
        ? byPrefix.get(cluster, key(namespace, name.slice(0, end)))
        : undefined;
      return [...(byClaim.get(cluster, key(namespace, name)) ?? []), ...(made ?? [])];
    },
  };
}
