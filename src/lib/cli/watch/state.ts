import { type ValidationSummary } from '../../core/model/validation.ts';
import { type Millis } from '../../core/model/units.ts';

/** What a watch shows: the last answer, how old it is, and what comes next. */
export interface WatchState {
  readonly interval: Millis;
  readonly summary: ValidationSummary;
  /** When it was had. Clocks of worlds that are played stand still, so it is that of this machine. */
  readonly readAt: Date;
  /** Why there is no later one; null where the last reading was good. */
  readonly failure: { readonly message: string; readonly at: Date } | null;
  readonly reading: boolean;
  readonly nextAt: Date;
  readonly now: Date;
  readonly end: 'quit' | 'interrupted' | null;
}

export type WatchEvent =
  | { readonly kind: 'tick'; readonly now: Date }
  | { readonly kind: 'read'; readonly summary: ValidationSummary; readonly now: Date }
  | { readonly kind: 'failed'; readonly message: string; readonly now: Date }
  | { readonly kind: 'key'; readonly key: WatchKey };

export type WatchKey = 'refresh' | 'quit' | 'interrupt';

function later(instant: Date, span: Millis): Date {
  return new Date(instant.getTime() + span);
}

export function startWatching(summary: ValidationSummary, interval: Millis, now: Date): WatchState {
  return {
    interval,
    summary,
    readAt: now,
    failure: null,
    reading: false,
    nextAt: later(now, interval),
    now,
    end: null,
  };
}

function onKey(state: WatchState, key: WatchKey): WatchState {
  if (key === 'refresh') return { ...state, reading: true };
  return { ...state, end: key === 'quit' ? 'quit' : 'interrupted' };
}

/** What a watch is after a key, a second, or an answer. */
export function watch(state: WatchState, event: WatchEvent): WatchState {
  switch (event.kind) {
    case 'key':
      return onKey(state, event.key);
    case 'tick':
      return { ...state, now: event.now, reading: state.reading || event.now >= state.nextAt };
    case 'read': {
      const { summary, now } = event;
      return { ...startWatching(summary, state.interval, now), end: state.end };
    }
    case 'failed': {
      const { message, now } = event;
      const nextAt = later(now, state.interval);
      return { ...state, failure: { message, at: now }, reading: false, nextAt, now };
    }
  }
}
