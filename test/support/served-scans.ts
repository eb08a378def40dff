import { utf8ToBytes } from '@noble/hashes/utils.js';
import { correlate } from '../../src/lib/core/correlate/correlate.ts';
import { type Inventory } from '../../src/lib/core/model/inventory.ts';
import { DEFAULT_POLICY } from '../../src/lib/core/model/policy.ts';
import { type Finding } from '../../src/lib/core/model/finding.ts';
import { type Report, type SuppressedFinding } from '../../src/lib/core/model/report.ts';
import { servedFindings } from '../../src/lib/core/serve/served-findings.ts';
import { type ServedHealth } from '../../src/lib/core/serve/served-health.ts';
import { type ServedRows, servedRows } from '../../src/lib/core/serve/served-rows.ts';
import { type ServedScan } from '../../src/lib/core/serve/served-scan.ts';
import { NOW } from './builders.ts';
import { aReport } from './report-builders.ts';

/** Results of scans as they are served, for tests of what is told of them: valid by default, override what matters. */

/** Nothing of it is in any report: what findings say is all there is. */
const INVENTORY: Inventory = {
  takenAt: NOW,
  clusters: [],
  systems: [],
  drivers: [],
  firstSeen: new Map(),
  moved: [],
};
const SEEN = { inventory: INVENTORY, derived: correlate(INVENTORY, DEFAULT_POLICY).derived };

const NO_ROWS: ServedRows = servedRows([], utf8ToBytes);

/** A document of nothing but its kind. */
function document(kind: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify({ kind }));
}

export const ALL_WELL: ServedHealth = {
  overall: 'PASS',
  components: [{ component: 'pool', cluster: null, system: 'nas1', status: 'PASS' }],
};

export function aServedScan(
  id: string,
  overrides: Partial<Report> & { readonly health?: ServedHealth } = {},
): ServedScan {
  const { health = ALL_WELL, ...rest } = overrides;
  const { findings, suppressed, ...report } = aReport(rest);
  return {
    id,
    report,
    ...servedFindings({ findings, suppressed }, SEEN),
    lists: {
      'resources/pvs': NO_ROWS,
      'resources/pvcs': NO_ROWS,
      'resources/snapshots': NO_ROWS,
      'resources/storageclasses': NO_ROWS,
      'truenas/volumes': NO_ROWS,
      'truenas/snapshots': NO_ROWS,
      'truenas/pools': NO_ROWS,
    },
    documents: {
      'truenas/info': document('TrueNASInfo'),
      analysis: document('StorageAnalysis'),
      'analysis/usage': document('UsageSummary'),
      'analysis/trends': document('GrowthTrends'),
      validate: document('ValidationSummary'),
      'validate/config': document('ValidationSummary'),
      'validate/connectivity': document('ValidationSummary'),
      health: document('ValidationSummary'),
      'reports/summary': document('ReportSummary'),
      'reports/detailed': document('StorageReport'),
      'snapshots/trends': document('SnapshotTrends'),
    },
    measures: new Uint8Array(),
    health,
  };
}

export function leftAlone(finding: Finding): SuppressedFinding {
  return {
    finding,
    by: 'configuration',
    origin: 'ignore[0]',
    reason: 'known',
    until: null,
  };
}
