import { type Report } from '../model/report.ts';
import { renderCsv } from './csv.ts';
import { parseFormat, type FormatName } from './formats.ts';
import { renderJson } from './json.ts';
import { renderJunit } from './junit.ts';
import { renderMarkdown } from './markdown.ts';
import { renderName } from './name.ts';
import { renderJsonpath } from './jsonpath.ts';
import { renderSarif } from './sarif.ts';
import { renderTable, renderWide, type TableOptions } from './table.ts';
import { renderYaml } from './yaml.ts';

export { FORMATS, parseFormat } from './formats.ts';

export interface RenderOptions extends TableOptions {
  /** Of this program: what reads SARIF tells results of different ones apart. */
  readonly version: string;
}

/**
 * The report in one format, ready to be written as it is: every line ends with a newline, and nothing in it
 * can act on a terminal.
 *
 * @param format what follows `-o`; throws a `UsageError` where that is no format
 */
export function renderReport(report: Report, format: string, options: RenderOptions): string {
  const asked = parseFormat(format);
  return asked.name === 'jsonpath'
    ? renderJsonpath(report, asked.template)
    : RENDERERS[asked.name](report, options);
}

const RENDERERS: Readonly<
  Record<Exclude<FormatName, 'jsonpath'>, (report: Report, options: RenderOptions) => string>
> = {
  table: renderTable,
  wide: renderWide,
  json: renderJson,
  yaml: renderYaml,
  csv: renderCsv,
  name: renderName,
  sarif: (report, { version }) => renderSarif(report, version),
  junit: renderJunit,
  markdown: renderMarkdown,
};
