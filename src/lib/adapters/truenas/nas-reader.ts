import { type Connection, lostBy } from '../../core/model/connection.ts';
import { failed, type Listing, notApplicable, unlisted } from '../../core/model/coverage.ts';
import { ConfigError, TrueNasUnreachableError } from '../../core/model/errors.ts';
import {
  type SystemIdentity,
  type SystemLists,
  type SystemSource,
} from '../../core/model/inventory.ts';
import { type Dataset, type ZfsSnapshot } from '../../core/model/truenas.ts';
import { type Millis } from '../../core/model/units.ts';
import { type NasWriter } from '../../ports/change-writer.ts';
import { type ChangeWatcher } from '../../ports/change-watcher.ts';
import { type Logger } from '../../ports/logger.ts';
import { type LookupResult, type NasReader } from '../../ports/nas.ts';
import { LatencyMeter, type OnCall } from '../http/latency.ts';
import { isLoopback } from '../http/loopback.ts';
import { type RetryTiming, SYSTEM_TIMING } from '../http/retry.ts';
import { agentFor, type TlsOptions } from '../http/tls.ts';
import { tlsFactsOf } from '../http/tls-facts.ts';
import { withAttachments } from './attachments.ts';
import { listingOf } from './decode-rows.ts';
import { type Dialect, type Lookup } from './dialect.ts';
import { bracketed, parseEndpoint, portOf, refuseInsecure } from './endpoint.ts';
import { forPeople, reasonFor } from './explain.ts';
import { type Link, MAX_CALLS_IN_FLIGHT } from './link.ts';
import { lookUp, MANY } from './look-up.ts';
import { NasConnection, type Seen } from './nas-connection.ts';
import { nasWatcher } from './nas-watcher.ts';
import { TrueNasWriter } from './nas-writer.ts';
import { whyMissing } from './object-lists.ts';

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
  /** Told of each call. */
  readonly onCall?: OnCall | undefined;
}

/** One TrueNAS system, to be read and to be changed, over one connection and one login. */
export interface OpenedNas {
  /** Closing it closes both. */
  readonly reader: NasReader;
  readonly writer: NasWriter;
  /** What says when something there changes. */
  readonly watcher: ChangeWatcher;
  /** Forgets what failed, where the reader is read once more later; a connection that works is kept. */
  renew(): void;
}

/**
 * Prepares to read a TrueNAS system; nothing is sent before `identify` or the first list.
 * Throws at once for what no server can mend: a bad URL, no credentials, a secret that would travel in the clear.
 */
export async function openNas(
  options: NasOptions,
  timing: RetryTiming = SYSTEM_TIMING,
): Promise<NasReader> {
  return (await openNasWithWriter(options, timing)).reader;
}

/** The same, to change the system too. */
export async function openNasWithWriter(
  options: NasOptions,
  timing: RetryTiming = SYSTEM_TIMING,
): Promise<OpenedNas> {
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
    meter: new LatencyMeter(options.onCall),
    logger,
  };
  const connection = new NasConnection(link, options.transport, seen);
  return await Promise.resolve({
    reader: new TrueNasReader(connection),
    writer: new TrueNasWriter(connection),
    watcher: nasWatcher(connection),
    renew: () => {
      connection.renew();
    },
  });
}

function requireCredentials({ name, username, apiKey, password }: NasOptions): void {
  if (apiKey !== null || (username !== null && password !== null)) return;
  throw new ConfigError(`there is nothing to log in to ${name} with`, {
    remediation: ['Set truenas.api_key, or username and password.'],
  });
}

class TrueNasReader implements NasReader {
  readonly name: string;
  readonly #connection: NasConnection;
  readonly #link: Link;
  /** What the last list or lookup failed with, where it found nobody. */
  #lost: TrueNasUnreachableError | null = null;

  constructor(connection: NasConnection) {
    this.name = connection.link.endpoint.name;
    this.#connection = connection;
    this.#link = connection.link;
  }

  async identify(signal: AbortSignal): Promise<SystemIdentity> {
    try {
      const dialect = await this.#connection.dialect(signal);
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
      const dialect = await this.#connection.dialect(signal);
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
      : await withAttachments(looked, await this.#connection.dialect(signal), signal);
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
      tls: this.#connection.tls,
      requests: meter.answers,
      latency: meter.latency(),
      failure: this.#lost && lostBy(this.#lost),
    };
  }

  async close(): Promise<void> {
    await this.#connection.close();
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
      return await lookUp(kind(await this.#connection.dialect(signal)), ids, reasonOf, signal);
    } catch (error) {
      return { found: new Map(), absent: new Set(), coverage: failed(reasonOf(error)) };
    }
  }
}
