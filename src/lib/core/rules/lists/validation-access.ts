import { type CheckRule } from '../define-check.ts';

/** Checks of both connections, of permissions, and of the configuration. */
export const ACCESS_CHECKS: readonly CheckRule[] = [];
