import { type ValidationSummary } from '../model/validation.ts';
import { parseFormat, type FormatName } from './formats.ts';
import { toJson } from './json.ts';
import { toJsonpath } from './jsonpath.ts';
import { namesOf } from './name.ts';
import { type RenderOptions } from './registry.ts';
import { isWrong } from './validation/counts.ts';
import { renderValidationCsv } from './validation/csv.ts';
import { renderValidationJunit } from './validation/junit.ts';
import { renderValidationMarkdown } from './validation/markdown.ts';
import { renderValidationSarif } from './validation/sarif.ts';
import { renderValidationTable, renderValidationWide } from './validation/table.ts';
import { validationToWire } from './wire/validation.ts';
import { toYaml } from './yaml.ts';

/**
 * What checks came to in one format, ready to be written as it is: every line ends with a newline, and nothing in it
 * can act on a terminal.
 *
 * @param format what follows `-o`; throws a `UsageError` where that is no format
 */
export function renderValidation(
  summary: ValidationSummary,
  format: string,
  options: RenderOptions,
): string {
  const asked = parseFormat(format, 'results[*].check');
  return asked.name === 'jsonpath'
    ? toJsonpath(validationToWire(summary), asked.template)
    : RENDERERS[asked.name](summary, options);
}

const RENDERERS: Readonly<
  Record<
    Exclude<FormatName, 'jsonpath'>,
    (summary: ValidationSummary, options: RenderOptions) => string
  >
> = {
  table: renderValidationTable,
  wide: renderValidationWide,
  json: (summary) => toJson(validationToWire(summary)),
  yaml: (summary) => toYaml(validationToWire(summary)),
  csv: renderValidationCsv,
  name: (summary) =>
    namesOf(
      summary,
      summary.results.filter(isWrong).flatMap(({ subject }) => subject ?? []),
    ),
  sarif: (summary, { version }) => renderValidationSarif(summary, version),
  junit: renderValidationJunit,
  markdown: renderValidationMarkdown,
};
