import { type Finding } from '../../core/model/finding.ts';
import {
  displayWidth,
  padEnd,
  truncateEnd,
  truncateMiddle,
} from '../../core/render/text/columns.ts';
import { counted } from '../../core/render/text/format.ts';
import { homeName, shortObjectName } from '../../core/render/text/labels.ts';
import { type Palette } from '../../core/render/text/palette.ts';
import { printable } from '../../core/render/text/safe.ts';
import { matching, type Page, type PickerState } from './state.ts';

export interface ScreenOptions {
  readonly columns: number;
  readonly palette: Palette;
  /** The scan saw everything, so that what is not listed is not there. */
  readonly complete: boolean;
  /** More than one cluster or system was scanned. */
  readonly plural: boolean;
}

/** Lines around the list or page: a title, a filter or name, a line of detail, the keys. */
export const FRAME = 5;

/** From roomy to narrow; the first that fits is shown. */
const LIST_KEYS: readonly string[] = [
  'arrows move, Enter explains, letters filter, / to begin with q, Esc clears, q quits',
  'arrows move, Enter explains, letters filter, Esc clears, q quits',
  'Enter explains, letters filter, q quits',
  'Enter explains, q quits',
];
const PAGE_KEYS: readonly string[] = [
  'arrows and PgUp/PgDn scroll, Esc goes back, q quits',
  'arrows scroll, Esc goes back, q quits',
  'Esc goes back, q quits',
];

function keysThatFit(keys: readonly string[], columns: number): string {
  const fitting = keys.find((text) => displayWidth(text) <= columns);
  return fitting ?? truncateEnd(keys.at(-1) ?? '', columns);
}

/** The part of a list that is on the screen, so that the selected line always is. */
function windowOf<T>(items: readonly T[], selected: number, room: number): readonly [T[], number] {
  const top = Math.max(0, Math.min(selected - Math.floor(room / 2), items.length - room));
  return [items.slice(top, top + room), top];
}

function row(
  finding: Finding,
  isSelected: boolean,
  ruleWidth: number,
  { columns, palette, plural }: ScreenOptions,
): string {
  const { severity, confidence, rule, subject } = finding;
  const start = `${isSelected ? '>' : ' '} `;
  const words = `${padEnd(severity, 8)} ${padEnd(confidence, 7)} ${padEnd(truncateEnd(rule, ruleWidth), ruleWidth)} `;
  const where = plural ? `${homeName(subject)}: ` : '';
  const room = columns - displayWidth(start + words) - displayWidth(where);
  const object = `${where}${truncateMiddle(shortObjectName(subject), Math.max(8, room))}`;
  const text = truncateEnd(`${start}${words}${object}`, columns);
  const style = palette.severity[severity];
  return isSelected ? palette.heading(text) : text.replace(severity, (word) => style(word));
}

function listLines(state: PickerState, options: ScreenOptions): string[] {
  const { columns, palette, complete } = options;
  const { filter, filtering, findings, selected, room } = state;
  const found = matching(state);
  const [shown, top] = windowOf(found, selected, room);
  const ruleWidth = Math.min(
    // Of all of them, so that no column moves while somebody types a filter.
    Math.max(0, ...findings.map(({ rule }) => displayWidth(rule))),
    Math.floor(columns / 3),
  );
  const count = filter === '' ? '' : `${found.length} of `;
  const gaps = complete ? '' : '; INCOMPLETE: what could not be read may hide more';
  const title = `${count}${counted(findings.length, 'finding')}, worst first${gaps}`;
  const detail = found[selected]?.reason ?? 'Nothing matches.';
  return [
    palette.heading(truncateEnd(title, columns)),
    truncateEnd(filtering ? `Filter: ${printable(filter)}_` : '', columns),
    ...shown.map((finding, at) => row(finding, top + at === selected, ruleWidth, options)),
    ...blanks(room - shown.length),
    truncateEnd(printable(detail), columns),
    palette.dim(keysThatFit(LIST_KEYS, columns)),
  ];
}

function pageLines({ finding, lines, top }: Page, room: number, options: ScreenOptions): string[] {
  const { columns, palette } = options;
  const shown = lines === null ? ['Looking …'] : lines.slice(top, top + room);
  const title = `${finding.rule}: ${shortObjectName(finding.subject)}`;
  const below = (lines?.length ?? 0) - top - room;
  const more = below > 0 ? `${counted(below, 'more line')} below` : '';
  return [
    palette.heading(truncateMiddle(printable(title), columns)),
    '',
    ...shown,
    ...blanks(room - shown.length),
    palette.dim(more),
    palette.dim(keysThatFit(PAGE_KEYS, columns)),
  ];
}

function blanks(count: number): string[] {
  return Array.from({ length: Math.max(0, count) }, () => '');
}

/** What is on the screen: as many lines as it has rows but one, none wider than it is. */
export function screenLines(state: PickerState, options: ScreenOptions): string[] {
  return state.page === null
    ? listLines(state, options)
    : pageLines(state.page, state.room, options);
}
