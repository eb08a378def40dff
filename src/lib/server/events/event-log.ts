import { type Sight } from '../../core/serve/events.ts';

/** Stands for how things are, all of it. */
export const WHOLE_STATE = Symbol('state');

/** What is sent to somebody: a message, the whole state in place of one, or nothing. */
export type Told = string | typeof WHOLE_STATE | null;

/**
 * What is told of an event, and whom. It is data and no function: an event is kept for as long as thousands that come after it, and
 * a function would keep whatever was in sight where it was written, such as the scan that the event tells of.
 */
export interface Telling {
  /** To those who may see everything. */
  readonly whole: Told;
  /** To all others. */
  readonly limited: Told;
  /** Of the others, those alone are told who may see this namespace; null for all of them. */
  readonly within: string | null;
}

/** An event as it is kept. */
export interface LoggedEvent extends Telling {
  readonly sequence: number;
}

/** What of an event is told to somebody. */
export function toldOf({ whole, limited, within }: Telling, sight: Sight): Told {
  if (sight === null) return whole;
  return within === null || sight.has(within) ? limited : null;
}

/** The last events, in the order they happened. What is older is gone. */
export class EventLog {
  readonly #capacity: number;
  readonly #events: (LoggedEvent | undefined)[] = [];
  #last = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Sequence number of the last event; zero where there was none. */
  get last(): number {
    return this.#last;
  }

  /** @param make is given the sequence number of the new event */
  append(make: (sequence: number) => Telling): void {
    const sequence = this.#last + 1;
    this.#events[sequence % this.#capacity] = { sequence, ...make(sequence) };
    this.#last = sequence;
  }

  /** Whether everything after a sequence number is still there. A number that was never given is none of this log. */
  reaches(sequence: number): boolean {
    return sequence <= this.#last && sequence >= this.#last - this.#capacity;
  }

  /** Undefined where it is gone, or was not yet. */
  find(sequence: number): LoggedEvent | undefined {
    const event = this.#events[sequence % this.#capacity];
    return event?.sequence === sequence ? event : undefined;
  }
}
