import { SEVERITIES, type Finding } from '../model/finding.ts';
import { type Report } from '../model/report.ts';
import {
  details,
  gapsPart,
  markdownDocument,
  numberedList,
  paragraphs,
  scannedPart,
  suppressedPart,
  table,
} from './markdown/document.ts';
import { markdownCode, markdownProse, markdownText } from './markdown/escape.ts';
import { rulePage } from './rule-page.ts';
import { isNotApplicable } from './table/skipped.ts';
import { totalLines } from './table/totals.ts';
import { objectionText } from './text/doubt.ts';
import { counted, formatBytes } from './text/format.ts';
import { homeName, shortObjectName } from './text/labels.ts';
import { plainPalette } from './text/palette.ts';

const NOUN = ['finding', 'findings'] as const;

/** The findings for the summary of a job or a comment on a pull request. */
export function renderMarkdown(report: Report): string {
  const { findings } = report;
  const notJudged = report.skipped.filter((each) => !isNotApplicable(each));
  const rules = [...new Set(notJudged.map(({ rule }) => rule))];
  const totals = totalLines(report, Number.POSITIVE_INFINITY, plainPalette);
  return markdownDocument([
    paragraphs('## Orphaned storage', '', ...totals.map((line) => `${markdownText(line)}  `)),
    scannedPart(report),
    gapsPart(
      report,
      'what could not be read or judged may hide orphans, so silence proves little.',
    ),
    ...(rules.length === 0
      ? []
      : [paragraphs(`Not judged, or not everywhere: ${rules.map(markdownCode).join(', ')}.`)]),
    table(
      ['severity', 'confidence', 'object', 'where', 'rule', 'reclaimable', 'reason'],
      findings.map(rowOf),
      NOUN,
    ),
    ...[...Map.groupBy(findings, ({ rule }) => rule)].map(([rule, members]) =>
      details(
        summaryOf(rule, members),
        members.map((each, index) => entryOf(each, index)),
        NOUN,
      ),
    ),
    suppressedPart(report.suppressed),
  ]);
}

function rowOf(finding: Finding): string[] {
  const { severity, confidence, subject, rule, reclaimable, reason } = finding;
  return [
    severity === 'critical' || severity === 'high' ? `**${severity}**` : severity,
    confidence,
    markdownCode(shortObjectName(subject)),
    markdownText(homeName(subject)),
    markdownText(rule),
    formatBytes(reclaimable),
    markdownProse(reason),
  ];
}

function summaryOf(rule: string, findings: readonly Finding[]): string {
  const worst = SEVERITIES.find((each) => findings.some(({ severity }) => severity === each));
  return `${markdownText(rule)}: ${counted(findings.length, ...NOUN)}, ${worst ?? ''}; what to do is in ${rulePage(rule)}`;
}

/** With an empty line between one and the next. */
function entryOf({ subject, id, reason, doubt, remedy }: Finding, index: number): string {
  return [
    ...(index === 0 ? [] : ['']),
    `${markdownCode(shortObjectName(subject))} (id ${id}): ${markdownProse(reason)}`,
    ...(doubt === null ? [] : ['', `Likely, no more: ${markdownText(objectionText(doubt))}`]),
    '',
    ...numberedList(remedy.steps),
    ...(remedy.command === null ? [] : ['', `With this tool: ${markdownCode(remedy.command)}`]),
  ].join('\n');
}
