/** Where provisioning stopped for good: this step and all after it never happened. */
export type Stop = 'share' | 'extent' | 'context' | 'success';

/** What existed and has gone again, while the properties still remember it. */
export type Gone =
  | 'pv'
  | 'claim'
  | 'dataset'
  /** All that exports it. */
  | 'share'
  | 'target'
  | 'extent'
  | 'mapping'
  | 'subsystem'
  | 'namespace';

export interface VolumeOptions {
  /** `namespace/name` of the claim. */
  readonly claim: string;
  readonly size: number;
  readonly used: number;
  /** Age in days, of both sides. */
  readonly days: number;
  /** Age of the dataset where it differs, such as after a restore. */
  readonly datasetDays?: number;
  readonly stopsAt?: Stop;
  readonly gone?: readonly Gone[];
  /** Phase where it does not follow from what has gone. */
  readonly phase?: 'Failed';
  readonly statusMessage?: string;
  /** How long ago the claim went, for a volume that is no longer bound. */
  readonly releasedDays?: number;
  readonly policy?: 'Delete' | 'Retain';
  /** The volume id where it is hashed or templated; else the volume's name. */
  readonly handle?: string;
  /** Parent the dataset really lies under, where it was moved away from the driver's. */
  readonly actualParent?: string;
  /** Target and extent name where it is not prefix, volume id and suffix. */
  readonly assets?: string;
  /** A clone: of which CSI object, and on which ZFS snapshot it hangs. */
  readonly source?: CloneSource;
  readonly labels?: Record<string, string>;
  readonly locked?: boolean;
  /** How well its data compress: logical for each physical byte. */
  readonly compressRatio?: number;
  /** Nothing uses the claim, now or later. */
  readonly idle?: boolean;
}

export interface CloneSource {
  readonly type: 'snapshot' | 'volume';
  /** Snapshot handle or volume handle. */
  readonly id: string;
  readonly origin: string;
}
