import { type CheckRule } from './define-check.ts';
import { HEALTH_CHECKS } from './lists/health.ts';
import { ACCESS_CHECKS } from './lists/validation-access.ts';
import { KUBERNETES_CHECKS } from './lists/validation-kubernetes.ts';
import { TRUENAS_CHECKS } from './lists/validation-truenas.ts';

/** Every check of `validate` and `health`, in the order in which they are listed. Orphans and drift have a registry of their own. */
export const CHECKS: readonly CheckRule[] = [
  ...ACCESS_CHECKS,
  ...KUBERNETES_CHECKS,
  ...TRUENAS_CHECKS,
  ...HEALTH_CHECKS,
];
