import { type Socket } from 'node:net';
import { type TlsFacts } from '../../core/model/connection.ts';
import { loginOf } from './account.ts';
import { chooseTransport } from './choose-transport.ts';
import { type Dialect } from './dialect.ts';
import { type Link } from './link.ts';
import { RestClient } from './rest-client.ts';
import { restDialect } from './rest-dialect.ts';
import { RpcClient } from './rpc-client.ts';
import { rpcDialect } from './rpc-dialect.ts';

/** What the connections to one system are, and what the last of them showed. */
export interface Seen {
  readonly sockets: Set<Socket>;
  tls: TlsFacts | null;
}

/** The way to one system, which whoever reads and whoever changes it have in common. */
export class NasConnection {
  readonly link: Link;
  readonly #transport: 'auto' | 'jsonrpc' | 'rest';
  readonly #seen: Readonly<Seen>;
  #dialect: Promise<Dialect> | undefined;
  #open: Dialect | undefined;
  #failed = false;

  constructor(link: Link, transport: 'auto' | 'jsonrpc' | 'rest', seen: Readonly<Seen>) {
    this.link = link;
    this.#transport = transport;
    this.#seen = seen;
  }

  get tls(): TlsFacts | null {
    return this.#seen.tls;
  }

  /** The transport is found out once; a refusal holds until it is renewed. */
  async dialect(signal: AbortSignal): Promise<Dialect> {
    if (this.#dialect === undefined) {
      this.#failed = false;
      this.#dialect = this.#connect(signal);
    }
    try {
      this.#open = await this.#dialect;
      this.#failed = false;
      return this.#open;
    } catch (error) {
      this.#failed = true;
      // Who gave up waiting says nothing about the system.
      if (signal.aborted) this.#dialect = undefined;
      throw error;
    }
  }

  /**
   * Forgets what failed, for whoever tries again later. What works is kept, with its login; what does not is found out anew, for
   * a system that was away may come back as another version.
   */
  renew(): void {
    const open = this.#open;
    if (open === undefined) {
      if (this.#failed) this.#dialect = undefined;
    } else if (open.isAlive || open.isBusy) {
      open.renew();
    } else {
      open.close();
      this.#open = undefined;
      this.#dialect = undefined;
    }
  }

  async close(): Promise<void> {
    this.#open?.close();
    await this.link.agent.destroy();
    // A server that never answers the close would keep the process alive.
    for (const socket of this.#seen.sockets) socket.destroy();
  }

  async #connect(signal: AbortSignal): Promise<Dialect> {
    const { endpoint, credentials } = this.link;
    const transport = await chooseTransport(this.link, this.#transport, signal);
    const login = loginOf(credentials);
    if (transport.kind === 'rest') {
      return await restDialect(new RestClient(this.link), endpoint.name, login, signal);
    }
    const client = new RpcClient(this.link, transport.path);
    return rpcDialect(client, transport.family, endpoint.name, login);
  }
}
