import { type ScanFacts } from '../../model/report.ts';
import { groupGaps, gapText } from '../table/gaps.ts';
import { toJson } from '../json.ts';
import { messageOf } from './message.ts';
import { resultOf, type Problem } from './result.ts';
import { descriptorOf, type RuleText } from './rule.ts';

/** Something the run has to say that is no result: a hole in what was read, or a mistake in the request. */
export interface Notice {
  /** Stable kebab-case id. */
  readonly id: string;
  readonly level: 'error' | 'warning' | 'note';
  /** Not yet printable. */
  readonly message: string;
  /** Id of the rule that is silent because of it; null where it is of none. */
  readonly rule: string | null;
}

/** What becomes one SARIF log. */
export interface SarifRun {
  /** The command, so that a viewer keeps the results of different ones apart. */
  readonly command: 'orphans' | 'validate' | 'health';
  readonly version: string;
  readonly scan: ScanFacts;
  readonly problems: readonly Problem[];
  /** Describes a rule by its id. */
  readonly ruleText: (id: string) => RuleText;
  /** Beside the gaps of the scan, which are told anyway. */
  readonly notices: readonly Notice[];
  /** What the author of the request should mend. */
  readonly mistakes: readonly Notice[];
}

/** A log in the Static Analysis Results Interchange Format, version 2.1.0 of OASIS. */
export function sarifLog(run: SarifRun): string {
  const { scan, problems } = run;
  const notices = [...gapNotices(scan), ...run.notices];
  const ids = new Set([
    ...problems.map(({ rule }) => rule),
    ...[...notices, ...run.mistakes].flatMap(({ rule }) => (rule === null ? [] : [rule])),
  ]);
  const rules = [...ids].sort();
  const indexOf = new Map(rules.map((id, index) => [id, index]));
  return toJson({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'truenas-monitor',
            version: run.version,
            semanticVersion: run.version,
            rules: rules.map((id) => descriptorOf(run.ruleText(id))),
            notifications: noticeIds([...notices, ...run.mistakes]).map((id) => ({ id })),
          },
        },
        automationDetails: { id: `truenas-monitor/${run.command}/` },
        invocations: [
          {
            executionSuccessful: scan.complete,
            startTimeUtc: scan.takenAt.toISOString(),
            // A kept scan was over long before this run.
            ...(scan.cachedFor === null && {
              endTimeUtc: new Date(scan.takenAt.getTime() + scan.duration).toISOString(),
            }),
            toolExecutionNotifications: notices.map((each) => notification(each, indexOf)),
            toolConfigurationNotifications: run.mistakes.map((each) => notification(each, indexOf)),
          },
        ],
        results: problems.map((problem) => resultOf(problem, indexOf.get(problem.rule) ?? -1)),
      },
    ],
  });
}

function gapNotices(scan: ScanFacts): Notice[] {
  return groupGaps(scan.sources).map((group) => ({
    id: 'source-incomplete',
    level: !scan.complete ? (group.state === 'failed' ? 'error' : 'warning') : 'note',
    message: gapText(group, scan),
    rule: null,
  }));
}

function noticeIds(notices: readonly Notice[]): string[] {
  return [...new Set(notices.map(({ id }) => id))].sort();
}

function notification(
  { id, level, message, rule }: Notice,
  indexOf: ReadonlyMap<string, number>,
): object {
  return {
    descriptor: { id },
    level,
    message: { text: messageOf(message) },
    ...(rule !== null && { associatedRule: { id: rule, index: indexOf.get(rule) ?? -1 } }),
  };
}
