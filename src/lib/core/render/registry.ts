import { type Report } from '../model/report.ts';
import { renderCsv } from './csv.ts';
import { parseFormat, type OutputFormat } from './formats.ts';
import { renderJson } from './json.ts';
import { renderName } from './name.ts';
import { renderJsonpath } from './jsonpath.ts';
import { renderTable, renderWide, type TableOptions } from './table.ts';
import { renderYaml } from './yaml.ts';

export { FORMATS, parseFormat } from './formats.ts';

export type RenderOptions = TableOptions;

/**
 * The report in one format, ready to be written as it is: every line ends with a newline, and nothing in it
 * can act on a terminal.
 *
 * @param format what follows `-o`; throws a `UsageError` where that is no format
 */
export function renderReport(report: Report, format: string, options: RenderOptions): string {
  return render(report, parseFormat(format), options);
}

function render(report: Report, format: OutputFormat, options: RenderOptions): string {
  switch (format.name) {
    case 'table':
      return renderTable(report, options);
    case 'wide':
      return renderWide(report, options);
    case 'json':
      return renderJson(report);
    case 'yaml':
      return renderYaml(report);
    case 'csv':
      return renderCsv(report);
    case 'name':
      return renderName(report);
    case 'jsonpath':
      return renderJsonpath(report, format.template);
  }
}
