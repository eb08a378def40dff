import { type ObjectMeta } from './kubernetes.ts';
import { type Millis } from './units.ts';

/*
 * What is around storage in a cluster, with the fields this project uses.
 */

/** What the kubelet of a node has registered. */
export interface CsiNode extends ObjectMeta {
  /** CSI driver names. */
  readonly drivers: readonly string[];
}

/** Who leads, in `coordination.k8s.io/v1`: sidecars of CSI drivers and the snapshot controller hold one each. */
export interface Lease extends ObjectMeta {
  readonly namespace: string;
  readonly holder: string | null;
  readonly renewedAt: Date | null;
  readonly duration: Millis | null;
}

/** A namespace, with its labels, which say which pods it admits. */
export type Namespace = ObjectMeta;

/** A group of the API that is installed. */
export interface ApiGroup {
  readonly cluster: string;
  readonly name: string;
  /** `v1`, `v1beta1`, … */
  readonly versions: readonly string[];
}

/** One thing that this tool asks a cluster for, and whether it may. */
export interface Permission {
  readonly cluster: string;
  readonly verb: string;
  /** Empty for the core group. */
  readonly group: string;
  /** Plural name, as RBAC rules write it. */
  readonly resource: string;
  /** Null for all namespaces. */
  readonly namespace: string | null;
  /** Of the one object that is asked for; null for all. */
  readonly name: string | null;
  readonly allowed: boolean;
}
