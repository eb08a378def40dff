import { type Key, Text, useApp, useInput, useWindowSize } from 'ink';
import { createElement, type ReactElement, useEffect, useSyncExternalStore } from 'react';
import { type Wanted } from '../../app/cleanup/requests.ts';
import { type PlanItem, type PlanStep } from '../../core/cleanup/plan-schema.ts';
import { type StepView } from '../../core/cleanup/run-view.ts';
import { InterruptedError } from '../../core/model/errors.ts';
import { type Palette } from '../../core/render/text/palette.ts';
import { type ScreenOptions, showFullScreen } from '../full-screen.ts';
import { pageOf, walkLines } from './walk-screen.ts';
import {
  type Answer,
  startWalking,
  walk,
  type WalkEvent,
  type WalkKey,
  type WalkState,
} from './walk-state.ts';

export interface WalkOptions extends ScreenOptions {
  readonly palette: Palette;
  /** How many items there are. */
  readonly total: number;
  readonly plural: boolean;
  /** Ctrl-C was pressed: nothing more is to be begun. In raw mode no signal says so. */
  readonly onInterrupt: (reason: InterruptedError) => void;
}

/** What a run tells somebody at a terminal, and asks them. */
export interface Walk {
  /** Shows an item and waits for a decision about it. Rejects where the walk was interrupted, or its screen broke. */
  confirm(item: PlanItem, steps: readonly PlanStep[]): Promise<Wanted>;
  step(view: StepView): void;
  note(line: string): void;
  /** Brings the screen before it back. */
  close(): Promise<void>;
}

/** How long an item stands there without a key before one counts; longer than keys that are held down take to repeat. */
const QUIET_MS = 300;

interface Store {
  readonly current: () => WalkState;
  readonly dispatch: (event: WalkEvent) => void;
  readonly subscribe: (listener: () => void) => () => void;
}

function createStore(total: number): Store {
  let state = startWalking(total);
  const listeners = new Set<() => void>();
  return {
    current: () => state,
    dispatch: (event) => {
      state = walk(state, event);
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}

const NAMED: readonly (readonly [keyof Key, WalkKey])[] = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['pageUp', 'page-up'],
  ['pageDown', 'page-down'],
  ['return', 'enter'],
  ['escape', 'escape'],
  ['backspace', 'backspace'],
  // Many terminals send what ink calls delete for the backspace key.
  ['delete', 'backspace'],
];

const LETTERS: ReadonlyMap<string, WalkKey> = new Map([
  ['y', 'accept'],
  ['s', 'skip'],
  ['q', 'quit'],
]);

/** What is pasted ends where something in it is no text: an Enter inside is none that somebody pressed. */
function textOf(input: string): string {
  return /^\P{Cc}*/u.exec(input)?.[0] ?? '';
}

function keyOf(input: string, key: Key): WalkKey | undefined {
  // The end of the input is as good as Ctrl-C: nobody is there any more.
  if (key.ctrl && (input === 'c' || input === 'd')) return 'interrupt';
  return NAMED.find(([name]) => key[name] === true)?.[1];
}

/** What a key comes to; while a name is typed, `y` is a letter like any other. */
function eventOf(input: string, key: Key, isTyping: boolean, page: number): WalkEvent {
  const named = keyOf(input, key);
  if (named !== undefined) return { kind: 'key', key: named, page };
  const isText = !key.ctrl && !key.meta;
  if (isTyping && isText) return { kind: 'text', text: textOf(input) };
  return { kind: 'key', key: isText ? (LETTERS.get(input) ?? 'other') : 'other', page };
}

interface ScreenProps {
  readonly store: Store;
  readonly palette: Palette;
  readonly plural: boolean;
}

function WalkScreen({ store, palette, plural }: ScreenProps): ReactElement {
  const { columns, rows } = useWindowSize();
  const { exit } = useApp();
  const state = useSyncExternalStore(store.subscribe, store.current);
  const { question, closed } = state;
  const at = question?.at ?? null;
  const dropped = question?.dropped ?? 0;
  const armed = question?.armed ?? false;

  useInput((input, key) => {
    const isTyping = (store.current().question?.typed ?? null) !== null;
    store.dispatch(eventOf(input, key, isTyping, pageOf({ rows })));
  });
  // Begins after the item was drawn, and anew with each key that came too early.
  useEffect(() => {
    if (at === null || armed) return;
    const timer = setTimeout(() => {
      store.dispatch({ kind: 'armed' });
    }, QUIET_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [at, dropped, armed, store]);
  useEffect(() => {
    if (closed) exit();
  }, [closed, exit]);

  const lines = walkLines(state, { columns, rows, palette, plural });
  return createElement(Text, { wrap: 'truncate' }, lines.map((line) => line || ' ').join('\n'));
}

const WANTED: Readonly<Record<Answer, Wanted>> = { accept: 'yes', skip: 'no', stop: 'stop' };

/** Waits until nothing is asked. */
function decided(store: Store): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (store.current().question !== null) return;
      unsubscribe();
      resolve();
    };
    const unsubscribe = store.subscribe(look);
    look();
  });
}

/**
 * Walks somebody through a run, item after item, on a screen of its own.
 *
 * @param options its `signal` takes the screen away at once; what Ctrl-C aborts may be another, so that the step that is under way
 *   is seen to its end
 */
export function walkThrough({
  signal,
  stdin,
  stdout,
  total,
  palette,
  plural,
  onInterrupt,
}: WalkOptions): Walk {
  const store = createStore(total);
  const reason = new InterruptedError('interrupted at the keyboard', { remediation: [] });
  const unsubscribe = store.subscribe(() => {
    if (store.current().end !== 'interrupt') return;
    unsubscribe();
    onInterrupt(reason);
  });
  const content = createElement(WalkScreen, { store, palette, plural });
  const screen = showFullScreen(content, { signal, stdin, stdout });
  const gone = screen.then(() => Promise.reject(reason));
  // Whoever is asked hears of it; where nobody is, `close` does.
  gone.catch(() => undefined);
  return {
    async confirm(item, steps) {
      store.dispatch({ kind: 'ask', item, steps });
      await Promise.race([decided(store), gone]);
      if (store.current().end === 'interrupt') throw reason;
      return WANTED[store.current().answer ?? 'stop'];
    },
    step(view) {
      store.dispatch({ kind: 'step', view });
    },
    note(line) {
      store.dispatch({ kind: 'note', line });
    },
    async close() {
      store.dispatch({ kind: 'close' });
      try {
        await screen;
      } catch (error) {
        // Why it was taken away is told by whoever did.
        if (!signal.aborted) throw error;
      }
    },
  };
}
