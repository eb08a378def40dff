import { type Blocker, type BlockerKind, type ChainNode } from './explanation.ts';

/** What may stand in the way where it could not be seen, and how to find out. */
interface Unseen {
  readonly kind: BlockerKind;
  readonly step: string | null;
}

const UNSEEN: Readonly<Partial<Record<ChainNode['role'], Unseen>>> = {
  workload: { kind: 'workload', step: null },
  pod: { kind: 'pod', step: null },
  session: { kind: 'session', step: null },
  share: { kind: 'share', step: null },
  target: { kind: 'share', step: null },
  snapshot: { kind: 'snapshot', step: null },
  use: {
    kind: 'use',
    step: 'Look among the virtual machines, apps and tasks of TrueNAS.',
  },
};

const OF_GROUP: Unseen = {
  kind: 'target',
  step: 'Look in TrueNAS which targets have it among their groups: one that loses its only group may let everybody in.',
};

/** What a hole that cannot be told leaves open. */
export function unseenAt(node: ChainNode, above: ChainNode | undefined): readonly Blocker[] {
  const ofGroup = node.role === 'target' && above?.kind === 'IscsiInitiator';
  const unseen = ofGroup ? OF_GROUP : UNSEEN[node.role];
  if (node.state !== 'unknown' || unseen === undefined || node.message === null) return [];
  return [{ ...unseen, state: 'unknown', what: `${node.kind}: ${node.message}` }];
}
