import { utf8ToBytes } from '@noble/hashes/utils.js';
import { type FullReport } from '../model/full-report.ts';
import { documentsOf } from './documents.ts';
import { type Seen } from './lists/listed.ts';
import { exposition } from './measures/exposition.ts';
import { measuresOf } from './measures.ts';
import { type Outcomes } from './measures/finding-families.ts';
import { listsOf } from './resource-lists.ts';
import { type Packing } from './packed-text.ts';
import { servedFindings } from './served-findings.ts';
import { servedHealth } from './served-health.ts';
import { type ServedScan } from './served-scan.ts';

/** What a scan saw, and what came of every rule wherever it was to be judged. */
export interface Judged extends Seen {
  readonly outcomes: Outcomes;
}

/** Everything that is served of a scan, made at once so that no request has to wait for it. */
export function composeScan(
  id: string,
  full: FullReport,
  seen: Judged,
  volumeSeries: number,
  packing: Pick<Packing, 'pack'>,
): ServedScan {
  const { findings, suppressed, ...report } = full.report;
  return {
    id,
    report,
    ...servedFindings({ findings, suppressed }, seen, packing),
    lists: listsOf(full, seen, packing),
    documents: documentsOf(full, packing),
    measures: utf8ToBytes(exposition(measuresOf({ full, ...seen, volumeSeries }))),
    health: servedHealth(full.health),
  };
}
