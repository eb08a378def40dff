import { type Finding } from '../../src/lib/core/model/finding.ts';
import { type Report, type SuppressedFinding } from '../../src/lib/core/model/report.ts';
import { type ServedHealth } from '../../src/lib/core/serve/served-health.ts';
import { servedRows } from '../../src/lib/core/serve/served-rows.ts';
import { type ServedScan } from '../../src/lib/core/serve/served-scan.ts';
import { toFinding, toSuppressed } from '../../src/lib/core/render/wire/orphan-report.ts';
import { packing } from '../../src/lib/server/answer/packing.ts';
import { emptyScan } from './empty-scan.ts';
import { aReport } from './report-builders.ts';

/** Results of scans as they are served, for tests of what is told of them: valid by default, override what matters. */

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
    ...emptyScan(id, report),
    findings: servedRows(
      findings.map((each) => [each, toFinding(each)] as const),
      packing,
    ),
    suppressed: servedRows(
      suppressed.map((each) => [each.finding, toSuppressed(each)] as const),
      packing,
    ),
    silenced: servedRows(
      suppressed.map(({ finding }) => [finding.id, toFinding(finding)] as const),
      packing,
    ),
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
