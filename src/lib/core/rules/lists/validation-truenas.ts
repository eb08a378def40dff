import { type CheckRule } from '../define-check.ts';

/** Checks of a TrueNAS: parents, services, shares, portals, names. */
export const TRUENAS_CHECKS: readonly CheckRule[] = [];
