import { WORKLOAD_LISTS } from '../correlate/sources.ts';
import { type PersistentVolumeClaim, type Pod, type Workload } from '../model/kubernetes.ts';
import { refToClaim } from '../model/subjects.ts';
import { managerOf } from '../report/managed-by.ts';
import { certainly, factsOf, hole, present, presentObject } from './nodes.ts';
import { type ChainNode, type Join } from './explanation.ts';
import { type Scene } from './scene.ts';

export function podNode(pod: Pod, children: readonly ChainNode[] = []): ChainNode {
  const [owner] = pod.owners;
  const facts = factsOf({
    phase: pod.phase,
    node: pod.node,
    'owned by': owner && `${owner.kind} ${owner.name}`,
    deleting: pod.deletedAt,
  });
  return presentObject('pod', 'Pod', pod, { facts, children });
}

function workloadNode(workload: Workload): ChainNode {
  const facts = factsOf({ replicas: workload.replicas, suspended: workload.suspended || null });
  return presentObject('workload', workload.kind, workload, { facts });
}

/** Who uses a claim now, and who would: what the claim is for. */
export function userNodes(claim: PersistentVolumeClaim, scene: Scene): ChainNode[] {
  const { claimUse } = scene.evidence.derived;
  const pods = claimUse.podsOf(claim).map((pod) => podNode(pod));
  const workloads = claimUse.workloadsOf(claim).map(workloadNode);
  const home = { side: 'cluster', name: claim.cluster } as const;
  const holes: ChainNode[] = [];
  if (pods.length === 0) {
    const coverage = scene.coverageOf(['pods'], claim.cluster);
    holes.push(hole('pod', 'Pod', 'no pod uses it', coverage, { home }));
  }
  if (pods.length === 0 && workloads.length === 0) {
    const coverage = scene.coverageOf(WORKLOAD_LISTS, claim.cluster);
    const message = 'nothing that makes pods names it';
    holes.push(hole('workload', 'Workload', message, coverage, { home }));
  }
  return [...workloads, ...pods, ...holes];
}

/** A claim, who uses it, and below it what it is bound to. */
export function claimNode(
  claim: PersistentVolumeClaim,
  below: readonly ChainNode[],
  scene: Scene,
): ChainNode {
  const [owner] = claim.owners;
  return present('claim', refToClaim(claim), {
    createdAt: claim.createdAt,
    size: claim.capacity ?? claim.requested,
    facts: factsOf({
      phase: claim.phase,
      class: claim.storageClass,
      'owned by': owner && `${owner.kind} ${owner.name}`,
      'managed by': managerOf(claim)?.name,
      unused: claim.unused === true ? (claim.unusedSince ?? true) : null,
      resizing: claim.resizing || null,
      deleting: claim.deletedAt,
    }),
    children: [...userNodes(claim, scene), ...below],
  });
}

/** What joins a claim with the volume below it. */
export function joinOfClaim(claim: PersistentVolumeClaim, claimUid: string | null): Join {
  return claimUid === claim.uid
    ? certainly('claimRef with the uid of the claim')
    : { key: 'claimRef by name, without a uid', confidence: 'likely' };
}
