import { type WebSocket } from '@fastify/websocket';
import { type RawData } from 'ws';
import { clientMessageSchema } from '../../core/serve/event-schema.ts';
import { type Sight } from '../../core/serve/events.ts';
import { type Verdict } from '../auth/access.ts';
import { CLOSE } from './close-codes.ts';
import { toldOf, WHOLE_STATE } from './event-log.ts';
import { type EventLimits } from './event-limits.ts';
import { type EventStream } from './event-stream.ts';

/** Why one was parted from: it took nothing, or answered nothing. */
export type DropReason = 'slow' | 'silent';

export interface EventClientOptions {
  readonly socket: WebSocket;
  readonly stream: EventStream;
  readonly limits: EventLimits;
  readonly sight: Sight;
  /** What was told already; null for a client that knows nothing. */
  readonly after: number | null;
  /** Asks again whether the caller would be let in. */
  readonly admit: () => Promise<Verdict>;
  readonly onDropped: (reason: DropReason) => void;
}

/**
 * One connection. It holds no events: it knows the last one it told, and takes the next from the log when the other end has taken
 * what was written. So a slow one costs no more than a fast one, and one that takes nothing is dropped.
 */
export class EventClient {
  readonly #options: EventClientOptions;
  #sight: Sight;
  /** Sequence number of the last event told; null where the state comes next. */
  #told: number | null;
  #written = 0;
  #taken = 0;
  #takenAtTick = 0;
  #stuckFor = 0;
  #sincePing = 0;
  #sinceAdmit = 0;
  #answered = true;
  #allowance: number;
  #doubts = 0;
  #leaving = false;

  constructor(options: EventClientOptions) {
    const { socket, sight, after, limits } = options;
    this.#options = options;
    this.#sight = sight;
    this.#told = after;
    this.#allowance = limits.messages;
    socket.on('message', (data, isBinary) => {
      this.#receive(data, isBinary);
    });
    socket.on('ping', (data: Buffer) => {
      if (this.#mayAsk() && socket.bufferedAmount < limits.unsent) socket.pong(data);
    });
    socket.on('pong', () => {
      this.#answered = true;
    });
    // Whoever breaks the protocol was told so with a code by then.
    socket.on('error', () => {
      if (!this.#leaving) this.#part();
    });
  }

  /** Writes what there is to tell, as far as the other end takes it. */
  pump(): void {
    const { socket, limits } = this.#options;
    while (!this.#leaving && socket.bufferedAmount < limits.unsent) {
      const text = this.#next();
      if (text === undefined) return;
      this.#write(text);
    }
  }

  /** To be called once a tick. */
  tick(): void {
    if (this.#leaving) return;
    const { limits, onDropped } = this.#options;
    this.#allowance = Math.min(limits.messages, this.#allowance + 1);
    if (this.#isStuck()) {
      onDropped('slow');
      this.leave(CLOSE.tryAgain, 'too slow: connect again, and resume after the last event');
      return;
    }
    this.#sincePing += limits.tick;
    if (this.#sincePing >= limits.pingEvery) this.#ping();
    this.#sinceAdmit += limits.tick;
    if (this.#sinceAdmit >= limits.admitEvery) {
      this.#sinceAdmit = 0;
      void this.#admitAgain();
    }
  }

  /** Says why and goes; where the other end does not part in time, without it. */
  leave(code: number, reason: string): void {
    if (this.#leaving) return;
    this.#options.socket.close(code, reason);
    this.#part();
  }

  /** Nothing more is told, and the other end has a moment to part. */
  #part(): void {
    this.#leaving = true;
    const { socket, limits } = this.#options;
    const timer = setTimeout(() => {
      socket.terminate();
    }, limits.parting);
    socket.once('close', () => {
      clearTimeout(timer);
    });
  }

  /** The next message; undefined where everything is told. */
  #next(): string | undefined {
    const { stream } = this.#options;
    while (this.#told !== null && this.#told < stream.last) {
      const event = stream.find(this.#told + 1);
      const told = event === undefined ? WHOLE_STATE : toldOf(event, this.#sight);
      if (told === WHOLE_STATE) {
        this.#told = null;
      } else {
        this.#told += 1;
        if (told !== null) return told;
      }
    }
    if (this.#told !== null) return undefined;
    const text = stream.state(this.#sight);
    this.#told = stream.last;
    return text;
  }

  #write(text: string): void {
    this.#written += 1;
    this.#options.socket.send(text, () => {
      this.#taken += 1;
      this.pump();
    });
  }

  #isStuck(): boolean {
    const { limits } = this.#options;
    const waits = this.#written > this.#taken && this.#taken === this.#takenAtTick;
    this.#takenAtTick = this.#taken;
    this.#stuckFor = waits ? this.#stuckFor + limits.tick : 0;
    return this.#stuckFor >= limits.patience;
  }

  #ping(): void {
    this.#sincePing = 0;
    if (!this.#answered) {
      this.#leaving = true;
      this.#options.onDropped('silent');
      this.#options.socket.terminate();
      return;
    }
    this.#answered = false;
    this.#options.socket.ping();
  }

  async #admitAgain(): Promise<void> {
    const verdict = await this.#options.admit();
    switch (verdict.state) {
      case 'admitted':
        this.#doubts = 0;
        this.#see(verdict.caller.namespaces);
        return;
      case 'unknown':
      case 'forbidden':
        this.leave(CLOSE.refused, 'who opened this would not be let in any more');
        return;
      case 'unavailable':
        this.#doubts += 1;
        // Once may be a restart of whoever is asked.
        if (this.#doubts > 1) this.leave(CLOSE.tryAgain, 'nobody can tell who opened this');
    }
  }

  /** Whoever may see more or less than before is told how things are anew. */
  #see(sight: Sight): void {
    if (sameSight(sight, this.#sight)) return;
    this.#sight = sight;
    this.#told = null;
    this.pump();
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (this.#leaving) return;
    this.#answered = true;
    if (!this.#mayAsk()) return;
    if (isBinary || !Buffer.isBuffer(data)) {
      this.leave(CLOSE.binary, 'messages are text');
      return;
    }
    const message = parseMessage(data.toString('utf8'));
    if (message === undefined) {
      this.leave(CLOSE.malformed, 'a message is {"type":"ping"} or {"type":"resume","after":N}');
    } else if (message.type === 'ping') {
      if (this.#options.socket.bufferedAmount < this.#options.limits.unsent) {
        this.#write('{"type":"pong"}');
      }
    } else {
      this.#resume(message.after, message.process);
    }
  }

  /** Tells again what came after an event; where that is not known any more, how things are. */
  #resume(after: number, process: string | undefined): void {
    this.#told = resumePoint(this.#options.stream, after, process);
    this.pump();
  }

  #mayAsk(): boolean {
    this.#allowance -= 1;
    if (this.#allowance >= 0) return true;
    this.leave(CLOSE.refused, 'too many messages');
    return false;
  }
}

/** Where to go on for somebody who knows an event; null where they have to be told everything. */
export function resumePoint(
  stream: EventStream,
  after: number,
  process: string | undefined,
): number | null {
  return process === stream.process && stream.reaches(after) ? after : null;
}

function parseMessage(text: string): ReturnType<typeof clientMessageSchema.parse> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return clientMessageSchema.safeParse(value).data;
}

function sameSight(a: Sight, b: Sight): boolean {
  if (a === null || b === null) return a === b;
  return a.size === b.size && [...a].every((namespace) => b.has(namespace));
}
