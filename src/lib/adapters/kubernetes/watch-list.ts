import { MonitorError } from '../../core/model/errors.ts';
import { millis, type Millis } from '../../core/model/units.ts';
import { type ChangeListener } from '../../ports/change-watcher.ts';
import { type Logger } from '../../ports/logger.ts';
import { type RetryTiming } from '../http/retry.ts';
import { type Connection } from './connection.ts';
import { recordAt, textAt, type JsonRecord } from './json.ts';
import { SeenObjects } from './seen-objects.ts';
import { versionOf, watchEvents, type WatchEvent } from './watch-lines.ts';

/** A list that is watched. */
export interface WatchedList {
  /** Path of the list. */
  readonly path: string;
  /** What its objects are called, such as `persistentvolumes`. */
  readonly resource: string;
}

export interface WatchSurroundings {
  readonly connection: Connection;
  readonly timing: RetryTiming;
  readonly logger: Logger;
}

/** How a watch was turned down for now. */
export type Refusal = 'not-installed' | 'denied';

/** The server ends a watch after this long, and the next goes on where it ended: so a dead connection is noticed. */
const ROUND_SECONDS = 290;
/** Servers that tell nothing else send a bookmark every minute. */
const SILENCE = millis(330_000);
/** What is not installed, or may not be watched, may be one day. */
const RARELY = millis(600_000);
/** A watch that stood for so long did stand. */
const LEAST_ROUND = 30_000;
/** Between the end of one watch and the next. */
const LEAST_DELAY = 250;
const BASE_DELAY = 1_000;
const LONGEST_DELAY = 60_000;
/** So often in a row a watch may fail before its beginning is looked up again. */
const PATIENCE = 3;

/** Watches one list, from one connection to the next. */
export class ListWatch {
  readonly #list: WatchedList;
  readonly #surroundings: WatchSurroundings;
  readonly #seen = new SeenObjects();
  #version: string | null = null;
  #failures = 0;
  #saidDenied = false;
  #last = '';

  constructor(list: WatchedList, surroundings: WatchSurroundings) {
    this.#list = list;
    this.#surroundings = surroundings;
  }

  /**
   * Watches until the signal is aborted, which it then throws.
   *
   * @param onRefusal asked whether to give up at once, rather than to try again now and then
   */
  async run(
    listener: ChangeListener,
    signal: AbortSignal,
    onRefusal: (refusal: Refusal) => boolean,
  ): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const refusal = await this.#round(listener, signal);
      if (refusal !== null && onRefusal(refusal)) return;
      listener.ready();
      await this.#surroundings.timing.sleep(refusal === null ? this.#delay() : RARELY, signal);
    }
  }

  /** One connection, from where the last one ended. */
  async #round(listener: ChangeListener, signal: AbortSignal): Promise<Refusal | null> {
    try {
      if (this.#version === null) {
        const found = await this.#begin(signal);
        if (found !== null) return found;
        // Whatever happened before this nobody has told us of.
        listener.changed(`${this.#list.resource} are watched from now on`);
        listener.ready();
      }
      await this.#follow(listener, signal);
    } catch (error) {
      signal.throwIfAborted();
      this.#fail(error instanceof MonitorError ? error.message : String(error));
    }
    return null;
  }

  /** Finds out where to begin: one object is asked for, for the version of the whole list. */
  async #begin(signal: AbortSignal): Promise<Refusal | null> {
    const { connection, logger } = this.#surroundings;
    const { path, resource } = this.#list;
    const { status, body } = await connection.get(`${path}?limit=1`, signal);
    if (status === 404) return 'not-installed';
    if (status === 401 || status === 403) {
      if (!this.#saidDenied) {
        logger.log(
          'info',
          `${resource} may not be listed, so changes of them are seen at the next scan`,
          {
            cluster: connection.cluster.name,
          },
        );
      }
      this.#saidDenied = true;
      return 'denied';
    }
    this.#version = body === null ? null : versionOf(body);
    if (this.#version === null) throw new Error(`${resource} have no version (${String(status)})`);
    this.#saidDenied = false;
    return null;
  }

  async #follow(listener: ChangeListener, signal: AbortSignal): Promise<void> {
    const { connection } = this.#surroundings;
    const query = new URLSearchParams({
      watch: '1',
      allowWatchBookmarks: 'true',
      timeoutSeconds: String(ROUND_SECONDS),
      resourceVersion: this.#version ?? '',
    });
    const { status, body } = await connection.open(`${this.#list.path}?${query}`, SILENCE, signal);
    if (status !== 200) {
      body.destroy();
      this.#turnedDown(status);
      return;
    }
    const began = performance.now();
    let isAnswered = false;
    for await (const event of watchEvents(body)) {
      if (!this.#take(event, listener)) {
        body.destroy();
        return;
      }
      isAnswered = true;
    }
    // Ended in time, as was asked for. One that ends at once each time is no watch.
    if (isAnswered || performance.now() - began >= LEAST_ROUND) this.#failures = 0;
    else this.#fail('the watch ended before anything was told');
  }

  #turnedDown(status: number): void {
    // What was allowed is looked at anew, from the beginning.
    if ([401, 403, 404, 410].includes(status)) this.#version = null;
    this.#fail(`the watch was answered ${String(status)}`);
  }

  /** @returns whether the watch goes on */
  #take(event: WatchEvent, listener: ChangeListener): boolean {
    switch (event.kind) {
      case 'expired':
        this.#version = null;
        this.#fail('the server no longer knows where the watch began');
        return false;
      case 'failed':
        this.#fail(event.reason);
        return false;
      case 'bookmark':
        this.#version = event.version === '' ? this.#version : event.version;
        break;
      case 'object':
        this.#version = versionOf(event.object) ?? this.#version;
        if (this.#isChange(event)) listener.changed(describe(this.#list.resource, event));
    }
    this.#failures = 0;
    return true;
  }

  #isChange({ type, object }: { readonly type: string; readonly object: JsonRecord }): boolean {
    if (type !== 'DELETED') return this.#seen.differs(object);
    this.#seen.forget(object);
    return true;
  }

  #fail(reason: string): void {
    const { connection, logger } = this.#surroundings;
    this.#failures += 1;
    // A beginning that does not work is looked up again, which counts as a change: nothing is missed.
    if (this.#failures % PATIENCE === 0) this.#version = null;
    if (this.#last !== reason) {
      logger.log('debug', `a watch broke: ${reason}`, {
        cluster: connection.cluster.name,
        list: this.#list.resource,
      });
    }
    this.#last = reason;
  }

  /** With jitter, so that a server that comes back is not met by all watches at once. */
  #delay(): Millis {
    if (this.#failures === 0) return millis(LEAST_DELAY);
    const longest = Math.min(LONGEST_DELAY, BASE_DELAY * 2 ** (this.#failures - 1));
    return millis(longest * (0.5 + this.#surroundings.timing.random() / 2));
  }
}

const VERBS: Readonly<Record<string, string>> = { ADDED: 'added', DELETED: 'deleted' };

function describe(
  resource: string,
  { type, object }: { readonly type: string; readonly object: JsonRecord },
): string {
  const metadata = recordAt(object, 'metadata');
  const namespace = textAt(metadata, 'namespace');
  const name = textAt(metadata, 'name') ?? '';
  const whole = namespace === null ? name : `${namespace}/${name}`;
  return `${resource} ${whole} was ${VERBS[type] ?? 'changed'}`;
}
