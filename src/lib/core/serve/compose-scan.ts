import { utf8ToBytes } from '@noble/hashes/utils.js';
import { type Finding } from '../model/finding.ts';
import { type FullReport } from '../model/full-report.ts';
import { type Inventory } from '../model/inventory.ts';
import { type DerivedTypes } from '../model/evidence.ts';
import { toFinding, toSuppressed } from '../render/wire/orphan-report.ts';
import { sharedSpaces } from '../report/reclaimable.ts';
import { seenNamespaces } from '../report/unmatched-namespaces.ts';
import { type ServedFinding, type ServedScan } from './served-scan.ts';
import { servedRows } from './served-rows.ts';
import { documentsOf } from './documents.ts';
import { listsOf } from './resource-lists.ts';
import { measuresOf } from './measures.ts';

/** What a scan saw and joined. */
export interface Seen {
  readonly inventory: Inventory;
  readonly derived: Pick<DerivedTypes, 'volumeLinks' | 'snapshotLinks' | 'exports'>;
}

function toServed(finding: Finding): ServedFinding {
  const { id, rule, category, severity, confidence, subject, place, age, seenFor } = finding;
  const { reclaimable, labels, truenasReference, kubernetesReference } = finding;
  return {
    id,
    rule,
    category,
    severity,
    confidence,
    subject,
    place,
    age,
    seenFor,
    reclaimable,
    labels,
    truenasReference,
    kubernetesReference,
  };
}

/** Everything that is served of a scan, made at once so that no request has to wait for it. */
export function composeScan(id: string, full: FullReport, seen: Seen): ServedScan {
  const { findings, suppressed, ...report } = full.report;
  const silenced = suppressed.map(({ finding }) => finding);
  return {
    id,
    report,
    findings: servedRows(
      findings.map((each) => [toServed(each), toFinding(each)] as const),
      utf8ToBytes,
    ),
    suppressed: servedRows(
      suppressed.map((each) => [toServed(each.finding), toSuppressed(each)] as const),
      utf8ToBytes,
    ),
    silenced: servedRows(
      silenced.map((each) => [each.id, toFinding(each)] as const),
      utf8ToBytes,
    ),
    shared: sharedSpaces(findings, seen),
    namespaces: [...seenNamespaces(seen.inventory, [...findings, ...silenced])],
    lists: listsOf(seen),
    documents: documentsOf(full),
    measures: measuresOf(full),
  };
}
