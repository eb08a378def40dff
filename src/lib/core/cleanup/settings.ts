import { type Bytes, bytes, type Millis, millis } from '../model/units.ts';

/** An entry of `cleanup.protect`: what matches every part that is given is left alone. */
export interface Protection {
  /** Glob over the dataset a finding is about; `**` crosses slashes. */
  readonly path: string | null;
  /** Globs over the names of Kubernetes objects and of their namespaces. */
  readonly namespace: string | null;
  readonly name: string | null;
}

/** An entry of `cleanup.auto_approve`, for quarantines only. */
export interface AutoApproval {
  /** Id or glob. */
  readonly rule: string;
  readonly minAge: Millis;
  readonly maxBytes: Bytes;
}

/** `cleanup:` of the configuration. */
export interface CleanupSettings {
  readonly protect: readonly Protection[];
  /** Dataset below which quarantined ones are moved; null to leave them where they are. */
  readonly quarantineParent: string | null;
  /** The three hold for each rolling 24 h and each system. */
  readonly maxItems: number;
  readonly maxBytes: Bytes;
  /** Of the managed volumes of a parent, 0 to 100; one is always allowed. */
  readonly maxPercent: number;
  readonly planTtl: Millis;
  readonly approvals: number;
  readonly autoApprove: readonly AutoApproval[];
}

export const DEFAULT_CLEANUP: CleanupSettings = {
  protect: [],
  quarantineParent: null,
  maxItems: 10,
  maxBytes: bytes(1024 ** 4),
  maxPercent: 5,
  planTtl: millis(3_600_000),
  approvals: 1,
  autoApprove: [],
};
