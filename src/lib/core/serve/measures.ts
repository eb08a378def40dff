import { type FullReport } from '../model/full-report.ts';
import { type Inventory } from '../model/inventory.ts';
import { CHECK_FAMILIES, checkMeasures } from './measures/check-families.ts';
import { COVERAGE_FAMILIES, coverageMeasures } from './measures/coverage-families.ts';
import { ESTATE_FAMILIES, estateMeasures } from './measures/estate-families.ts';
import { EXPIRY_FAMILIES, expiryMeasures } from './measures/expiry-families.ts';
import { type Family, type Measured } from './measures/family.ts';
import { FINDING_FAMILIES, findingMeasures, type Outcomes } from './measures/finding-families.ts';
import { POOL_FAMILIES, poolMeasures } from './measures/pool-families.ts';
import { VOLUME_FAMILIES, volumeMeasures } from './measures/volume-families.ts';

/** Every family that a scan may have numbers of. */
export const SCAN_FAMILIES: readonly Family[] = [
  ...COVERAGE_FAMILIES,
  ...FINDING_FAMILIES,
  ...ESTATE_FAMILIES,
  ...POOL_FAMILIES,
  ...CHECK_FAMILIES,
  ...EXPIRY_FAMILIES,
  ...VOLUME_FAMILIES,
];

/** What the numbers of a scan are taken from. */
export interface MeasuredScan {
  readonly full: FullReport;
  readonly inventory: Pick<Inventory, 'systems'>;
  /** What came of every rule wherever it was to be judged. */
  readonly outcomes: Outcomes;
  /** How many volumes have series of their own at most. */
  readonly volumeSeries: number;
}

/**
 * The numbers of a scan, for metrics. What was not seen has none: a rule that was not judged is not at 0, and a total that
 * something is missing of is not told.
 */
export function measuresOf(scan: MeasuredScan): readonly Measured[] {
  const { report, analysis, validation, thresholds } = scan.full;
  return [
    ...coverageMeasures(report),
    ...findingMeasures(report, scan.outcomes),
    ...estateMeasures(analysis),
    ...poolMeasures(analysis.pools, thresholds, report.takenAt),
    ...checkMeasures(scan.full),
    ...expiryMeasures(validation.connections, scan.inventory),
    ...volumeMeasures(analysis.volumes, scan.volumeSeries),
  ];
}
