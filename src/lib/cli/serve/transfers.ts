import { type PackedText } from '../../core/serve/packed-text.ts';
import { type ServedScan } from '../../core/serve/served-scan.ts';
import { type EngineAnswer, type EngineScanResult } from '../../ports/scan-engine.ts';

/** What of a result need not be copied from thread to thread. */
export function transfersOf(result: EngineScanResult): readonly ArrayBuffer[] {
  return result.state === 'done' ? buffersOf(result.scan) : [];
}

/** An answer as it is handed over, and what of it is moved instead of copied: a body that is part of something larger leaves the rest where it is. */
export function handOver(
  answer: EngineAnswer,
): readonly [answer: EngineAnswer, transfer: readonly ArrayBuffer[]] {
  if (answer.state !== 'done') return [answer, []];
  const { body } = answer;
  const own = body.byteLength === body.buffer.byteLength ? body : body.slice();
  return [{ ...answer, body: own }, [own.buffer]];
}

function buffersOf(scan: ServedScan): readonly ArrayBuffer[] {
  const { findings, suppressed, silenced, lists, documents, measures } = scan;
  const ofLists = Object.values(lists);
  const rows = [findings, suppressed, silenced, ...ofLists];
  const buffers = [
    ...rows.flatMap(({ text, ends }) => [...packed(text), ends.buffer]),
    ...ofLists.flatMap(({ keys }) => packed(keys.text)),
    ...Object.values(documents).flatMap(({ text }) => packed(text)),
    measures.buffer,
  ];
  // Some documents are parts of another, and what is handed over twice is refused.
  return [...new Set(buffers)];
}

function packed({ bytes, ends }: PackedText): readonly ArrayBuffer[] {
  return [bytes.buffer, ends.buffer];
}
