import { type Caller } from '../auth/access.ts';
import { type HttpError, refuse } from '../http-error.ts';
import { CLOSE } from './close-codes.ts';
import { EventClient, type EventClientOptions } from './event-client.ts';
import { type EventLimits } from './event-limits.ts';
import { type EventStream } from './event-stream.ts';

export interface EventClientsOptions extends Pick<EventClientOptions, 'limits' | 'onDropped'> {
  /** How many may listen. */
  readonly max: number;
}

type Joining = Pick<EventClientOptions, 'socket' | 'after' | 'admit'>;

/** Everybody who listens to events, and how many may. */
export class EventClients {
  readonly #stream: EventStream;
  readonly #limits: EventLimits;
  readonly #max: number;
  readonly #onDropped: EventClientOptions['onDropped'];
  /** Each with the name of its caller. */
  readonly #clients = new Map<EventClient, string | null>();
  readonly #timer: NodeJS.Timeout;
  readonly #stop: () => void;
  #closing = false;
  #whenEmpty: (() => void) | null = null;

  constructor(stream: EventStream, { limits, max, onDropped }: EventClientsOptions) {
    this.#stream = stream;
    this.#limits = limits;
    this.#max = max;
    this.#onDropped = onDropped;
    this.#stop = stream.listen(() => {
      for (const client of this.#clients.keys()) client.pump();
    });
    this.#timer = setInterval(() => {
      this.#stream.catchUp();
      for (const client of [...this.#clients.keys()]) client.tick();
    }, limits.tick);
    this.#timer.unref();
  }

  get size(): number {
    return this.#clients.size;
  }

  /** Why somebody cannot be let in as well; undefined where they can. */
  refusal({ name }: Caller): HttpError | undefined {
    if (this.#closing) {
      return refuse(503, {
        code: 'SHUTTING_DOWN',
        class: 'transient',
        message: 'truenas-monitor is ending',
        headers: { 'retry-after': '10' },
      });
    }
    if (this.#clients.size >= this.#max) {
      return refuse(503, {
        code: 'TOO_MANY_CLIENTS',
        class: 'transient',
        message: `${this.#max} clients listen to events already`,
        remediation: ['Connect again later, or raise server.max_event_clients.'],
        headers: { 'retry-after': '30' },
      });
    }
    const share = Math.max(1, Math.floor(this.#max * this.#limits.share));
    if (name === null || this.#countOf(name) < share) return undefined;
    return refuse(429, {
      code: 'TOO_MANY_CONNECTIONS',
      class: 'transient',
      message: `${share} connections for events of one caller are the most there may be`,
      remediation: ['Close those that are not needed, and connect again.'],
      headers: { 'retry-after': '30' },
    });
  }

  join(caller: Caller, joining: Joining): void {
    const { socket } = joining;
    // Between being looked at and being let in others may have come.
    const refusal = this.refusal(caller);
    if (refusal !== undefined) {
      socket.close(CLOSE.tryAgain, refusal.failure.message);
      return;
    }
    const client = new EventClient({
      ...joining,
      stream: this.#stream,
      limits: this.#limits,
      sight: caller.namespaces,
      onDropped: this.#onDropped,
    });
    this.#clients.set(client, caller.name);
    socket.once('close', () => {
      this.#clients.delete(client);
      if (this.#clients.size === 0) this.#whenEmpty?.();
    });
    this.#stream.catchUp();
    client.pump();
  }

  /** Parts from everybody, and waits until they are gone. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#stop();
    clearInterval(this.#timer);
    if (this.#clients.size === 0) return;
    const empty = new Promise<void>((resolve) => {
      this.#whenEmpty = resolve;
    });
    for (const client of [...this.#clients.keys()]) {
      client.leave(CLOSE.goingAway, 'truenas-monitor is ending');
    }
    await empty;
  }

  #countOf(name: string): number {
    let count = 0;
    for (const each of this.#clients.values()) count += Number(each === name);
    return count;
  }
}
