import { findNearest } from '../model/did-you-mean.ts';
import { UsageError } from '../model/errors.ts';
import { parseTemplate } from './jsonpath/parse.ts';
import { type Example } from './jsonpath/cursor.ts';
import { type Template } from './jsonpath/template.ts';

export interface Format {
  /** What follows `-o`. */
  readonly name: string;
  /** One line for `--help`. */
  readonly description: string;
}

/** Every output of findings and of checks. Apart from the renderers, so that `--help` loads none of them. */
export const FORMATS = [
  { name: 'table', description: 'for people, fitted to the terminal' },
  {
    name: 'wide',
    description: 'the table with every object, id and reference, never cut',
  },
  { name: 'json', description: 'everything there is, as the schemas in schemas/ say' },
  { name: 'yaml', description: 'the same as YAML' },
  {
    name: 'csv',
    description: 'one line per result, the suppressed last, safe to open in a spreadsheet',
  },
  { name: 'name', description: 'type/[namespace/]name of each object, one per line' },
  { name: 'jsonpath', description: 'jsonpath=TEMPLATE over the JSON form, as in kubectl' },
  { name: 'sarif', description: 'SARIF 2.1.0, for code scanning' },
  { name: 'junit', description: 'JUnit XML, as GitLab and Jenkins read it' },
  { name: 'markdown', description: 'a summary for a pull request or a job, at most 1 MB' },
] as const satisfies readonly Format[];

/** Every output of an explanation. */
export const EXPLANATION_FORMATS = [
  { name: 'tree', description: 'for people, fitted to the terminal' },
  { name: 'json', description: 'see schemas/explanation.schema.json' },
  { name: 'yaml', description: 'the same as YAML' },
] as const satisfies readonly Format[];

/** Every output of the state of the history. */
export const HISTORY_FORMATS = [
  { name: 'table', description: 'for people' },
  { name: 'json', description: 'see schemas/history-status.schema.json' },
  { name: 'yaml', description: 'the same as YAML' },
] as const satisfies readonly Format[];

/** Every output of a plan, a run and what was done so far. */
export const CLEANUP_FORMATS = [
  { name: 'table', description: 'for people, fitted to the terminal' },
  {
    name: 'wide',
    description: 'the same with the evidence, and what each step is checked for and undone by',
  },
  { name: 'json', description: 'see schemas/cleanup-*.schema.json; of a plan, the plan itself' },
  { name: 'yaml', description: 'the same as YAML' },
  { name: 'name', description: 'the ids that approve, apply and rollback take, one per line' },
] as const satisfies readonly Format[];

/** Every output of what was planned and done so far. */
export const CLEANUP_HISTORY_FORMATS = [
  ...CLEANUP_FORMATS,
  {
    name: 'jsonl',
    description: 'one record a line, for an audit: see schemas/cleanup-audit.schema.json',
  },
] as const satisfies readonly Format[];

export type CleanupFormat = (typeof CLEANUP_FORMATS)[number]['name'];

export type HistoryFormat = (typeof HISTORY_FORMATS)[number]['name'];

export type ExplanationFormat = (typeof EXPLANATION_FORMATS)[number]['name'];

export type FormatName = (typeof FORMATS)[number]['name'];

/** What an analysis has no results for. */
type ResultFormatName = 'sarif' | 'junit';

export type AnalysisFormatName = Exclude<FormatName, ResultFormatName>;

/** Every output of an analysis. */
export const ANALYSIS_FORMATS: readonly Format[] = FORMATS.filter(({ name }) => !isOfResults(name));

function isOfResults(name: FormatName): name is ResultFormatName {
  return name === 'sarif' || name === 'junit';
}

/** An output as asked for; only `jsonpath` carries more than its name. */
export type OutputFormat =
  | { readonly name: Exclude<FormatName, 'jsonpath'> }
  | { readonly name: 'jsonpath'; readonly template: Template };

export type AnalysisOutput =
  | { readonly name: Exclude<AnalysisFormatName, 'jsonpath'> }
  | Extract<OutputFormat, { readonly name: 'jsonpath' }>;

/**
 * Reads what follows `-o`. Throws a `UsageError` for what is no format, before anything was scanned.
 *
 * @param example what a template may ask the document of the command for
 */
export function parseFormat(text: string, example: Example = 'findings[*].name'): OutputFormat {
  const [name = '', ...rest] = text.split('=');
  const template = rest.join('=');
  const format = FORMATS.find((each) => each.name === name);
  if (format === undefined) throw unknownFormat(text);
  if (format.name !== 'jsonpath') {
    if (text !== name) throw unknownFormat(text);
    return { name: format.name };
  }
  if (template === '') {
    throw new UsageError('output format jsonpath needs a template', {
      remediation: [`Write it behind an equals sign: -o jsonpath='{.${example}}'.`],
    });
  }
  return { name: 'jsonpath', template: parseTemplate(template, example) };
}

/** The same for an analysis, in which nothing passes or fails. */
export function parseAnalysisFormat(text: string): AnalysisOutput {
  const format = parseFormat(text, 'pools[*].name');
  if (format.name === 'jsonpath') return format;
  const { name } = format;
  if (!isOfResults(name)) return { name };
  throw new UsageError(`an analysis has no results to write as ${name}`, {
    remediation: [
      `Use one of ${ANALYSIS_FORMATS.map((each) => each.name).join(', ')}.`,
      `Pools that fill up are checks of health too: truenas-monitor health -o ${name}.`,
    ],
  });
}

function unknownFormat(text: string): UsageError {
  const names = FORMATS.map(({ name }) => name);
  const meant = findNearest(text, names);
  return new UsageError(`unknown output format ${JSON.stringify(text)}`, {
    remediation: [
      ...(meant === undefined ? [] : [`Did you mean -o ${meant}?`]),
      `Use one of ${names.join(', ')}.`,
    ],
  });
}
