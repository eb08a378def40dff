import { type CheckOutcome, type Component } from '../../model/validation.ts';
import { rulePage } from '../rule-page.ts';
import { wrapWords } from '../text/columns.ts';
import { counted, firstFew, joined } from '../text/format.ts';
import { type Palette } from '../text/palette.ts';
import { printable } from '../text/safe.ts';
import { countsText, isWrong } from './counts.ts';
import { byComponent, groupsOf, type Group } from './groups.ts';
import { COMPONENT_LABELS, countedObjects, MARKS, placedObject, placeOf } from './labels.ts';

/** How the list is drawn. */
export interface ListOptions {
  readonly width: number;
  readonly palette: Palette;
  /** Several clusters or systems were read, so that an object does not say where it is. */
  readonly plural: boolean;
  /** Every object, and its id. */
  readonly all: boolean;
}

/** Of a failure in a table, as many objects are named in a line, and as many lines are shown; the rest is what -o wide is for. */
const NAMED = 5;
const LINES = 10;

/** More permissions than this, all of them given, are listed in one line. */
const MOST_PERMISSIONS = 10;

/** What was judged, in blocks by component. */
export function checkBlocks(
  results: readonly CheckOutcome[],
  options: ListOptions,
): readonly (readonly string[])[] {
  return Array.from(byComponent(results), ([component, outcomes]) => [
    ...heading(component, outcomes, options),
    ...groupsOf(outcomes).flatMap((group) =>
      isWrong(group[0]) ? wrongLines(group, options) : soundLines(group, outcomes, options),
    ),
  ]);
}

function heading(
  component: Component,
  outcomes: readonly CheckOutcome[],
  { width, palette }: ListOptions,
): string[] {
  const text = `${COMPONENT_LABELS[component]}: ${countsText(outcomes)}`;
  return wrapWords(text, width, '  ').map(palette.heading);
}

function wrapIn(indent: number, text: string, width: number, hanging = 2): string[] {
  const space = ' '.repeat(indent);
  return wrapWords(text, width - indent, ' '.repeat(hanging)).map((line) => space + line);
}

/** A line behind its mark; the lines it continues on stand below its text. */
function marked({ status }: CheckOutcome, text: string, width: number): string[] {
  return wrapIn(4, text, width, 0).map((line, index) =>
    index === 0 ? `  ${MARKS[status]} ${line.trimStart()}` : line,
  );
}

/** What is wrong, with what was seen of each object, and below it what to do. */
function wrongLines(group: Group, options: ListOptions): string[] {
  const { width, palette } = options;
  const [{ title, severity, steps, check }] = group;
  return [
    ...marked(group[0], printable(`${title} (${severity})`), width).map(palette.severity[severity]),
    ...seenLines(group, options).flatMap((line) => wrapIn(6, line, width)),
    ...steps.flatMap((step, index) =>
      wrapIn(6, printable(`${String(index + 1)}. ${step}`), width, 3),
    ),
    ...wrapIn(6, `See ${rulePage(check)}`, width).map(palette.dim),
  ];
}

/** What was seen of each object; objects of which the same was seen share a line. */
function seenLines(group: Group, options: ListOptions): string[] {
  if (options.all) return group.map((outcome) => seenLine(outcome, options));
  const byMessage = Map.groupBy(group, ({ message }) => message);
  const lines = Array.from(byMessage, ([message, outcomes]) => {
    const names = outcomes.flatMap(({ subject }) =>
      subject === null ? [] : placedObject(subject, options.plural),
    );
    return withObject(firstFew(names, NAMED), message);
  });
  const left = lines.length - LINES;
  return left <= 0 ? lines : [...lines.slice(0, LINES), `and ${counted(left, 'more', 'more')}`];
}

function seenLine({ subject, message, id }: CheckOutcome, options: ListOptions): string {
  const object = subject === null ? '' : placedObject(subject, options.plural);
  return `${withObject(object, message)}${options.all ? ` [${id}]` : ''}`;
}

function withObject(object: string, message: string): string {
  return `${object === '' ? '' : `${object}: `}${printable(message)}`;
}

/** What is as it should be: in one line, whatever the number of objects, unless all are wanted. */
function soundLines(
  group: Group,
  outcomes: readonly CheckOutcome[],
  options: ListOptions,
): string[] {
  const [first] = group;
  const title = printable(first.title);
  return options.all
    ? [
        ...soundTitle(
          first,
          isMany(group) ? `${title} (${countedOf(group, outcomes)})` : title,
          options,
        ),
        ...allSoundLines(group, options).flatMap((line) => wrapIn(6, line, options.width)),
      ]
    : soundTitle(first, `${title} (${soundText(group, outcomes, options)})`, options);
}

/** The mark alone is coloured: there are many of these, and nobody has to look at them. */
function soundTitle(
  outcome: CheckOutcome,
  text: string,
  { width, palette }: ListOptions,
): string[] {
  const mark = MARKS[outcome.status];
  return marked(outcome, text, width).map((line, index) =>
    index === 0 ? line.replace(mark, palette.good(mark)) : line,
  );
}

function soundText(group: Group, outcomes: readonly CheckOutcome[], options: ListOptions): string {
  const [first] = group;
  return group.length === 1 ? seenLine(first, options) : countedOf(group, outcomes);
}

function countedOf(group: Group, outcomes: readonly CheckOutcome[]): string {
  const [{ check }] = group;
  const isRest = outcomes.some((other) => other.check === check && isWrong(other));
  return countedObjects(group).replace(' ', isRest ? ' other ' : ' ');
}

/** Every object that is as it should be; many permissions, of which there is no more to say, share a line. */
function allSoundLines(group: Group, options: ListOptions): string[] {
  if (!isMany(group)) return seenLines(group, options);
  const alike = Map.groupBy(group, (outcome) => `${placeOf(outcome)}\n${outcome.message}`);
  return Array.from(alike.values(), (outcomes) => {
    const names = outcomes.flatMap(({ subject }) =>
      subject === null ? [] : [subject.namespace ?? [], subject.name].flat().join('/'),
    );
    const [first = group[0]] = outcomes;
    return printable(`${placeOf(first)}: ${joined(names)}: ${first.message}`);
  });
}

function isMany(group: Group): boolean {
  return (
    group.length > MOST_PERMISSIONS && group.every(({ subject }) => subject?.type === 'Permission')
  );
}
