import { type Socket } from 'node:net';
import { type Connection, lostBy, type TlsFacts } from '../../core/model/connection.ts';
import { failed, type Listing, notApplicable, unlisted } from '../../core/model/coverage.ts';
import { ConfigError, TrueNasUnreachableError } from '../../core/model/errors.ts';
import {
  type SystemIdentity,
  type SystemLists,
  type SystemSource,
} from '../../core/model/inventory.ts';
import { type Dataset, type ZfsSnapshot } from '../../core/model/truenas.ts';
import { type Millis } from '../../core/model/units.ts';
import { type Logger } from '../../ports/logger.ts';
import { type LookupResult, type NasReader } from '../../ports/nas.ts';
import { LatencyMeter } from '../http/latency.ts';
import { isLoopback } from '../http/loopback.ts';
import { type RetryTiming, SYSTEM_TIMING } from '../http/retry.ts';
import { agentFor, type TlsOptions } from '../http/tls.ts';
import { tlsFactsOf } from '../http/tls-facts.ts';
import { loginOf } from './account.ts';
import { withAttachments } from './attachments.ts';
import { chooseTransport } from './choose-transport.ts';
import { listingOf } from './decode-rows.ts';
import { type Dialect, type Lookup } from './dialect.ts';
import { bracketed, parseEndpoint, portOf, refuseInsecure } from './endpoint.ts';
import { forPeople, reasonFor } from './explain.ts';
import { type Link, MAX_CALLS_IN_FLIGHT } from './link.ts';
import { lookUp, MANY } from './look-up.ts';
import { whyMissing } from './object-lists.ts';
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
  const seen: Seen = { sockets: new Set(), tls: null };
  const agent = agentFor(options.tls, endpoint.host, {
    connections: MAX_CALLS_IN_FLIGHT,
    connectTimeout: options.timeout,
    onConnect: (socket) => {
      seen.sockets.add(socket);
      // Read now: a connection that has ended tells nothing any more.
      seen.tls = tlsFactsOf(socket, options.tls);
      socket.once('close', () => seen.sockets.delete(socket));
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
    meter: new LatencyMeter(),
    logger,
  };
  return await Promise.resolve(new TrueNasReader(link, options.transport, seen));
}

function requireCredentials({ name, username, apiKey, password }: NasOptions): void {
  if (apiKey !== null || (username !== null && password !== null)) return;
  throw new ConfigError(`there is nothing to log in to ${name} with`, {
    remediation: ['Set truenas.api_key, or username and password.'],
  });
}

/** What the connections of one reader are, and what the last of them showed. */
interface Seen {
  readonly sockets: Set<Socket>;
  tls: TlsFacts | null;
}

class TrueNasReader implements NasReader {
  readonly name: string;
  readonly #link: Link;
  readonly #transport: NasOptions['transport'];
  readonly #seen: Readonly<Seen>;
  #dialect: Promise<Dialect> | undefined;
  #open: Dialect | undefined;
  /** What the last list or lookup failed with, where it found nobody. */
  #lost: TrueNasUnreachableError | null = null;

  constructor(link: Link, transport: NasOptions['transport'], seen: Readonly<Seen>) {
    this.name = link.endpoint.name;
    this.#link = link;
    this.#transport = transport;
    this.#seen = seen;
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
      if (read === undefined) return unlisted(notApplicable(whyMissing(source)));
      const listing = listingOf(await read(signal), this.#link.endpoint.label);
      this.#lost = null;
      return listing;
    } catch (error) {
      signal.throwIfAborted();
      this.#lost = error instanceof TrueNasUnreachableError ? error : null;
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
    const { endpoint, meter } = this.#link;
    const port = portOf(endpoint);
    return {
      side: 'truenas',
      name: this.name,
      host: port === undefined ? endpoint.host : `${bracketed(endpoint.host)}:${port}`,
      secure: endpoint.secure,
      loopback: isLoopback(endpoint.host),
      tls: this.#seen.tls,
      requests: meter.answers,
      latency: meter.latency(),
      failure: this.#lost && lostBy(this.#lost),
    };
  }

  async close(): Promise<void> {
    this.#open?.close();
    await this.#link.agent.destroy();
    // A server that never answers the close would keep the process alive.
    for (const socket of this.#seen.sockets) socket.destroy();
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
    const login = loginOf(this.#link.credentials);
    if (transport.kind === 'rest') {
      return await restDialect(new RestClient(this.#link), this.name, login, signal);
    }
    const client = new RpcClient(this.#link, transport.path);
    return rpcDialect(client, transport.family, this.name, login);
  }
}
