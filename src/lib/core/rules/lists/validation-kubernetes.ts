import { type CheckRule } from '../define-check.ts';
import { defaultStorageClass } from '../validation/default-storage-class.ts';

/** Checks of a cluster: drivers, classes, nodes, snapshots. */
export const KUBERNETES_CHECKS: readonly CheckRule[] = [defaultStorageClass];
