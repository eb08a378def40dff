import { type Socket } from 'node:net';
import { type Connection } from '../../core/model/connection.ts';
import { failed, type Listing, notApplicable, unlisted } from '../../core/model/coverage.ts';
import { ConfigError } from '../../core/model/errors.ts';
import {
  type SystemIdentity,
  type SystemLists,
  type SystemSource,
} from '../../core/model/inventory.ts';
import { type Dataset, type ZfsSnapshot } from '../../core/model/truenas.ts';
import { type Millis } from '../../core/model/units.ts';
import { type Logger } from '../../ports/logger.ts';
import { type LookupResult, type NasReader } from '../../ports/nas.ts';
import { isLoopback } from '../http/loopback.ts';
import { type RetryTiming, SYSTEM_TIMING } from '../http/retry.ts';
import { agentFor, type TlsOptions } from '../http/tls.ts';
import { withAttachments } from './attachments.ts';
import { chooseTransport } from './choose-transport.ts';
import { listingOf } from './decode-rows.ts';
import { type Dialect, type Lookup } from './dialect.ts';
import { parseEndpoint, refuseInsecure } from './endpoint.ts';
import { forPeople, reasonFor } from './explain.ts';
import { type Link, MAX_CALLS_IN_FLIGHT } from './link.ts';
import { lookUp, MANY } from './look-up.ts';
import { RestClient } from './rest-client.ts';
import { restDialect } from './rest-dialect.ts';
import { RpcClient } from './rpc-client.ts';
import { rpcDialect } from './rpc-dialect.ts';

export interface NasOptions {
  /** Name in our configuration. */
  readonly name: string;
  readonly url: string;
  readonly username: string | null;
  readonly apiKey: string | null;
  readonly password: string | null;
  /** What says address and credentials, where that is not our configuration. */
  readonly keptIn?: string | null;
  /** How long one answer may take. */
  readonly timeout: Millis;
  readonly tls: TlsOptions;
  readonly transport: 'auto' | 'jsonrpc' | 'rest';
  readonly logger: Logger;
}

/**
 * Prepares to read a TrueNAS system; nothing is sent before `identify` or the first list.
 * Throws at once for what no server can mend: a bad URL, no credentials, a secret that would travel in the clear.
 */
export async function openNas(
  options: NasOptions,
  timing: RetryTiming = SYSTEM_TIMING,
): Promise<NasReader> {
  const endpoint = parseEndpoint(options.name, options.url);
  requireCredentials(options);
  refuseInsecure(endpoint);
  if (!options.tls.verify && options.tls.pinnedSpkiSha256.length === 0 && endpoint.secure) {
    options.logger.log('warn', 'the certificate is not checked', { system: endpoint.name });
  }
  const sockets = new Set<Socket>();
  const agent = agentFor(options.tls, endpoint.host, {
    connections: MAX_CALLS_IN_FLIGHT,
    connectTimeout: options.timeout,
    onConnect: (socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    },
  });
  const { username, apiKey, password, timeout, logger } = options;
  const link: Link = {
    endpoint,
    agent,
    credentials: { username, apiKey, password },
    keptIn: options.keptIn ?? null,
    timeout,
    timing,
    logger,
  };
  return await Promise.resolve(new TrueNasReader(link, options.transport, sockets));
}

function requireCredentials({ name, username, apiKey, password }: NasOptions): void {
  if (apiKey !== null || (username !== null && password !== null)) return;
  throw new ConfigError(`there is nothing to log in to ${name} with`, {
    remediation: ['Set truenas.api_key, or username and password.'],
  });
}

class TrueNasReader implements NasReader {
  readonly name: string;
  readonly #link: Link;
  readonly #transport: NasOptions['transport'];
  readonly #sockets: ReadonlySet<Socket>;
  #dialect: Promise<Dialect> | undefined;
  #open: Dialect | undefined;

  constructor(link: Link, transport: NasOptions['transport'], sockets: ReadonlySet<Socket>) {
    this.name = link.endpoint.name;
    this.#link = link;
    this.#transport = transport;
    this.#sockets = sockets;
  }

  async identify(signal: AbortSignal): Promise<SystemIdentity> {
    try {
      const dialect = await this.#connected(signal);
      const facts = await dialect.facts(signal);
      const { name, host } = this.#link.endpoint;
      return { name, host, transport: dialect.transport, ...facts };
    } catch (error) {
      signal.throwIfAborted();
      throw forPeople(this.#link, error);
    }
  }

  async list<S extends SystemSource>(
    source: S,
    signal: AbortSignal,
  ): Promise<Listing<SystemLists[S]>> {
    try {
      const dialect = await this.#connected(signal);
      const read = dialect.lists[source];
      // Nothing else is missing on any version.
      if (read === undefined) return unlisted(notApplicable('NVMe-oF came with TrueNAS 25.10'));
      return listingOf(await read(signal), this.#link.endpoint.label);
    } catch (error) {
      signal.throwIfAborted();
      return unlisted(failed(reasonFor(this.#link, error)));
    }
  }

  async lookUpDatasets(
    ids: readonly string[],
    signal: AbortSignal,
  ): Promise<LookupResult<Dataset>> {
    const looked = await this.#lookUp((dialect) => dialect.datasets, ids, signal);
    // So many suspects at once are a sign of something else, and each would be a call of its own.
    return looked.found.size === 0 || ids.length > MANY
      ? looked
      : await withAttachments(looked, await this.#connected(signal), signal);
  }

  async lookUpSnapshots(
    ids: readonly string[],
    signal: AbortSignal,
  ): Promise<LookupResult<ZfsSnapshot>> {
    return await this.#lookUp((dialect) => dialect.snapshots, ids, signal);
  }

  connection(): Connection {
    const { name, host, secure } = this.#link.endpoint;
    return {
      side: 'truenas',
      name,
      host,
      secure,
      loopback: isLoopback(host),
      tls: null,
      requests: 0,
      latency: null,
      failure: null,
    };
  }

  async close(): Promise<void> {
    this.#open?.close();
    await this.#link.agent.destroy();
    // A server that never answers the close would keep the process alive.
    for (const socket of this.#sockets) socket.destroy();
  }

  async #lookUp<T extends { readonly id: string }>(
    kind: (dialect: Dialect) => Lookup<T>,
    ids: readonly string[],
    signal: AbortSignal,
  ): Promise<LookupResult<T>> {
    const reasonOf = (error: unknown): string => {
      signal.throwIfAborted();
      return reasonFor(this.#link, error);
    };
    try {
      return await lookUp(kind(await this.#connected(signal)), ids, reasonOf, signal);
    } catch (error) {
      return { found: new Map(), absent: new Set(), coverage: failed(reasonOf(error)) };
    }
  }

  /** The transport is found out once; a refusal is final for this reader. */
  async #connected(signal: AbortSignal): Promise<Dialect> {
    this.#dialect ??= this.#connect(signal);
    try {
      this.#open = await this.#dialect;
      return this.#open;
    } catch (error) {
      // Who gave up waiting says nothing about the system.
      if (signal.aborted) this.#dialect = undefined;
      throw error;
    }
  }

  async #connect(signal: AbortSignal): Promise<Dialect> {
    const transport = await chooseTransport(this.#link, this.#transport, signal);
    if (transport.kind === 'rest') {
      return await restDialect(new RestClient(this.#link), this.name, signal);
    }
    return rpcDialect(new RpcClient(this.#link, transport.path), transport.family, this.name);
  }
}
