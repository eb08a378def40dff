import { type PlanItem, type PlanStep } from '../../core/cleanup/plan-schema.ts';
import { type StepView } from '../../core/cleanup/run-view.ts';
import { isDestructive } from '../../core/render/cleanup/item-lines.ts';
import { printable } from '../../core/render/text/safe.ts';

/** An item that somebody is asked about, and what was typed so far. */
export interface Question {
  readonly item: PlanItem;
  readonly steps: readonly PlanStep[];
  /** Which of the items this is, from 1. */
  readonly at: number;
  /** First line of it that is on the screen. */
  readonly top: number;
  /**
   * Whether a key counts yet. What was typed before the item could be read is no answer to it: keys count only after it stood
   * there for a moment in which none came.
   */
  readonly armed: boolean;
  /** Keys that were passed over while it was not, so that the moment begins anew. */
  readonly dropped: number;
  /** What was typed of the name; null while none is asked for. */
  readonly typed: string | null;
  readonly wrong: boolean;
}

/** `stop` says nothing of the item itself: it is left for when the run goes on. */
export type Answer = 'accept' | 'skip' | 'stop';

export interface WalkState {
  /** How many items there are to ask about, as far as is known. */
  readonly total: number;
  readonly asked: number;
  readonly question: Question | null;
  /** Of the last question, until the next one. */
  readonly answer: Answer | null;
  /** The item that is being carried out, or was last. */
  readonly current: Pick<Question, 'item' | 'steps' | 'at'> | null;
  readonly views: readonly StepView[];
  readonly notes: readonly string[];
  /** `quit`: no further item is begun. `interrupt`: no further step is. */
  readonly end: 'quit' | 'interrupt' | null;
  readonly closed: boolean;
}

export type WalkKey =
  | 'accept'
  | 'skip'
  | 'quit'
  | 'enter'
  | 'escape'
  | 'backspace'
  | 'up'
  | 'down'
  | 'page-up'
  | 'page-down'
  | 'interrupt'
  /** Any that means nothing here, which shows all the same that somebody types. */
  | 'other';

export type WalkEvent =
  | { readonly kind: 'ask'; readonly item: PlanItem; readonly steps: readonly PlanStep[] }
  | { readonly kind: 'armed' }
  | { readonly kind: 'key'; readonly key: WalkKey; readonly page: number }
  /** Of a name. */
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'step'; readonly view: StepView }
  | { readonly kind: 'note'; readonly line: string }
  | { readonly kind: 'close' };

export function startWalking(total: number): WalkState {
  return {
    ...{ total, asked: 0, question: null, answer: null, current: null, views: [], notes: [] },
    ...{ end: null, closed: false },
  };
}

/** What has to be typed before it is destroyed; null where a key will do. It is compared as it is shown. */
export function nameToType({ item, steps }: Pick<Question, 'item' | 'steps'>): string | null {
  return isDestructive(item, steps) ? printable(item.subject.name) : null;
}

/** Notes that are kept for the screen. */
const MOST_NOTES = 50;

export function walk(state: WalkState, event: WalkEvent): WalkState {
  switch (event.kind) {
    case 'ask':
      return ask(state, event);
    case 'armed':
      return asked(state, { armed: true });
    case 'key':
      return onKey(state, event);
    case 'text':
      return onText(state, event.text);
    case 'step':
      return { ...state, views: withView(state.views, event.view) };
    case 'note':
      return { ...state, notes: [...state.notes, event.line].slice(-MOST_NOTES) };
    case 'close':
      return { ...state, closed: true };
  }
}

function ask(state: WalkState, { item, steps }: Pick<Question, 'item' | 'steps'>): WalkState {
  // Who has had enough is asked nothing more.
  if (state.end !== null) return { ...state, question: null, answer: 'stop' };
  const at = state.asked + 1;
  const question = { item, steps, at, top: 0, armed: false, dropped: 0, typed: null, wrong: false };
  return { ...state, asked: at, question, answer: null, views: [], notes: [] };
}

function withView(views: readonly StepView[], view: StepView): readonly StepView[] {
  const known = views.findIndex(({ step }) => step.id === view.step.id);
  return known === -1 ? [...views, view] : views.with(known, view);
}

function asked(state: WalkState, change: Partial<Question>): WalkState {
  const { question } = state;
  return question === null ? state : { ...state, question: { ...question, ...change } };
}

function answered(state: WalkState, answer: Answer): WalkState {
  const { question } = state;
  if (question === null) return state;
  return { ...state, question: null, answer, current: question };
}

function onText(state: WalkState, text: string): WalkState {
  const typed = state.question?.typed ?? null;
  return typed === null ? state : asked(state, { typed: typed + text, wrong: false });
}

const SCROLLS: Readonly<Partial<Record<WalkKey, (page: number) => number>>> = {
  up: () => -1,
  down: () => 1,
  'page-up': (page) => -page,
  'page-down': (page) => page,
};

type KeyEvent = Extract<WalkEvent, { kind: 'key' }>;

function onKey(state: WalkState, event: KeyEvent): WalkState {
  // To stop is meant whenever it is typed; everything else is about what can be read.
  if (event.key === 'interrupt') return { ...answered(state, 'stop'), end: 'interrupt' };
  const { question } = state;
  if (question === null) {
    return event.key === 'quit' && state.end === null ? { ...state, end: 'quit' } : state;
  }
  if (!question.armed) return asked(state, { dropped: question.dropped + 1 });
  const scroll = SCROLLS[event.key];
  if (scroll !== undefined) {
    return asked(state, { top: Math.max(0, question.top + scroll(event.page)) });
  }
  return question.typed === null
    ? choose(state, question, event.key)
    : type(state, question, question.typed, event.key);
}

function choose(state: WalkState, question: Question, key: WalkKey): WalkState {
  if (key === 'skip') return answered(state, 'skip');
  if (key === 'quit') return { ...answered(state, 'stop'), end: 'quit' };
  if (key !== 'accept' && key !== 'enter') return state;
  return nameToType(question) === null
    ? answered(state, 'accept')
    : asked(state, { typed: '', wrong: false });
}

/** While a name is typed, every letter is one of it. */
function type(state: WalkState, question: Question, typed: string, key: WalkKey): WalkState {
  if (key === 'escape') return asked(state, { typed: null, wrong: false });
  if (key === 'backspace') {
    return asked(state, { typed: Array.from(typed).slice(0, -1).join(''), wrong: false });
  }
  if (key !== 'enter') return state;
  return typed === nameToType(question)
    ? answered(state, 'accept')
    : asked(state, { typed: '', wrong: true });
}
