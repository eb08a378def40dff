import { type IncomingHttpHeaders } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type ClientOptions, WebSocket } from 'ws';
import { type EventWire } from '../../src/lib/core/serve/event-schema.ts';
import { publishedSchema } from './json-schema.ts';
import { type Served } from './served.ts';

const isEvent = publishedSchema('event');

/** Events with a sequence number: all that are not answers to a client. */
export type Numbered = Exclude<EventWire, { readonly type: 'pong' }>;

export interface Refused {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly code: string;
}

/** Listens, and answers at which port. */
export async function portOf({ server }: Served): Promise<number> {
  await server.listen({ host: '127.0.0.1', port: 0 });
  return (server.server.address() as AddressInfo).port;
}

export interface ListenOptions extends ClientOptions {
  readonly query?: string;
  readonly protocols?: readonly string[];
}

/** A client of the stream of events, as anybody could write it. It refuses what is not of the published form. */
export class EventListener implements Disposable {
  readonly socket: WebSocket;
  readonly heard: EventWire[] = [];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  #wake: () => void = () => undefined;

  constructor(port: number, { query = '', protocols = [], ...options }: ListenOptions = {}) {
    this.socket = new WebSocket(`ws://127.0.0.1:${port}/api/v1/events${query}`, [...protocols], {
      perMessageDeflate: false,
      ...options,
    });
    this.socket.on('message', (data: Buffer) => {
      const event: unknown = JSON.parse(data.toString('utf8'));
      if (!isEvent(event)) throw new Error(`not of the published form: ${data.toString('utf8')}`);
      this.heard.push(event as EventWire);
      this.#wake();
    });
    this.socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      this.socket.once('close', (code, reason) => {
        resolve({ code, reason: reason.toString('utf8') });
        this.#wake();
      });
    });
  }

  get events(): readonly Numbered[] {
    return this.heard.filter((event) => event.type !== 'pong');
  }

  get kinds(): readonly string[] {
    return this.heard.map(({ type }) => type);
  }

  /** Waits until there is an event like this, and gives the first. */
  async until(isIt: (event: EventWire) => boolean, from = 0): Promise<EventWire> {
    for (;;) {
      const found = this.heard.slice(from).find(isIt);
      if (found !== undefined) return found;
      if (this.socket.readyState === WebSocket.CLOSED) throw new Error('closed before that');
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async untilType(type: EventWire['type'], from = 0): Promise<EventWire> {
    return await this.until((event) => event.type === type, from);
  }

  say(text: string | Buffer): void {
    this.socket.send(text);
  }

  [Symbol.dispose](): void {
    this.socket.terminate();
  }
}

/** What somebody is answered who is not let in. */
export async function refusedBy(port: number, options: ListenOptions = {}): Promise<Refused> {
  const { query = '', protocols = [], ...rest } = options;
  const socket = new WebSocket(
    `ws://127.0.0.1:${port}/api/v1/events${query}`,
    [...protocols],
    rest,
  );
  socket.on('error', () => undefined);
  return await new Promise((resolve, reject) => {
    socket.once('open', () => {
      socket.terminate();
      reject(new Error('it was let in'));
    });
    socket.once('unexpected-response', (request, response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => {
        const text = Buffer.concat(parts).toString('utf8');
        request.destroy();
        const { error } = JSON.parse(text) as { readonly error: { readonly code: string } };
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          code: error.code,
        });
      });
    });
  });
}
