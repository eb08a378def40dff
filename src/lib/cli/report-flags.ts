import { Flags, type Interfaces } from '@oclif/core';
import { UsageError } from '../core/model/errors.ts';
import { SECTION_IDS, type SectionId } from '../core/model/document.ts';
import { SEVERITIES, type Severity } from '../core/model/finding.ts';
import { type DocumentFormat, DOCUMENT_FORMATS } from '../core/render/document/formats.ts';
import { type Paper, PAPERS } from '../ports/document-printer.ts';
import { type FailOn } from './exit-codes.ts';
import { readCount, readName, readWord } from './flag-values.ts';
import { type CONNECTION_FLAGS, type DEMO_FLAGS, FAIL_FLAGS, FILTER, OUTPUT } from './flags.ts';
import { type ReportTarget, resolveTarget } from './report-target.ts';
import { type ConnectionRequest, readConnection } from './scan-flags.ts';

const LIST = {
  helpGroup: OUTPUT,
  multiple: true,
  multipleNonGreedy: true,
  delimiter: ',',
} as const;

/** What of a report is written, as what, and where to. */
export const REPORT_FLAGS = {
  days: Flags.string({
    helpGroup: FILTER,
    helpValue: 'N',
    default: '90',
    summary: 'how many days trends and charts look back',
  }),
  'min-severity': Flags.string({
    helpGroup: FILTER,
    options: [...SEVERITIES],
    summary: 'only findings and results of checks at least this severe',
  }),
  sections: Flags.string({
    ...LIST,
    helpValue: 'NAME',
    summary: `only these sections of a document, and their tables in CSV: ${SECTION_IDS.join(', ')}`,
  }),
  compare: Flags.string({
    helpGroup: OUTPUT,
    helpValue: 'FILE',
    summary: 'an earlier report of report or orphans, as JSON or YAML, to compare with',
  }),
  output: Flags.string({
    ...LIST,
    char: 'o',
    helpValue: 'FORMAT',
    summary: `one or several of ${DOCUMENT_FORMATS.map(({ name }) => name).join(', ')} [default: by the ending of --output-file; html into a directory, markdown on stdout]`,
  }),
  'output-file': Flags.string({
    helpGroup: OUTPUT,
    helpValue: 'FILE|DIR/',
    summary:
      'write to this file instead of stdout, or several formats into this directory, which is made where its parent exists; each file whole or not at all',
  }),
  paper: Flags.string({
    helpGroup: OUTPUT,
    options: [...PAPERS],
    default: 'A4',
    summary: 'size of the pages of a PDF',
  }),
  ...FAIL_FLAGS,
};

type RawReportFlags = Interfaces.InferredFlags<
  typeof REPORT_FLAGS & typeof CONNECTION_FLAGS & typeof DEMO_FLAGS
>;

/** The flags of a report, in the words of core. */
export interface ReportFlags {
  readonly connection: ConnectionRequest;
  readonly days: number;
  readonly minSeverity: Severity | null;
  /** Null for all. */
  readonly sections: readonly SectionId[] | null;
  /** Path of an earlier report; null for none. */
  readonly compare: string | null;
  readonly paper: Paper;
  readonly target: ReportTarget;
  readonly failOn: FailOn;
}

/** History is kept for some years at most. */
const MOST_DAYS = 3_650;

/** Reads every flag, and so refuses a wrong one before anything is connected to. */
export async function readReportFlags(flags: RawReportFlags): Promise<ReportFlags> {
  const severity = flags['min-severity'];
  const sections = listOf('sections', flags.sections, SECTION_IDS);
  const compare = flags.compare === undefined ? null : readName('compare', flags.compare);
  return {
    connection: readConnection(flags),
    days: readCount('days', flags.days, MOST_DAYS),
    minSeverity: severity === undefined ? null : readWord('min-severity', severity, SEVERITIES),
    sections,
    compare,
    paper: readWord('paper', flags.paper, PAPERS),
    target: await resolveTarget({
      formats: formatsOf(flags.output),
      outputFile: flags['output-file'] ?? null,
      sections,
      compared: compare !== null,
    }),
    failOn: readFailOn(flags),
  };
}

function readFailOn(flags: RawReportFlags): FailOn {
  const severity = flags['fail-on'];
  return {
    severity: severity === 'none' ? null : readWord('fail-on', severity, SEVERITIES),
    confidence: readWord('fail-on-confidence', flags['fail-on-confidence'], ['certain', 'likely']),
  };
}

function formatsOf(words: readonly string[] | undefined): readonly DocumentFormat[] | null {
  return listOf(
    'output',
    words,
    DOCUMENT_FORMATS.map(({ name }) => name),
  );
}

/** Words of a closed list, each once; null where none was given. An empty variable of a shell would silently mean none. */
function listOf<const W extends string>(
  flag: string,
  words: readonly string[] | undefined,
  known: readonly W[],
): readonly W[] | null {
  if (words === undefined) return null;
  const read = new Set(words.map((word) => readWord(flag, word.trim(), known)));
  if (read.size > 0) return [...read];
  throw new UsageError(`--${flag} names nothing`, {
    remediation: [`Use one or several of ${known.join(', ')}, or leave out --${flag}.`],
  });
}
