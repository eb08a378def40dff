import { type Report } from '../../src/lib/core/model/report.ts';
import { type PackedPart } from '../../src/lib/core/serve/packed-text.ts';
import {
  servedList,
  type ServedList,
  servedRows,
  type ServedRows,
} from '../../src/lib/core/serve/served-rows.ts';
import {
  type DocumentName,
  DOCUMENTS,
  RESOURCE_LISTS,
  type ResourceList,
  type ServedScan,
} from '../../src/lib/core/serve/served-scan.ts';
import { packing } from '../../src/lib/server/answer/packing.ts';
import { packedPart } from './packed-texts.ts';

function none<K>(): ServedRows<K> {
  return servedRows<K>([], packing);
}

function each<N extends string, V>(names: readonly N[], make: () => V): Record<N, V> {
  // One for each of the names, and none beside them.
  return Object.fromEntries(names.map((name) => [name, make()])) as Record<N, V>;
}

/** A scan that found nothing, as it is served. */
export function emptyScan(id: string, report: Omit<Report, 'findings' | 'suppressed'>): ServedScan {
  return {
    id,
    report,
    findings: none(),
    suppressed: none(),
    silenced: none(),
    shared: {},
    namespaces: [],
    lists: each<ResourceList, ServedList>(RESOURCE_LISTS, () => servedList([], packing)),
    documents: each<DocumentName, PackedPart>(DOCUMENTS, () => packedPart('{}')),
    measures: new Uint8Array(),
    health: { overall: 'PASS', components: [] },
  };
}
