import { type Duplex } from 'node:stream';
import { type RawData, type WebSocket } from 'ws';
import { BROKEN, dispatch, LOST } from './dispatcher.ts';
import { takeDrop } from './faults.ts';
import { CallQueue } from './call-queue.ts';
import { type Lab } from './method.ts';
import { Session } from './session.ts';

const ANONYMOUS_LIMIT = 8192;
const LIMIT = 65_536;

export interface RecordedCall {
  readonly method: string;
  readonly params: unknown;
  /** Path and query of the request, where it came over REST. */
  readonly path?: string;
}

export interface Wire {
  readonly socket: WebSocket;
  /** The stream below, to break a reply in the middle. */
  readonly stream: Duplex;
  readonly remoteAddress: string;
  readonly calls: RecordedCall[];
}

/** What JSON-RPC and the legacy protocol share: limits, the queue, the faults of a connection. */
export class Connection {
  readonly lab: Lab;
  readonly session: Session;
  readonly #wire: Wire;
  readonly #queue = new CallQueue();

  constructor(lab: Lab, wire: Wire, onText: (text: string) => void) {
    this.lab = lab;
    this.#wire = wire;
    this.session = new Session(wire.remoteAddress);
    wire.socket.on('message', (data, isBinary) => {
      this.#receive(data, isBinary, onText);
    });
    wire.socket.on('close', () => {
      for (const id of this.session.subscriptions) lab.events.unsubscribe(id);
    });
    // A client that breaks the protocol is closed by ws itself; nothing is left to do.
    wire.socket.on('error', () => undefined);
  }

  #receive(data: RawData, isBinary: boolean, onText: (text: string) => void): void {
    const { socket } = this.#wire;
    if (isBinary) {
      socket.close(1003, 'Only text messages are supported');
      return;
    }
    const text = Buffer.isBuffer(data)
      ? data.toString()
      : Buffer.from(data as ArrayBuffer).toString();
    if (this.session.user === null && text.length > ANONYMOUS_LIMIT) {
      socket.close(1007, 'Anonymous connection max message length is 8 kB');
    } else if (text.length > LIMIT) {
      socket.close(1009, 'Max message length is 64 kB');
    } else {
      onText(text);
    }
  }

  send(text: string): void {
    if (this.#wire.socket.readyState === this.#wire.socket.OPEN) this.#wire.socket.send(text);
  }

  /**
   * Runs a call and sends what `reply` makes of its outcome; null sends nothing.
   * @returns false where too many calls are under way
   */
  call(
    method: string,
    params: readonly unknown[],
    messageId: unknown,
    reply: (outcome: { result: unknown } | { cause: unknown }) => string | null,
  ): boolean {
    return this.#queue.add(async () => {
      this.#wire.calls.push({ method, params });
      const drop = takeDrop(this.lab.faults);
      if (drop === 'before') {
        this.#wire.stream.destroy();
        return;
      }
      const text = await this.#outcome(method, params, messageId, reply);
      if (text === null) return;
      if (drop === 'midReply') this.#sendHalf(text);
      else this.send(text);
    });
  }

  async #outcome(
    method: string,
    params: readonly unknown[],
    messageId: unknown,
    reply: (outcome: { result: unknown } | { cause: unknown }) => string | null,
  ): Promise<string | null> {
    try {
      const result = await dispatch(this.lab, this.session, { method, params, messageId });
      if (result === BROKEN) this.#wire.stream.destroy();
      return result === LOST || result === BROKEN ? null : reply({ result });
    } catch (cause) {
      return reply({ cause });
    }
  }

  /** Announces a whole text frame, sends half of it, and is gone. */
  #sendHalf(text: string): void {
    const payload = Buffer.from(text);
    const header = Buffer.alloc(10);
    header[0] = 0x81;
    header[1] = 127;
    header.writeBigUInt64BE(BigInt(payload.length), 2);
    const half = payload.subarray(0, Math.ceil(payload.length / 2));
    this.#wire.stream.write(Buffer.concat([header, half]), () => {
      this.#wire.stream.destroy();
    });
  }
}
