import { givesBack, isDestruction } from '../../cleanup/change.ts';
import { type PlanItem, type PlanStep } from '../../cleanup/plan-schema.ts';
import { bytes } from '../../model/units.ts';
import { formatBytes, formatInstant, joined } from '../text/format.ts';
import { type Palette } from '../text/palette.ts';
import { printable } from '../text/safe.ts';
import { indented, subjectHome, subjectName, targetName } from './labels.ts';

export interface ItemOptions {
  readonly columns: number;
  readonly palette: Palette;
  /** Its evidence, and of each step what has to hold right before it and how it is undone. */
  readonly wide: boolean;
  /** More than one cluster or system is part of the plan, so that each step says where it acts. */
  readonly plural: boolean;
}

const MARKS = { passed: '+', failed: '-', unknown: '?' } as const;

/** Whether somebody has to type the name of the object before it is carried out. */
export function isDestructive({ intent }: PlanItem, steps: readonly PlanStep[]): boolean {
  return intent === 'destroy' || steps.some(({ change }) => isDestruction(change));
}

/** What, where, why: the first lines of an item. */
export function itemTitle(
  item: PlanItem,
  number: string,
  { columns, plural }: Pick<ItemOptions, 'columns' | 'plural'>,
): readonly string[] {
  const { intent, subject, rule, severity, id, reason } = item;
  const hang = ' '.repeat(number.length);
  // Where there is one of each, its name is above all of them.
  const home = plural ? ` on ${subjectHome(subject)}` : '';
  return [
    ...indented(
      '',
      `${number}${intent.toUpperCase()} ${subjectName(subject)}${home}`,
      columns,
      hang,
    ),
    ...indented(hang, `${rule} (${severity}, id ${id}): ${reason}`, columns, '  '),
  ];
}

export function evidenceLines(
  { evidence }: PlanItem,
  indent: string,
  columns: number,
): readonly string[] {
  return evidence.flatMap(({ check, result, detail }) =>
    indented(indent, `${MARKS[result]} ${check}: ${detail}`, columns, '  '),
  );
}

/** One step with its id in front; wide also says what has to hold and how it is undone. */
export function stepLines(
  step: PlanStep,
  indent: string,
  { columns, palette, wide, plural }: ItemOptions,
): readonly string[] {
  const { id, title, preconditions, undo } = step;
  const start = `${printable(id)}  `;
  const below = indent + ' '.repeat(start.length);
  const where = plural ? ` (on ${targetName(step)})` : '';
  const lines = indented(indent, `${start}${title}${where}`, columns, ' '.repeat(start.length));
  if (!wide) return lines;
  return [
    ...lines,
    ...preconditions.flatMap((text) => indented(below, `has to hold: ${text}`, columns, '  ')),
    ...(undo === null ? [] : indented(below, `undo: ${undo}`, columns, '  ')),
  ].map((line, at) => (at < lines.length ? line : palette.dim(line)));
}

/** What comes back, and when. */
export function bytesText(item: PlanItem, steps: readonly PlanStep[]): string {
  const now = bytes(steps.reduce((sum, step) => sum + step.bytes, 0));
  if (item.intent === 'repair') return 'gives nothing back: it is a repair';
  if (item.intent === 'quarantine') {
    const later = formatBytes(bytes(item.bytes));
    return `gives back ${formatBytes(now)} now, and ${later} once a later plan destroys it`;
  }
  return `gives back ${formatBytes(now)}`;
}

/** How far the way back is open: the step that closes it first decides. */
export function undoText(steps: readonly PlanStep[]): string {
  const lost = steps.filter(({ undo }) => undo === null).map(({ id }) => printable(id));
  if (lost.length > 0) {
    const which =
      lost.length === steps.length
        ? 'nothing brings it back'
        : `${joined(lost)}, and nothing brings back what it takes away`;
    return `CANNOT BE UNDONE: ${which}`;
  }
  if (steps.every(({ change }) => givesBack(change))) {
    return 'a rollback leaves it, since the volume may be in use by then';
  }
  const [until] = steps
    .flatMap(({ reversible_until: each }) => (each === null ? [] : [each]))
    .toSorted();
  return until === undefined
    ? 'can be undone'
    : `can be undone, for certain until ${formatInstant(new Date(until))}`;
}

/** One item with everything that is to be done about it. */
export function itemLines(
  item: PlanItem,
  steps: readonly PlanStep[],
  number: string,
  options: ItemOptions,
): readonly string[] {
  const { columns, palette, wide } = options;
  const indent = ' '.repeat(number.length);
  const [first = '', ...rest] = itemTitle(item, number, options);
  const undone = steps.every(({ undo }) => undo !== null);
  return [
    palette.severity[item.severity](first),
    ...rest,
    ...(undone
      ? indented(indent, `${bytesText(item, steps)}; ${undoText(steps)}`, columns, '  ')
      : [
          ...indented(indent, bytesText(item, steps), columns, '  '),
          ...indented(indent, undoText(steps), columns, '  ').map(palette.warning),
        ]),
    ...(wide ? evidenceLines(item, `${indent}  `, columns).map(palette.dim) : []),
    ...steps.flatMap((step) => stepLines(step, indent, options)),
  ];
}
