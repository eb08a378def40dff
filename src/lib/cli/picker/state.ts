import { type Finding } from '../../core/model/finding.ts';
import { shortObjectName } from '../../core/render/text/labels.ts';

/** A page of text that is scrolled. */
export interface Page {
  readonly finding: Finding;
  /** Null while it is worked out. */
  readonly lines: readonly string[] | null;
  /** Index of the first line on the screen. */
  readonly top: number;
}

export interface PickerState {
  /** Worst first. */
  readonly findings: readonly Finding[];
  readonly filter: string;
  /** Letters go to the filter, `q` too. */
  readonly filtering: boolean;
  /** Place among the findings the filter leaves. */
  readonly selected: number;
  /** The finding that is explained; null while the list is shown. */
  readonly page: Page | null;
  /** Rows a page has for its lines. */
  readonly room: number;
  readonly end: 'quit' | 'interrupted' | null;
}

export type PickerKey =
  | 'up'
  | 'down'
  | 'page-up'
  | 'page-down'
  | 'home'
  | 'end'
  | 'enter'
  | 'escape'
  | 'backspace'
  | 'interrupt'
  | 'close';

export type PickerEvent =
  | { readonly kind: 'key'; readonly key: PickerKey }
  | { readonly kind: 'text'; readonly text: string }
  /** `lines` of the finding of this id; whoever has gone back meanwhile does not want them. */
  | { readonly kind: 'explained'; readonly id: string; readonly lines: readonly string[] }
  | { readonly kind: 'resized'; readonly room: number };

export function startPicking(findings: readonly Finding[], room: number): PickerState {
  return { findings, filter: '', filtering: false, selected: 0, page: null, room, end: null };
}

/** The findings that have every word of the filter in their rule, object or reason. */
export function matching({
  findings,
  filter,
}: Pick<PickerState, 'findings' | 'filter'>): readonly Finding[] {
  const words = filter
    .toLowerCase()
    .split(' ')
    .filter((word) => word !== '');
  if (words.length === 0) return findings;
  return findings.filter((finding) => {
    const { severity, confidence, rule, subject, reason, id } = finding;
    const text = [severity, confidence, rule, shortObjectName(subject), reason, id].join(' ');
    return words.every((word) => text.toLowerCase().includes(word));
  });
}

export function selectedFinding(state: PickerState): Finding | undefined {
  return matching(state)[state.selected];
}

function clamp(value: number, most: number): number {
  return Math.max(0, Math.min(value, most));
}

/** How far each key moves; undefined for one that does not. */
function stepOf(key: PickerKey, room: number): number | undefined {
  const far = Number.MAX_SAFE_INTEGER;
  const page = Math.max(1, room - 1);
  const steps: Partial<Record<PickerKey, number>> = {
    up: -1,
    down: 1,
    'page-up': -page,
    'page-down': page,
    home: -far,
    end: far,
  };
  return steps[key];
}

function withFilter(state: PickerState, filter: string, filtering: boolean): PickerState {
  return { ...state, filter, filtering, selected: 0 };
}

function keyInList(state: PickerState, key: PickerKey): PickerState {
  const step = stepOf(key, state.room);
  if (step !== undefined) {
    return { ...state, selected: clamp(state.selected + step, matching(state).length - 1) };
  }
  if (key === 'enter') {
    const finding = selectedFinding(state);
    return finding === undefined ? state : { ...state, page: { finding, lines: null, top: 0 } };
  }
  if (key === 'escape') return withFilter(state, '', false);
  return key === 'backspace'
    ? withFilter(state, Array.from(state.filter).slice(0, -1).join(''), state.filtering)
    : state;
}

function keyInPage(state: PickerState, page: Page, key: PickerKey): PickerState {
  const step = stepOf(key, state.room);
  if (step !== undefined) {
    const last = (page.lines?.length ?? 0) - state.room;
    return { ...state, page: { ...page, top: clamp(page.top + step, last) } };
  }
  return key === 'escape' || key === 'backspace' ? { ...state, page: null } : state;
}

function onText(state: PickerState, text: string): PickerState {
  if (state.page !== null) return text === 'q' ? { ...state, end: 'quit' } : state;
  if (state.filtering) return withFilter(state, state.filter + text, true);
  if (text === 'q') return { ...state, end: 'quit' };
  // A slash opens the filter, so that a word that begins with q can be typed; what is pasted or comes late may follow at once.
  return withFilter(state, text.startsWith('/') ? text.slice(1) : text, true);
}

function onKey(state: PickerState, key: PickerKey): PickerState {
  if (key === 'interrupt') return { ...state, end: 'interrupted' };
  if (key === 'close') return { ...state, end: 'quit' };
  return state.page === null ? keyInList(state, key) : keyInPage(state, state.page, key);
}

/** What the picker is after a key, a size or an answer. */
export function pick(state: PickerState, event: PickerEvent): PickerState {
  switch (event.kind) {
    case 'text':
      return onText(state, event.text);
    case 'key':
      return onKey(state, event.key);
    case 'explained': {
      const { page } = state;
      return page?.finding.id === event.id
        ? { ...state, page: { ...page, lines: event.lines, top: 0 } }
        : state;
    }
    case 'resized':
      // Lines were broken for the old width.
      return {
        ...state,
        room: event.room,
        page: state.page && { ...state.page, lines: null, top: 0 },
      };
  }
}
