import { type ServedScan } from '../../core/serve/served-scan.ts';
import { type EngineScanResult } from '../../ports/scan-engine.ts';

/** What of a result need not be copied from thread to thread. */
export function transfersOf(result: EngineScanResult): readonly ArrayBuffer[] {
  return result.state === 'done' ? buffersOf(result.scan) : [];
}

function buffersOf(scan: ServedScan): readonly ArrayBuffer[] {
  const { findings, suppressed, silenced, lists, documents, measures } = scan;
  const rows = [findings, suppressed, silenced, ...Object.values(lists)];
  const buffers = [
    ...rows.flatMap(({ text, ends }) => [text.buffer, ends.buffer]),
    ...Object.values(documents).map(({ buffer }) => buffer),
    measures.buffer,
  ];
  // Some documents are parts of another, and what is handed over twice is refused.
  return [...new Set(buffers)];
}
