import { SEVERITIES } from '../../model/finding.ts';
import { type CheckOutcome, type ValidationSummary } from '../../model/validation.ts';
import {
  bullets,
  details,
  markdownDocument,
  numberedList,
  paragraphs,
  suppressedPart,
  table,
} from '../markdown/document.ts';
import { markdownCode, markdownProse, markdownText } from '../markdown/escape.ts';
import { rulePage } from '../rule-page.ts';
import { objectName } from '../text/labels.ts';
import { countsText, isWrong } from './counts.ts';
import { byComponent, groupsOf, type Group } from './groups.ts';
import { COMPONENT_LABELS, countedObjects, MARKS, placeOf } from './labels.ts';
import { OFFLINE_NOTE, scannedSection } from './scanned.ts';
import { notApplicableText, silentText, unseenOf } from './unseen.ts';
import { verdictText } from './verdict.ts';

const NOUN = ['result', 'results'] as const;

/** What checks came to for the summary of a job or a comment on a pull request: what is wrong first, passes folded away. */
export function renderValidationMarkdown(summary: ValidationSummary): string {
  const wrong = summary.results.filter(isWrong).sort(compareSeverity);
  const unseen = unseenOf(summary, false);
  const notApplicable = notApplicableText(summary, false);
  return markdownDocument([
    paragraphs('## Configuration and health', '', `**${markdownText(verdictText(summary))}**`),
    scannedSection(summary),
    bullets(
      [summary.complete ? '**Not checked**:' : '**INCOMPLETE**: not everything could be read.', ''],
      unseen.map((each) =>
        markdownText(
          each.checks.length === 0 ? each.reason : `${each.reason} (${silentText(each, false)})`,
        ),
      ),
      ['reason', 'reasons'],
    ),
    tableOf(wrong, summary.files === null),
    ...groupsOf(wrong).map(remedyPart),
    ...passedParts(summary.results),
    ...(notApplicable === null ? [] : [paragraphs(markdownText(notApplicable))]),
    suppressedPart(summary.suppressed, { noun: 'result', nameOf: objectName }),
    ...(summary.files === null ? [] : [paragraphs(OFFLINE_NOTE)]),
  ]);
}

function compareSeverity(a: CheckOutcome, b: CheckOutcome): number {
  return SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity);
}

function objectOf({ subject }: CheckOutcome): string {
  return subject === null ? '' : markdownCode(objectName(subject));
}

/** @param placed whether it matters where an object is: files are nowhere yet */
function tableOf(wrong: readonly CheckOutcome[], placed: boolean): ReturnType<typeof table> {
  const header = ['', 'severity', 'check', 'object', 'where', 'what was seen'];
  const isShown = (_: string, column: number): boolean => placed || header[column] !== 'where';
  return table(
    header.filter(isShown),
    wrong.map((outcome) => rowOf(outcome).filter(isShown)),
    NOUN,
  );
}

function rowOf(outcome: CheckOutcome): string[] {
  const { status, severity, check, message } = outcome;
  return [
    MARKS[status],
    status === 'FAIL' ? `**${severity}**` : severity,
    markdownText(check),
    objectOf(outcome),
    markdownText(placeOf(outcome)),
    markdownProse(message),
  ];
}

/** What to do about what came to the same, said once. */
function remedyPart(group: Group): ReturnType<typeof details> {
  const [{ title, severity, check, steps }] = group;
  return details(
    `${markdownText(title)}: ${countedObjects(group)}, ${severity}`,
    [...numberedList(steps), '', `See ${rulePage(check)}.`],
    ['step', 'steps'],
  );
}

function passedParts(results: readonly CheckOutcome[]): ReturnType<typeof details>[] {
  const passed = results.filter(({ status }) => status === 'PASS');
  const lines = Array.from(byComponent(passed), ([component, outcomes]) => {
    const checks = groupsOf(outcomes).map(
      (group) => `${markdownText(group[0].title)} (${countedObjects(group)})`,
    );
    return `- ${COMPONENT_LABELS[component]}: ${checks.join('; ')}`;
  });
  return lines.length === 0
    ? []
    : [details(countsText(passed), lines, ['component', 'components'])];
}
