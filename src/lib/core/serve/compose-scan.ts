import { type FullReport } from '../model/full-report.ts';
import { documentsOf } from './documents.ts';
import { type Seen } from './lists/listed.ts';
import { measuresOf } from './measures.ts';
import { listsOf } from './resource-lists.ts';
import { servedFindings } from './served-findings.ts';
import { type ServedScan } from './served-scan.ts';

/** Everything that is served of a scan, made at once so that no request has to wait for it. */
export function composeScan(id: string, full: FullReport, seen: Seen): ServedScan {
  const { findings, suppressed, ...report } = full.report;
  return {
    id,
    report,
    ...servedFindings({ findings, suppressed }, seen),
    lists: listsOf(full, seen),
    documents: documentsOf(full),
    measures: measuresOf(full),
  };
}
