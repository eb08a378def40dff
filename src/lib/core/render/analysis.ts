import { type StorageAnalysis } from '../model/analysis.ts';
import { renderAnalysisCsv } from './analysis/csv.ts';
import { renderAnalysisMarkdown } from './analysis/markdown.ts';
import { renderAnalysisNames } from './analysis/names.ts';
import { renderAnalysisTable, renderAnalysisWide } from './analysis/table.ts';
import { parseAnalysisFormat, type AnalysisFormatName } from './formats.ts';
import { toJson } from './json.ts';
import { toJsonpath } from './jsonpath.ts';
import { type TableOptions } from './table.ts';
import { ASCII_GLYPHS, BLOCK_GLYPHS } from './text/sparkline.ts';
import { analysisToWire } from './wire/analysis.ts';
import { toYaml } from './yaml.ts';

export interface AnalysisOptions extends TableOptions {
  /** How many volumes are listed for people; what machines read has all of them. */
  readonly top: number;
  /** The terminal can show block characters. */
  readonly blocks: boolean;
}

/**
 * An analysis in one format, ready to be written as it is: every line ends with a newline, and nothing in it can act
 * on a terminal.
 *
 * @param format what follows `-o`; throws a `UsageError` where that is no format of an analysis
 */
export function renderAnalysis(
  analysis: StorageAnalysis,
  format: string,
  options: AnalysisOptions,
): string {
  const asked = parseAnalysisFormat(format);
  return asked.name === 'jsonpath'
    ? toJsonpath(analysisToWire(analysis), asked.template)
    : RENDERERS[asked.name](analysis, options);
}

type Render = (analysis: StorageAnalysis, options: AnalysisOptions) => string;

function viewed({ columns, palette, top, blocks }: AnalysisOptions) {
  return { width: columns, palette, top, glyphs: blocks ? BLOCK_GLYPHS : ASCII_GLYPHS };
}

const RENDERERS: Readonly<Record<Exclude<AnalysisFormatName, 'jsonpath'>, Render>> = {
  table: (analysis, options) => renderAnalysisTable(analysis, viewed(options)),
  wide: (analysis, options) => renderAnalysisWide(analysis, viewed(options)),
  json: (analysis) => toJson(analysisToWire(analysis)),
  yaml: (analysis) => toYaml(analysisToWire(analysis)),
  csv: renderAnalysisCsv,
  name: renderAnalysisNames,
  // It is read in a browser, wherever it was written.
  markdown: (analysis, options) =>
    renderAnalysisMarkdown(analysis, viewed({ ...options, blocks: true })),
};
