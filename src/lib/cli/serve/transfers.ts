import { type PackedText } from '../../core/serve/packed-text.ts';
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
    ...rows.flatMap(({ text, ends }) => [...packed(text), ends.buffer]),
    ...Object.values(documents).flatMap(({ text }) => packed(text)),
    measures.buffer,
  ];
  // Some documents are parts of another, and what is handed over twice is refused.
  return [...new Set(buffers)];
}

function packed({ bytes, ends }: PackedText): readonly ArrayBuffer[] {
  return [bytes.buffer, ends.buffer];
}
