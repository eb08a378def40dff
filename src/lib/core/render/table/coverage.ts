import { gatesOf } from '../../correlate/sources.ts';
import { type Report, type SkippedRule } from '../../model/report.ts';
import { RULES } from '../../rules/registry.ts';
import { wrapWords } from '../text/columns.ts';
import { counted, firstFew, joined } from '../text/format.ts';
import { type Palette } from '../text/palette.ts';
import { printable } from '../text/safe.ts';
import {
  gapText,
  groupGaps,
  homeOf,
  isPool,
  isSame,
  unreadableTexts,
  type GapGroup,
} from './gaps.ts';
import { isNotApplicable } from './skipped.ts';

/** Which sources were not read whole, why, and what cannot be judged for want of them. */
export function coverageLines(report: Report, width: number, palette: Palette): string[] {
  const groups = groupGaps(report.sources);
  if (report.complete && groups.length === 0) return [];
  const title = report.complete
    ? 'NOTE: not everything could be read; no rule is silent because of it.'
    : 'INCOMPLETE: what could not be read or judged may hide orphans, so silence proves little.';
  const explained = new Set<SkippedRule>();
  const lines = groups.flatMap((group) => groupLines(group, report, width, explained));
  const rest = report.skipped.filter((each) => !explained.has(each) && !isNotApplicable(each));
  return [
    ...wrapWords(title, width, '  ').map(report.complete ? palette.heading : palette.warning),
    ...lines,
    ...notJudgedLines('  ', rest, report, width),
  ];
}

function groupLines(
  group: GapGroup,
  report: Report,
  width: number,
  explained: Set<SkippedRule>,
): string[] {
  const silenced = report.skipped.filter((skipped) =>
    skipped.because.some((cause) => group.sources.some((gap) => isSame(cause, gap))),
  );
  for (const skipped of silenced) explained.add(skipped);
  return [
    ...wrapIn('  ', gapText(group, report), width),
    ...unreadableTexts(group).flatMap((text) => wrapIn('    ', text, width)),
    ...(silenced.length > 0
      ? notJudgedLines('    ', silenced, report, width)
      : wrapIn('    ', meaningOf(group, width), width)),
  ];
}

/** What a gap comes to where no rule was skipped for it. */
function meaningOf(group: GapGroup, width: number): string {
  // Rules ask of each place whether it can be judged, so that none of them is skipped, and all are silent.
  if (isPool(group)) {
    return 'no rule says of anything there that it is missing or forgotten, whether it is or not';
  }
  const leaning = leaningOn(group.sources.map(({ name }) => name));
  return leaning.length === 0
    ? 'no rule rests on it alone; findings that would lean on it are only likely'
    : `judged with less, so only likely or not found: ${rules(leaning, width)}`;
}

/** Rules that look at some lists, and get on without them. */
function leaningOn(sources: readonly string[]): string[] {
  return RULES.filter(({ consults }) =>
    consults.some((source) => gatesOf(source).some((gate) => sources.includes(gate))),
  ).map(({ id }) => id);
}

/** Which rules were not judged, and where, unless that is everywhere they could have been. */
function notJudgedLines(
  indent: string,
  skipped: readonly SkippedRule[],
  report: Report,
  width: number,
): string[] {
  const byRule = Map.groupBy(skipped, ({ rule }) => rule);
  const byPlace = Map.groupBy(byRule.keys(), (rule) => placeOf(byRule.get(rule) ?? [], report));
  return [...byPlace].flatMap(([place, names]) =>
    wrapIn(indent, `not judged${place}: ${rules(names, width)}`, width),
  );
}

function placeOf(skipped: readonly SkippedRule[], report: Report): string {
  const homes = [...new Set(skipped.map(homeOf))];
  const [first] = skipped;
  const all = first?.system === null ? report.clusters : report.systems;
  return homes.length >= all.length ? '' : printable(` for ${joined(homes)}`);
}

/** With forty rules a system that is down would fill the screen with their names. */
const RULES_NAMED = 6;

/** Where there is no width to fit, every one of them. */
function rules(names: readonly string[], width: number): string {
  return printable(firstFew(names, Number.isFinite(width) ? RULES_NAMED : names.length));
}

function wrapIn(indent: string, text: string, width: number): string[] {
  return wrapWords(text, width - indent.length, '  ').map((line) => indent + line);
}

/** Rules that have nothing to look at here, such as snapshot rules where snapshots are not installed. */
export function notApplicableLines(report: Report, width: number): string[] {
  const skipped = report.skipped.filter(isNotApplicable);
  if (skipped.length === 0) return [];
  const names = [...new Set(skipped.map(({ rule }) => rule))];
  return wrapWords(
    `${counted(names.length, 'rule')} not applicable here: ${rules(names, width)}.`,
    width,
    '  ',
  );
}
