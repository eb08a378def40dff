import { scan } from '../app/scan.ts';
import { UsageError } from '../core/model/errors.ts';
import { type Category } from '../core/model/finding.ts';
import { type Report } from '../core/model/report.ts';
import { type Rule } from '../core/model/rule.ts';
import { parseFormat, renderReport } from '../core/render/registry.ts';
import { counted } from '../core/render/text/format.ts';
import { plainPalette, type Palette } from '../core/render/text/palette.ts';
import { selectRules } from '../core/rules/registry.ts';
import { type Console } from './base-command.ts';
import { type ScanFlags } from './scan-flags.ts';
import { currentTerminal, useColor } from './terminal.ts';
import { wire } from './wire.ts';

/** A report and its text in the format that was asked for. */
export interface RenderedReport {
  readonly report: Report;
  readonly text: string;
}

/** One scan by the rules of some categories, from opening both sides to the finished text. */
export async function scanAndRender(
  asked: ScanFlags,
  categories: readonly Category[],
  console: Console,
  signal: AbortSignal,
): Promise<RenderedReport> {
  const rules = rulesFor(asked, categories);
  await using wiring = await wire(asked.connection, console, signal);
  const report = await scan(wiring.ports, {
    ...wiring.settings,
    rules,
    filter: asked.filter,
    maxAge: asked.connection.maxAge,
    signal,
  });
  for (const remark of remarksBeside(report, asked.format)) console.logger.log('warn', remark);
  const terminal = currentTerminal();
  const toFile = asked.outputFile !== null && asked.outputFile !== '-';
  const text = renderReport(report, asked.format, {
    columns: toFile ? Number.POSITIVE_INFINITY : terminal.columns,
    palette: await paletteFor(useColor(terminal, asked.plain) && !toFile),
    version: console.version,
  });
  return { report, text };
}

/** What a format leaves no room for, and its reader has to know all the same. */
function remarksBeside(report: Report, format: string): readonly string[] {
  const { name } = parseFormat(format);
  // These hold all of it.
  if (name === 'json' || name === 'yaml') return [];
  const { warnings, findings, filteredOut, suppressed } = report;
  const remarks = warnings.map(({ message }) => message);
  // A table without a finding says it itself, and scripts asked for what they get.
  if ((name === 'table' || name === 'wide') && findings.length > 0 && filteredOut > 0) {
    remarks.push(`${counted(filteredOut, 'finding')} outside the filter, and not shown`);
  }
  if (name === 'name' && suppressed.length > 0) {
    remarks.push(`${counted(suppressed.length, 'finding')} suppressed, and not listed`);
  }
  return remarks;
}

function rulesFor(
  { rules: globs, filter }: ScanFlags,
  categories: readonly Category[],
): readonly Rule[] {
  const rules = selectRules({ categories, globs, types: filter.types });
  if (rules.length > 0) return rules;
  throw new UsageError('no rule is left to judge by', {
    remediation: ['No rule has what --rule and --type ask for together: leave one of them out.'],
  });
}

/** Only what is coloured pays for loading colours. */
export async function paletteFor(color: boolean): Promise<Palette> {
  if (!color) return plainPalette;
  const { colorPalette } = await import('./palette.ts');
  return colorPalette();
}
