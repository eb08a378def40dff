import { type Coverage } from '../model/coverage.ts';
import { type ObjectMeta } from '../model/kubernetes.ts';
import { type Size } from '../model/quantity.ts';
import { type ResourceRef } from '../model/resource-ref.ts';
import { type ChainNode, type Fact, type Home, type Join, type NodeRole } from './explanation.ts';

/** Facts without those that are not known. */
export function factsOf(facts: Readonly<Record<string, Fact['value'] | null | undefined>>): Fact[] {
  return Object.entries(facts).flatMap(([name, value]) =>
    value === null || value === undefined || value === '' ? [] : [{ name, value }],
  );
}

export interface NodeParts {
  readonly createdAt?: Date | null;
  readonly size?: Size | null;
  readonly facts?: readonly Fact[];
  readonly join?: Join | null;
  readonly message?: string | null;
  readonly beside?: boolean;
  readonly children?: readonly ChainNode[];
}

const NOTHING = {
  message: null,
  createdAt: null,
  size: null,
  facts: [],
  join: null,
  beside: false,
  children: [],
} as const;

function homeOf(ref: ResourceRef): Home {
  return ref.location === 'kubernetes'
    ? { side: 'cluster', name: ref.cluster }
    : { side: 'system', name: ref.system };
}

/** An object that is there and that rules may have an opinion on. */
export function present(role: NodeRole, ref: ResourceRef, parts: NodeParts = {}): ChainNode {
  const { type: kind, name, namespace } = ref;
  return {
    ...NOTHING,
    role,
    state: 'present',
    kind,
    name,
    namespace,
    home: homeOf(ref),
    ref,
    ...parts,
  };
}

/** A Kubernetes object no rule reports, such as a pod. */
export function presentObject(
  role: NodeRole,
  kind: string,
  { cluster, name, namespace, createdAt }: ObjectMeta,
  parts: NodeParts = {},
): ChainNode {
  const home: Home = { side: 'cluster', name: cluster };
  return {
    ...NOTHING,
    role,
    state: 'present',
    kind,
    name,
    namespace,
    home,
    ref: null,
    createdAt,
    ...parts,
  };
}

/** A part of the chain that is no object of its own: a handle, a session. */
export function presentPart(
  role: NodeRole,
  kind: string,
  name: string,
  home: Home,
  parts: NodeParts = {},
): ChainNode {
  return {
    ...NOTHING,
    role,
    state: 'present',
    kind,
    name,
    namespace: null,
    home,
    ref: null,
    ...parts,
  };
}

export interface HoleParts extends NodeParts {
  readonly name?: string | null;
  readonly namespace?: string | null;
  readonly home?: Home | null;
}

/**
 * The place of something that was not found. It is called absent only where everything it was looked for in was read whole.
 *
 * @param message what is missing, where it is
 */
export function hole(
  role: NodeRole,
  kind: string,
  message: string,
  coverage: Coverage,
  parts: HoleParts = {},
): ChainNode {
  const known = coverage.state === 'complete' || coverage.state === 'not_applicable';
  return {
    ...NOTHING,
    name: null,
    namespace: null,
    home: null,
    ...parts,
    role,
    kind,
    ref: null,
    state: known ? 'absent' : 'unknown',
    message: known ? message : `cannot be told, not read whole: ${coverage.reason}`,
  };
}

/** What nobody can know from here, whatever was read. */
export function unknownNode(
  role: NodeRole,
  kind: string,
  message: string,
  parts: HoleParts = {},
): ChainNode {
  return {
    ...NOTHING,
    name: null,
    namespace: null,
    home: null,
    ...parts,
    role,
    kind,
    ref: null,
    state: 'unknown',
    message,
  };
}

export function certainly(key: string): Join {
  return { key, confidence: 'certain' };
}

export function likely(key: string): Join {
  return { key, confidence: 'likely' };
}
