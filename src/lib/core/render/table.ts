import { type Report } from '../model/report.ts';
import { coverageLines, notApplicableLines } from './table/coverage.ts';
import { findingLines, wideFindingLines } from './table/findings.ts';
import { headline } from './table/headline.ts';
import { suppressedLines, wideSuppressedLines } from './table/suppressed.ts';
import { totalLines } from './table/totals.ts';
import { wrapWords } from './text/columns.ts';
import { type Palette } from './text/palette.ts';

export interface TableOptions {
  /** Width of the terminal; infinite for a pipe, where nothing is cut. */
  readonly columns: number;
  readonly palette: Palette;
}

/** The report for people, fitted to their terminal. */
export function renderTable(report: Report, { columns, palette }: TableOptions): string {
  const plural = report.clusters.length > 1 || report.systems.length > 1;
  const findings =
    report.findings.length === 0 ? [] : findingLines(report.findings, columns, plural, palette);
  const hint =
    'Use explain with an object or an id for its evidence and what to do, -o wide for ids and references, -o json for everything.';
  return document([
    headline(report, columns, palette),
    coverageLines(report, columns, palette),
    findings,
    [
      ...totalLines(report, columns, palette),
      ...suppressedLines(report, columns),
      ...notApplicableLines(report, columns),
      ...(report.findings.length === 0 ? [] : wrapWords(hint, columns, '  ').map(palette.dim)),
    ],
  ]);
}

/** The same with every column, nothing cut. */
export function renderWide(report: Report, { palette }: TableOptions): string {
  const width = Number.POSITIVE_INFINITY;
  return document([
    headline(report, width, palette),
    coverageLines(report, width, palette),
    report.findings.length === 0 ? [] : wideFindingLines(report.findings, palette),
    [
      ...totalLines(report, width, palette),
      ...wideSuppressedLines(report),
      ...notApplicableLines(report, width),
    ],
  ]);
}

/** Blocks of lines with one empty line between them. */
function document(blocks: readonly (readonly string[])[]): string {
  const filled = blocks.filter((block) => block.length > 0);
  return `${filled.map((block) => block.join('\n')).join('\n\n')}\n`;
}
