import { UsageError } from '../core/model/errors.ts';
import { type HistoryStatus } from '../core/model/history.ts';
import { bytes, type Millis, millis } from '../core/model/units.ts';
import { exportLines } from '../core/history/export-lines.ts';
import { importLines } from '../core/history/import-lines.ts';
import { renderHistoryStatus } from '../core/render/history-status.ts';
import { whyUnusable } from '../core/render/wire/history-status.ts';
import { HISTORY_FORMATS, type HistoryFormat } from '../core/render/formats.ts';
import { counted, formatBytes, formatInstant } from '../core/render/text/format.ts';
import { type Console } from './base-command.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { readDuration, readWord } from './flag-values.ts';
import { openLines } from './input-lines.ts';
import { paletteFor } from './scan-and-render.ts';
import { currentTerminal, useColor } from './terminal.ts';
import { type OpenHistory } from './wiring.ts';

/** How the state of the history is shown. */
export interface StatusRequest {
  readonly format: HistoryFormat;
  readonly outputFile: string | null;
  readonly plain: boolean;
}

export function readHistoryFormat(text: string): HistoryFormat {
  return readWord(
    'output',
    text,
    HISTORY_FORMATS.map(({ name }) => name),
  );
}

export async function statusOf(
  { history, clock }: OpenHistory,
  { format, outputFile, plain }: StatusRequest,
): Promise<{ readonly text: string; readonly exitCode: ExitCode }> {
  const status: HistoryStatus = await history.status();
  const terminal = currentTerminal();
  const toFile = outputFile !== null && outputFile !== '-';
  const text = renderHistoryStatus(status, format, {
    now: clock.now(),
    columns: toFile ? Number.POSITIVE_INFINITY : terminal.columns,
    palette: await paletteFor(useColor(terminal, plain) && !toFile),
  });
  return { text, exitCode: whyUnusable(status) === null ? EXIT.ok : EXIT.failed };
}

/** The whole history as JSON Lines, in pieces worth a write of their own. */
export async function* exportOf(
  { history, clock }: OpenHistory,
  { logger }: Console,
  signal: AbortSignal,
): AsyncGenerator<string> {
  let piece = '';
  let lines = 0;
  for await (const line of exportLines(history.export(), clock.now())) {
    piece += line;
    lines += 1;
    if (piece.length < PIECE) continue;
    signal.throwIfAborted();
    yield piece;
    piece = '';
  }
  yield piece;
  if (lines === FRAME) logger.log('warn', 'the history is empty, and so is the export');
}

/** The first line and the last. */
const FRAME = 2;
const PIECE = 65_536;

/** @param file `-` for stdin */
export async function importInto(
  { history, clock }: OpenHistory,
  file: string,
  signal: AbortSignal,
): Promise<string> {
  const { lines, name } = await openLines(file, signal);
  const { added, known } = await history.import(importLines(lines, name, clock.now()));
  return `${counted(added, 'record')} added, ${counted(known, 'record')} there already\n`;
}

/** A hundred years: before that there is nothing to remove, and soon no calendar either. */
const LONGEST_AGE = millis(36_500 * 86_400_000);

export function readAge(flag: string, text: string): Millis {
  const age = readDuration(flag, text);
  if (age <= LONGEST_AGE) return age;
  throw new UsageError(`--${flag} does not take ${JSON.stringify(text)}`, {
    remediation: ['Write a duration of at most 36500d; nothing in a history is older.'],
  });
}

export async function pruneTo({ history, clock }: OpenHistory, olderThan: Millis): Promise<string> {
  const before = new Date(clock.now().getTime() - olderThan);
  const { removed, bytesBefore, bytesAfter } = await history.prune(before);
  const sizes = [bytesBefore, bytesAfter].map((size) => formatBytes(bytes(size)));
  return `${counted(removed, 'record')} from before ${formatInstant(before)} removed: ${sizes.join(' before, ')} now\n`;
}
