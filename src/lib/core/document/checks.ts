import { type Block, type CardBlock, type Tone } from '../model/document.ts';
import { typedName } from '../model/resource-ref.ts';
import { type CheckOutcome, type ValidationSummary } from '../model/validation.ts';
import { counted, firstFew, joined } from '../render/text/format.ts';
import { rulePage } from '../render/rule-page.ts';
import { countsOf, isWrong } from '../render/validation/counts.ts';
import { byComponent, type Group, groupsOf } from '../render/validation/groups.ts';
import { COMPONENT_LABELS, placeOf } from '../render/validation/labels.ts';
import { notApplicableText, unseenOf } from '../render/validation/unseen.ts';
import { verdictText } from '../render/validation/verdict.ts';
import {
  cell,
  column,
  countCell,
  heading,
  list,
  names,
  note,
  numbers,
  paragraph,
  table,
} from './blocks.ts';

/** As many kinds of failures are told, and of each as many objects. */
const CARDS = 100;
const OBJECTS = 20;

/**
 * What checks came to: the verdict, what is wrong with what to do about it, and what was looked at.
 *
 * @param id begins the ids of its blocks
 */
export function checksBlocks(summary: ValidationSummary, id: string): readonly Block[] {
  const wrong = groupsOf(summary.results.filter(isWrong));
  const notApplicable = notApplicableText(summary, true);
  const unseen = unseenOf(summary, false).map(({ reason, checks }) =>
    checks.length === 0 ? reason : `${reason}; not judged: ${firstFew(checks, OBJECTS)}`,
  );
  return [
    paragraph(verdictText(summary)),
    ...wrong.slice(0, CARDS).map((group) => cardOf(group, id)),
    ...(wrong.length <= CARDS
      ? []
      : [
          note(
            'neutral',
            `${counted(wrong.length - CARDS, 'more kind', 'more kinds')} of failures left out here; -o json and -o csv have every one.`,
          ),
        ]),
    ...componentTable(summary, id),
    ...(unseen.length === 0 ? [] : [heading('What could not be judged'), ...list(unseen)]),
    ...(notApplicable === null ? [] : [paragraph(notApplicable)]),
    ...(summary.suppressed.length === 0
      ? []
      : [
          paragraph(
            `${counted(summary.suppressed.length, 'check')} suppressed, and in no count above: ${firstFew(
              summary.suppressed.map(
                ({ finding, reason }) =>
                  `${typedName(finding.subject)} (${finding.rule}: ${reason})`,
              ),
              OBJECTS,
            )}.`,
          ),
        ]),
  ];
}

function toneOf({ status }: CheckOutcome): Tone {
  return status === 'FAIL' ? 'bad' : 'warning';
}

function cardOf(group: Group, id: string): CardBlock {
  const [first] = group;
  const seen = group.slice(0, OBJECTS).map(seenText);
  const left = group.length - seen.length;
  return {
    kind: 'card',
    id: `${id}-${first.id}`,
    title: first.title,
    badge: first.status === 'FAIL' ? 'failed' : 'warning',
    tone: toneOf(first),
    text: group.length === 1 ? seenText(first) : '',
    facts: [
      { label: 'check', value: first.check },
      { label: 'severity', value: first.severity },
      { label: 'page', value: rulePage(first.check) },
    ],
    lists: [
      {
        title: 'Seen',
        ordered: false,
        folded: false,
        items:
          group.length === 1 ? [] : [...seen, ...(left === 0 ? [] : [`and ${String(left)} more`])],
      },
      { title: 'What to do', ordered: true, folded: false, items: first.steps },
    ].filter(({ items }) => items.length > 0),
    command: null,
  };
}

function seenText(outcome: CheckOutcome): string {
  const object = outcome.subject === null ? placeOf(outcome) : typedName(outcome.subject);
  return object === '' ? outcome.message : `${object}: ${outcome.message}`;
}

function componentTable(summary: ValidationSummary, id: string): readonly Block[] {
  const components = [...byComponent(summary.results)];
  return table(`${id}-components`, 'What was checked', components, [
    column('component', ([component]) => cell(COMPONENT_LABELS[component])),
    numbers('failed', ([, outcomes]) => countCell(countsOf(outcomes).FAIL)),
    numbers('warnings', ([, outcomes]) => countCell(countsOf(outcomes).WARNING)),
    numbers('passed', ([, outcomes]) => countCell(countsOf(outcomes).PASS)),
    names('checks', ([, outcomes]) => joined([...new Set(outcomes.map(({ check }) => check))])),
  ]);
}
