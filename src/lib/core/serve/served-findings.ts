import { type Finding } from '../model/finding.ts';
import { type Report } from '../model/report.ts';
import { toFinding, toSuppressed } from '../render/wire/orphan-report.ts';
import { sharedSpaces, type Space } from '../report/reclaimable.ts';
import { seenNamespaces } from '../report/unmatched-namespaces.ts';
import { type Packing } from './packed-text.ts';
import { servedRows } from './served-rows.ts';
import { type ServedFinding, type ServedScan } from './served-scan.ts';
import { type Inventory } from '../model/inventory.ts';

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

/** The findings of a report as they are served, with what it takes to choose and to count any part of them. */
export function servedFindings(
  { findings, suppressed }: Pick<Report, 'findings' | 'suppressed'>,
  seen: Space & { readonly inventory: Pick<Inventory, 'clusters'> },
  packing: Pick<Packing, 'pack'>,
): Pick<ServedScan, 'findings' | 'suppressed' | 'silenced' | 'shared' | 'namespaces'> {
  const silenced = suppressed.map(({ finding }) => finding);
  return {
    findings: servedRows(
      findings.map((each) => [toServed(each), toFinding(each)] as const),
      packing,
    ),
    suppressed: servedRows(
      suppressed.map((each) => [toServed(each.finding), toSuppressed(each)] as const),
      packing,
    ),
    silenced: servedRows(
      silenced.map((each) => [each.id, toFinding(each)] as const),
      packing,
    ),
    shared: sharedSpaces(findings, seen),
    namespaces: [...seenNamespaces(seen.inventory, [...findings, ...silenced])],
  };
}
