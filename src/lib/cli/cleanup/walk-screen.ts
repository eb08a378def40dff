import { READ_BACK, type StepView } from '../../core/cleanup/run-view.ts';
import { itemLines, itemTitle } from '../../core/render/cleanup/item-lines.ts';
import { indented } from '../../core/render/cleanup/labels.ts';
import { stepWord } from '../../core/render/cleanup/step-words.ts';
import { displayWidth, padEnd, truncateEnd, wrapWords } from '../../core/render/text/columns.ts';
import { counted } from '../../core/render/text/format.ts';
import { type Palette } from '../../core/render/text/palette.ts';
import { printable } from '../../core/render/text/safe.ts';
import { nameToType, type Question, type WalkState } from './walk-state.ts';

export interface WalkScreenOptions {
  readonly columns: number;
  readonly rows: number;
  readonly palette: Palette;
  /** More than one cluster or system is part of the plan. */
  readonly plural: boolean;
}

/** From roomy to narrow; the first that fits is shown. */
const KEYS: readonly string[] = [
  'y or Enter does this item, s skips it, q stops here, arrows scroll, Ctrl-C stops at once',
  'y or Enter does it, s skips it, q stops here, arrows scroll',
  'y does it, s skips it, q stops here',
  'y, s or q',
];
const NAME_KEYS: readonly string[] = [
  'Enter does it if the name is right, Esc goes back, Ctrl-C stops at once',
  'Enter does it, Esc goes back',
  'Enter or Esc',
];
const WORKING_KEYS: readonly string[] = [
  'q stops after this item, Ctrl-C after this step',
  'q or Ctrl-C stops',
];

function fitting(texts: readonly string[], columns: number): string {
  const text = texts.find((each) => displayWidth(each) <= columns);
  return text ?? truncateEnd(texts.at(-1) ?? '', columns);
}

function blanks(count: number): readonly string[] {
  return Array.from({ length: Math.max(0, count) }, () => '');
}

/** As many lines as there is room for, never more. */
function fill(lines: readonly string[], room: number): readonly string[] {
  return [...lines.slice(0, Math.max(0, room)), ...blanks(room - lines.length)];
}

function bodyOf(question: Question, options: WalkScreenOptions): readonly string[] {
  const { columns, palette, plural } = options;
  const { item, steps } = question;
  return itemLines(item, steps, '', { columns, palette, plural, wide: true });
}

/** What has to be typed, whole, in as many lines as it takes: it is compared letter by letter. */
function nameLines(question: Question, name: string, columns: number): readonly string[] {
  const typed = question.typed ?? '';
  return [
    question.wrong
      ? 'That is not its name. Type it once more, exactly:'
      : 'To destroy it, type its name:',
    ...indented('  ', name, columns),
    ...wrapWords(`> ${printable(typed)}_`, columns, '  '),
  ].map((line) => truncateEnd(line, columns));
}

function questionLines(
  state: WalkState,
  question: Question,
  options: WalkScreenOptions,
): readonly string[] {
  const { columns, rows, palette } = options;
  const name = nameToType(question);
  const asksName = name !== null && question.typed !== null;
  const below = asksName
    ? nameLines(question, name, columns)
    : [
        name === null
          ? ''
          : truncateEnd('It is destroyed for good; its name will be asked for.', columns),
      ];
  const room = Math.max(1, rows - 4 - below.length);
  const body = bodyOf(question, options);
  const top = Math.max(0, Math.min(question.top, body.length - room));
  const rest = body.length - top - room;
  const keys = fitting(asksName ? NAME_KEYS : KEYS, columns);
  return [
    palette.heading(truncateEnd(`Item ${String(question.at)} of ${String(state.total)}`, columns)),
    ...fill(body.slice(top, top + room), room),
    palette.dim(truncateEnd(rest > 0 ? `${counted(rest, 'more line')} below` : '', columns)),
    ...below.map(palette.warning),
    palette.dim(question.armed ? keys : truncateEnd('…', columns)),
  ];
}

const STATE_WIDTH = 9;

function viewLines(
  id: string,
  title: string,
  view: StepView | undefined,
  { columns, palette }: WalkScreenOptions,
): readonly string[] {
  const word = wordOf(view);
  const hang = ' '.repeat(STATE_WIDTH + 2);
  const lines = indented('', `${padEnd(word, STATE_WIDTH)}  ${id}  ${title}`, columns, hang);
  const detail = view?.detail === READ_BACK ? null : (view?.detail ?? null);
  return [
    ...lines,
    ...(detail === null ? [] : indented(hang, detail, columns, '  ').map(palette.dim)),
  ];
}

/** A step that was sent is under way here, since somebody is watching it. */
function wordOf(view: StepView | undefined): string {
  if (view === undefined) return 'waiting';
  return view.pending ? 'doing' : stepWord(view, false).text;
}

function workingLines(state: WalkState, options: WalkScreenOptions): readonly string[] {
  const { columns, rows, palette } = options;
  const { current, answer, views, notes } = state;
  const known = new Map(views.map((view) => [view.step.id, view]));
  const steps = answer === 'accept' ? (current?.steps ?? []) : [];
  const others = views.filter(({ step }) => !steps.some(({ id }) => id === step.id));
  const said = [
    ...(current === null ? [] : itemTitle(current.item, '', { columns, plural: true })),
    ...(answer === 'skip' && current !== null ? ['skipped'] : []),
    ...steps.flatMap(({ id, title }) => viewLines(id, title, known.get(id), options)),
    ...others.flatMap((view) => viewLines(view.step.id, view.step.title, view, options)),
    ...notes.flatMap((line) => indented('', line, columns, '  ').map(palette.dim)),
  ];
  const room = Math.max(1, rows - 3);
  const heading =
    current === null
      ? 'Looking at both sides'
      : `Item ${String(current.at)} of ${String(state.total)}`;
  // The last is what just happened.
  return [
    palette.heading(truncateEnd(heading, columns)),
    ...fill(said.slice(-room), room),
    palette.dim(endingText(state, columns)),
  ];
}

function endingText({ end, answer }: WalkState, columns: number): string {
  if (end !== null && answer === 'stop') return truncateEnd('Stopping here', columns);
  if (end === 'interrupt') return truncateEnd('Stopping after this step', columns);
  if (end === 'quit') return truncateEnd('Stopping after this item', columns);
  return fitting(WORKING_KEYS, columns);
}

/** How far an arrow with a page goes. */
export function pageOf({ rows }: Pick<WalkScreenOptions, 'rows'>): number {
  return Math.max(1, rows - 6);
}

/** What is on the screen: at most as many lines as it has rows but one, none wider than it is. */
export function walkLines(state: WalkState, options: WalkScreenOptions): readonly string[] {
  const lines =
    state.question === null
      ? workingLines(state, options)
      : questionLines(state, state.question, options);
  // Of a screen too small for a question the end is kept: there it says what is asked.
  return lines.slice(-Math.max(1, options.rows - 1));
}
