import { type PersistentVolumeClaim, type Pod, type Workload } from '../model/kubernetes.ts';
import { BySystem } from './by-system.ts';
import { append } from './listed-by.ts';

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

const NONE: readonly never[] = [];

/** Lists by cluster, namespace and name: joining the three into one key costs a string for every pod there is. */
class ByName<T> {
  readonly #lists = new BySystem<Map<string, T[]>>();

  add({ cluster, namespace }: Omit<ClaimName, 'name'>, name: string, item: T): void {
    append(
      this.#lists.of(cluster, namespace, () => new Map()),
      name,
      item,
    );
  }

  get({ cluster, namespace }: Omit<ClaimName, 'name'>, name: string): readonly T[] {
    return this.#lists.get(cluster, namespace)?.get(name) ?? NONE;
  }
}

/** Ordinal of a pod at the end of a claim's name. */
const ORDINAL = /^\d+$/;

/** Joins claims with what uses them, by name within their namespace: pods and templates know no other key. */
export function indexClaimUse(pods: readonly Pod[], workloads: readonly Workload[]): ClaimUse {
  const podsByClaim = new ByName<Pod>();
  for (const pod of pods) {
    if (OVER.has(pod.phase)) continue;
    for (const claim of pod.claims) podsByClaim.add(pod, claim, pod);
  }
  const byClaim = new ByName<Workload>();
  const byPrefix = new ByName<Workload>();
  for (const workload of workloads) {
    if (!mayMakePods(workload)) continue;
    for (const claim of workload.claims) byClaim.add(workload, claim, workload);
    for (const prefix of workload.claimPrefixes) byPrefix.add(workload, prefix, workload);
  }
  return {
    podsOf: (claim) => podsByClaim.get(claim, claim.name),
    workloadsOf: (claim) => {
      const { name } = claim;
      const end = name.lastIndexOf('-') + 1;
      const made = ORDINAL.test(name.slice(end)) ? byPrefix.get(claim, name.slice(0, end)) : [];
      return [...byClaim.get(claim, name), ...made];
    },
  };
}
