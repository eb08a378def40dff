import { MonitorError } from '../../core/model/errors.ts';
import { millis, type Millis } from '../../core/model/units.ts';
import { type ChangeListener, type ChangeWatcher } from '../../ports/change-watcher.ts';
import { type Following } from './following.ts';
import { type NasConnection } from './nas-connection.ts';

/** What says nothing unasked may do so after its next update. */
const RARELY = millis(600_000);
const BASE_DELAY = 1_000;
const LONGEST_DELAY = 60_000;

/** Follows what changes on a system over the session it is read over, which it opens again where that ends. */
export function nasWatcher(connection: NasConnection): ChangeWatcher {
  return {
    name: connection.link.endpoint.name,
    watch: async (listener, signal) => {
      await new NasWatch(connection, listener).run(signal);
    },
  };
}

class NasWatch {
  readonly #connection: NasConnection;
  readonly #listener: ChangeListener;
  readonly #said = new Set<string>();
  #failures = 0;

  constructor(connection: NasConnection, listener: ChangeListener) {
    this.#connection = connection;
    this.#listener = listener;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { sleep } = this.#connection.link.timing;
    while (!signal.aborted) {
      const span = await this.#round(signal);
      // A first try in vain is not waited for either.
      this.#listener.ready();
      try {
        await sleep(span, signal);
      } catch (error) {
        if (!isAborted(signal)) throw error;
      }
    }
  }

  /** One connection. @returns how long to wait before the next */
  async #round(signal: AbortSignal): Promise<Millis> {
    const { logger, endpoint } = this.#connection.link;
    try {
      const dialect = await this.#connection.dialect(signal);
      if (dialect.follow === undefined) return RARELY;
      await dialect.follow(this.#following(), signal);
      logger.log('debug', 'what is followed has ended', { system: endpoint.name });
    } catch (error) {
      if (signal.aborted) return RARELY;
      const reason = error instanceof MonitorError ? error.message : String(error);
      logger.log('debug', `nothing can be followed: ${reason}`, { system: endpoint.name });
    }
    this.#failures += 1;
    this.#connection.renew();
    return this.#delay();
  }

  #following(): Following {
    const { logger, endpoint } = this.#connection.link;
    return {
      began: (count) => {
        this.#failures = 0;
        // Whatever happened before this nobody has told us of.
        if (count > 0) this.#listener.changed('what is there is followed from now on');
        this.#listener.ready();
      },
      happened: (collection, what, id) => {
        this.#listener.changed(describe(collection, what, id));
      },
      refused: (collection) => {
        if (this.#said.has(collection)) return;
        this.#said.add(collection);
        logger.log(
          'debug',
          'this user may not follow a list, whose changes are seen at the next scan',
          {
            system: endpoint.name,
            list: collection,
          },
        );
      },
    };
  }

  #delay(): Millis {
    const longest = Math.min(LONGEST_DELAY, BASE_DELAY * 2 ** Math.min(this.#failures, 16));
    return millis(longest * (0.5 + this.#connection.link.timing.random() / 2));
  }
}

/** Asked anew: while something is waited for it may have come true. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** `pool.dataset tank/k8s/pvc-1 was removed` */
function describe(collection: string, what: unknown, id: unknown): string {
  const object = typeof id === 'string' || typeof id === 'number' ? ` ${id}` : '';
  const verb = what === 'added' || what === 'removed' ? what : 'changed';
  return `${collection.replace(/\.query$/, '')}${object} was ${verb}`;
}
