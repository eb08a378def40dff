import { type CheckRule } from '../define-check.ts';

/** Checks of how both sides are doing. */
export const HEALTH_CHECKS: readonly CheckRule[] = [];
