import { severitiesIn } from '../core/analysis/pressing.ts';
import { type CleanupPlan } from '../core/cleanup/plan-schema.ts';
import { type RunView, type StepView } from '../core/cleanup/run-view.ts';
import { type StorageAnalysis } from '../core/model/analysis.ts';
import { type Confidence, isAtLeast, type Severity } from '../core/model/finding.ts';
import { type Report } from '../core/model/report.ts';
import { type ValidationSummary } from '../core/model/validation.ts';

export const EXIT = {
  ok: 0,
  findings: 1,
  failed: 2,
  incomplete: 3,
  unknownOutcome: 4,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What each code means, as `--help` prints it. */
export const EXIT_MEANINGS: Readonly<Record<ExitCode, string>> = {
  [EXIT.ok]: 'the scan was complete and nothing reached --fail-on',
  [EXIT.findings]: 'something reached --fail-on',
  [EXIT.failed]: 'could not run: usage, configuration, credentials, or a side out of reach',
  [EXIT.incomplete]: 'the scan was incomplete, so silence proves little',
  [EXIT.unknownOutcome]: 'the outcome of a change is unknown',
  [EXIT.interrupted]: 'interrupted',
};

/** Where several hold, the first of these is the one. */
const PRECEDENCE: readonly ExitCode[] = [
  EXIT.interrupted,
  EXIT.unknownOutcome,
  EXIT.failed,
  EXIT.findings,
  EXIT.incomplete,
  EXIT.ok,
];

export function worstExitCode(codes: readonly ExitCode[]): ExitCode {
  return PRECEDENCE.find((code) => codes.includes(code)) ?? EXIT.ok;
}

/**
 * The codes a command can end with, as a section of its description.
 *
 * @param meanings what a code means where that differs from a scan
 */
export function exitCodeHelp(
  codes: readonly ExitCode[],
  meanings: Readonly<Partial<Record<ExitCode, string>>> = {},
): string {
  const lines = codes.map((code) => `  ${code}  ${meanings[code] ?? EXIT_MEANINGS[code]}`);
  return ['Exit codes:', ...lines].join('\n');
}

/** What makes a report fail. */
export interface FailOn {
  /** Null for never. */
  readonly severity: Severity | null;
  readonly confidence: Confidence;
}

/** Counts what is reported, after every filter. */
export function exitCodeFor(report: Report, failOn: FailOn): ExitCode {
  const { severity, confidence } = failOn;
  const reached =
    severity !== null &&
    report.findings.some(
      (finding) =>
        isAtLeast(finding.severity, severity) &&
        (confidence === 'likely' || finding.confidence === 'certain'),
    );
  return worstExitCode([
    reached ? EXIT.findings : EXIT.ok,
    report.complete ? EXIT.ok : EXIT.incomplete,
  ]);
}

/** What the codes of commands that check mean where that differs from a scan. */
export const CHECK_MEANINGS = {
  [EXIT.ok]: 'everything was read, and no check that failed reached --fail-on',
  [EXIT.findings]: 'a check that failed reached --fail-on; a side out of reach is such a check',
  [EXIT.failed]: 'could not run: usage, configuration, or no credentials',
  [EXIT.incomplete]: 'not everything was read, so what did not fail proves little',
} as const;

/**
 * Counts what is reported, after every filter.
 *
 * @param severity null for never
 */
export function exitCodeForChecks(summary: ValidationSummary, severity: Severity | null): ExitCode {
  const reached =
    severity !== null &&
    summary.results.some(
      (result) =>
        (result.status === 'FAIL' || result.status === 'WARNING') &&
        isAtLeast(result.severity, severity),
    );
  return worstExitCode([
    reached ? EXIT.findings : EXIT.ok,
    summary.complete ? EXIT.ok : EXIT.incomplete,
  ]);
}

/**
 * Counts pools, volumes and anomalies that are shown.
 *
 * @param failOn null for never
 */
export function exitCodeForAnalysis(analysis: StorageAnalysis, failOn: Severity | null): ExitCode {
  const reached =
    failOn !== null && severitiesIn(analysis).some((severity) => isAtLeast(severity, failOn));
  return worstExitCode([
    reached ? EXIT.findings : EXIT.ok,
    analysis.complete ? EXIT.ok : EXIT.incomplete,
  ]);
}

/** What the codes of a plan mean where that differs from a scan. */
export const PLAN_MEANINGS = {
  [EXIT.ok]: 'there is a plan, made of a scan that was complete; it may be one of nothing',
  [EXIT.incomplete]: 'not everything was read: what is not in the plan may be there all the same',
} as const;

export function exitCodeForPlan({ complete }: Pick<CleanupPlan, 'complete'>): ExitCode {
  return complete ? EXIT.ok : EXIT.incomplete;
}

/** What the codes of a run mean, of a dry one as of a real one. */
export const RUN_MEANINGS = {
  [EXIT.ok]: 'everything was done; without --execute: everything would be',
  [EXIT.findings]: 'something was skipped, failed or cannot be undone; the rest was done',
  [EXIT.failed]:
    'refused: nothing was changed; nothing more where another server answers in the middle of a run',
  [EXIT.incomplete]:
    'stopped: not everything could be read that has to prove a step, or you stopped it',
  [EXIT.unknownOutcome]: 'the outcome of a change is unknown; the same command looks again',
  [EXIT.interrupted]: 'interrupted; the same command goes on where it stopped',
} as const;

function codeOfStep({ state, pending }: StepView): ExitCode {
  if (pending || state === 'unknown') return EXIT.unknownOutcome;
  // Taken back within the very run: its item could not be finished.
  const isMissing = state === 'failed' || state === 'skipped' || state === 'rolled_back';
  return isMissing ? EXIT.findings : EXIT.ok;
}

const CODES_OF_STATES: Readonly<Partial<Record<RunView['state'], ExitCode>>> = {
  unknown: EXIT.unknownOutcome,
  failed: EXIT.findings,
  stopped: EXIT.incomplete,
};

/** Of a run, and of a dry one: its steps are what would become of them. */
export function exitCodeForRun(
  { state, steps, lost }: Pick<RunView, 'state' | 'steps' | 'lost'>,
  interrupted: boolean,
): ExitCode {
  return worstExitCode([
    interrupted ? EXIT.interrupted : EXIT.ok,
    CODES_OF_STATES[state] ?? EXIT.ok,
    lost.length > 0 ? EXIT.findings : EXIT.ok,
    ...steps.map(codeOfStep),
  ]);
}
