import { type Sight } from '../../core/serve/events.ts';

/** Stands for how things are, all of it. */
export const WHOLE_STATE = Symbol('state');

/** What is sent to somebody: a message, the whole state in place of one, or nothing. */
export type Told = string | typeof WHOLE_STATE | null;

/** An event as it is kept. */
export interface LoggedEvent {
  readonly sequence: number;
  readonly tell: (sight: Sight) => Told;
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
  append(make: (sequence: number) => LoggedEvent['tell']): void {
    const sequence = this.#last + 1;
    const tell = make(sequence);
    this.#events[sequence % this.#capacity] = { sequence, tell };
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
