import { type StorageAnalysis, type VolumeAnalysis } from '../model/analysis.ts';
import { type Severity } from '../model/finding.ts';

/** What the pressure on one volume weighs beside that on a pool, on which all of them live. */
export const PRESSURE_SEVERITIES = {
  critical: 'high',
  warning: 'medium',
} as const satisfies Record<NonNullable<VolumeAnalysis['pressure']>, Severity>;

/** How severe everything is that an analysis has found, pools, volumes and anomalies. */
export function severitiesIn({ pools, volumes, anomalies }: StorageAnalysis): readonly Severity[] {
  return [
    ...pools.flatMap(({ severity }) => severity ?? []),
    ...volumes.flatMap(({ pressure }) => (pressure === null ? [] : PRESSURE_SEVERITIES[pressure])),
    ...anomalies.map(({ severity }) => severity),
  ];
}
