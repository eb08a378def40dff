import { analyze } from '../app/analyze.ts';
import { type StorageAnalysis } from '../core/model/analysis.ts';
import { renderAnalysis } from '../core/render/analysis.ts';
import { parseAnalysisFormat } from '../core/render/formats.ts';
import { type AnalyzeFlags } from './analyze-flags.ts';
import { type Console } from './base-command.ts';
import { paletteFor } from './scan-and-render.ts';
import { canDrawBlocks, currentTerminal, useColor } from './terminal.ts';
import { wire } from './wire.ts';

/** An analysis, and its text in the format that was asked for. */
export interface RenderedAnalysis {
  readonly analysis: StorageAnalysis;
  readonly text: string;
}

/** One scan and what came before it, from opening both sides to the finished text. */
export async function analyzeAndRender(
  asked: AnalyzeFlags,
  console: Console,
  signal: AbortSignal,
): Promise<RenderedAnalysis> {
  await using wiring = await wire(asked.connection, console, signal);
  const { analysis } = await analyze(wiring.ports, {
    ...wiring.settings,
    days: asked.days,
    shown: asked.shown,
    maxAge: asked.connection.maxAge,
    signal,
  });
  for (const remark of remarksBeside(analysis, asked.format)) console.logger.log('warn', remark);
  const terminal = currentTerminal();
  const toFile = asked.outputFile !== null && asked.outputFile !== '-';
  const text = renderAnalysis(analysis, asked.format, {
    columns: toFile ? Number.POSITIVE_INFINITY : terminal.columns,
    palette: await paletteFor(useColor(terminal, asked.plain) && !toFile),
    top: asked.top,
    blocks: canDrawBlocks(terminal),
  });
  return { analysis, text };
}

/** What a format leaves no room for, and its reader has to know all the same. */
function remarksBeside({ warnings }: StorageAnalysis, format: string): readonly string[] {
  const { name } = parseAnalysisFormat(format);
  // These hold all of it.
  return name === 'json' || name === 'yaml' ? [] : warnings.map(({ message }) => message);
}
