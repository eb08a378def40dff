import { DEFAULT_THRESHOLDS, type Thresholds } from './settings.ts';
import { millis, type Millis } from './units.ts';

/** The limits rules judge by. From `monitor:` and `thresholds:` of the configuration. */
export interface Policy {
  /** Younger candidates are not reported: a volume takes time to be made and to be deleted. */
  readonly orphanThreshold: Millis;
  /** Share of a parent's managed volumes, 0 to 1, above which unclaimed ones smell of a wrong or rebuilt cluster. */
  readonly implausibleShare: number;
  /** Fewer unclaimed volumes than this never count as implausible. */
  readonly implausibleCount: number;
  /** How long a dataset stays in quarantine before it may be destroyed. */
  readonly quarantineFor: Millis;
  readonly thresholds: Thresholds;
}

export const DEFAULT_POLICY: Policy = {
  orphanThreshold: millis(24 * 3_600_000),
  implausibleShare: 0.2,
  implausibleCount: 3,
  quarantineFor: millis(7 * 24 * 3_600_000),
  thresholds: DEFAULT_THRESHOLDS,
};
