import { type ScanFacts, SCHEMA_VERSION } from '../../model/report.ts';
import { seconds } from '../../render/wire/scan-parts.ts';

/** What every document says of the scan it is made from. */
export function factsOf<K extends string>(
  kind: K,
  { takenAt, cachedFor, complete }: Pick<ScanFacts, 'takenAt' | 'cachedFor' | 'complete'>,
): {
  schema_version: typeof SCHEMA_VERSION;
  kind: K;
  timestamp: string;
  cached?: true;
  cached_age_seconds?: number;
  complete: boolean;
} {
  return {
    schema_version: SCHEMA_VERSION,
    kind,
    timestamp: takenAt.toISOString(),
    ...(cachedFor !== null && { cached: true as const, cached_age_seconds: seconds(cachedFor) }),
    complete,
  };
}

/** How many volumes are singled out. */
export const FOREMOST = 20;
