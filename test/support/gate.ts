import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** The way to a server, at an address that stays: it can be shut and opened, and knows who goes through. */
export class Gate implements AsyncDisposable {
  readonly #sockets = new Set<Socket>();
  #server: Server;
  #target: number;
  #port = 0;

  private constructor(target: string) {
    this.#target = portOf(target);
    this.#server = this.#make();
  }

  static async open(target: string): Promise<Gate> {
    const gate = new Gate(target);
    await gate.reopen();
    return gate;
  }

  get url(): string {
    return `http://127.0.0.1:${String(this.#port)}`;
  }

  /** Clients that are connected now. */
  get clients(): number {
    return this.#sockets.size;
  }

  /** Leads somewhere else from now on. */
  aim(target: string): void {
    this.#target = portOf(target);
  }

  /** Ends every connection in the middle of whatever it is at. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Nobody listens here any more. */
  async shut(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.cut();
    await closed;
  }

  async reopen(): Promise<void> {
    if (this.#server.listening) return;
    this.#server = this.#make();
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port; // it listens on a port, not on a pipe
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.shut();
  }

  #make(): Server {
    return createServer((near) => {
      const far = connect(this.#target, '127.0.0.1');
      this.#sockets.add(near);
      for (const [socket, other] of [
        [near, far],
        [far, near],
      ] as const) {
        socket.on('error', () => undefined);
        socket.once('close', () => {
          other.destroy();
        });
        socket.pipe(other);
      }
      near.once('close', () => this.#sockets.delete(near));
    });
  }
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}
