import { type Key, Text, useApp, useInput, useWindowSize } from 'ink';
import { createElement, type ReactElement, useEffect, useReducer } from 'react';
import { InterruptedError } from '../../core/model/errors.ts';
import { inOneLine } from '../../core/model/repetition.ts';
import { type Millis } from '../../core/model/units.ts';
import { type ValidationSummary } from '../../core/model/validation.ts';
import { type Palette } from '../../core/render/text/palette.ts';
import { type Clock } from '../../ports/clock.ts';
import { type ScreenOptions, showFullScreen } from '../full-screen.ts';
import { watchLines } from './screen.ts';
import { startWatching, watch, type WatchKey, type WatchState } from './state.ts';

export interface WatchOptions extends ScreenOptions {
  readonly palette: Palette;
  readonly interval: Millis;
  readonly clock: Clock;
  /** What is shown until the first reading. */
  readonly first: ValidationSummary;
  /** Reads both sides again; whatever it throws is shown, and what was read before stays. */
  readonly read: (signal: AbortSignal) => Promise<ValidationSummary>;
}

interface WatchProps {
  readonly options: Omit<WatchOptions, keyof ScreenOptions>;
  readonly onState: (state: WatchState) => void;
}

const SECOND = 1_000;

function keyOf(input: string, key: Key): WatchKey | undefined {
  if (key.ctrl && input === 'c') return 'interrupt';
  // The end of the input, as of a terminal that was closed.
  if (input === 'q' || (key.ctrl && input === 'd')) return 'quit';
  return input === 'r' ? 'refresh' : undefined;
}

function Watch({ options, onState }: WatchProps): ReactElement {
  const { palette, interval, clock, first, read } = options;
  const { columns, rows } = useWindowSize();
  const { exit } = useApp();
  const [state, dispatch] = useReducer(watch, first, (summary) =>
    startWatching(summary, interval, clock.now()),
  );
  const { reading, end } = state;

  useInput((input, key) => {
    const pressed = keyOf(input, key);
    if (pressed !== undefined) dispatch({ kind: 'key', key: pressed });
  });
  useEffect(() => {
    const timer = setInterval(() => {
      dispatch({ kind: 'tick', now: clock.now() });
    }, SECOND);
    return () => {
      clearInterval(timer);
    };
  }, [clock]);
  useEffect(() => {
    if (!reading) return;
    const stop = new AbortController();
    void read(stop.signal).then(
      (summary) => {
        if (!stop.signal.aborted) dispatch({ kind: 'read', summary, now: clock.now() });
      },
      (error: unknown) => {
        const message = error instanceof Error ? inOneLine(error) : String(error);
        if (!stop.signal.aborted) dispatch({ kind: 'failed', message, now: clock.now() });
      },
    );
    return () => {
      stop.abort(new InterruptedError('the watch was left', { remediation: [] }));
    };
  }, [reading, read, clock]);
  useEffect(() => {
    onState(state);
    if (end !== null) exit();
  }, [state, end, onState, exit]);

  const lines = watchLines(state, { columns, rows, palette });
  return createElement(Text, { wrap: 'truncate' }, lines.map((line) => line || ' ').join('\n'));
}

/**
 * Shows how both sides are doing, on a screen of its own, until somebody leaves it. Returns what was read last; throws an
 * `InterruptedError` where it was interrupted.
 */
export async function watchOnScreen({
  signal,
  stdin,
  stdout,
  ...options
}: WatchOptions): Promise<ValidationSummary> {
  const last: { state: Pick<WatchState, 'summary' | 'end'> } = {
    state: { summary: options.first, end: null },
  };
  const onState = (state: WatchState): void => {
    last.state = state;
  };
  const content = createElement(Watch, { options, onState });
  await showFullScreen(content, { signal, stdin, stdout });
  if (last.state.end === 'interrupted') {
    throw new InterruptedError('interrupted at the keyboard', { remediation: [] });
  }
  return last.state.summary;
}
