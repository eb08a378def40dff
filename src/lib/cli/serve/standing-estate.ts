import { guardedCluster, guardedNas } from '../../adapters/circuit/guarded-readers.ts';
import { type Circuit, MemberGuard } from '../../adapters/circuit/member-guard.ts';
import { systemClock } from '../../adapters/clock/system-clock.ts';
import { type ScanPorts } from '../../app/scan-request.ts';
import { TrueNasAuthError } from '../../core/model/errors.ts';
import { type Estate } from '../wiring.ts';

/** Who is told what becomes of the members of an estate. */
export interface StandingEvents {
  readonly changed: (source: string, what: string) => void;
  readonly circuit: (member: string, state: Circuit) => void;
}

/** As long as a scan waits for the watches that are to tell what changes while it reads. */
const LONGEST_WAIT = 3_000;

/** An estate that is read again and again: its members are guarded, and watched from now on. */
export class StandingEstate {
  readonly estate: Estate;
  readonly ports: ScanPorts;
  readonly #guards: ReadonlyMap<string, MemberGuard>;
  readonly #ending = new AbortController();
  readonly #watched: Promise<unknown>;
  readonly #ready: Promise<unknown>;
  #isRead = false;

  constructor(estate: Estate, events: StandingEvents) {
    const { clusters, systems } = estate.ports;
    this.estate = estate;
    this.#guards = new Map(
      [...clusters, ...systems].map(({ name }) => [name, guardOf(name, events)]),
    );
    this.ports = {
      ...estate.ports,
      clusters: clusters.map((each) => guardedCluster(each, this.#guard(each.name))),
      systems: systems.map((each) =>
        guardedNas(each, this.#guard(each.name), estate.standing.renewals.get(each.name) ?? noop),
      ),
    };
    const watches = estate.standing.watchers.map((watcher) => {
      const ready = Promise.withResolvers<undefined>();
      const listener = {
        changed: (what: string) => {
          this.#guards.get(watcher.name)?.seenAgain();
          // What the first scan is yet to read it need not be made again for.
          if (this.#isRead) events.changed(watcher.name, what);
        },
        ready: () => {
          ready.resolve(undefined);
        },
      };
      return { ready: ready.promise, watched: watcher.watch(listener, this.#ending.signal) };
    });
    this.#ready = Promise.all(watches.map(({ ready }) => ready));
    this.#watched = Promise.allSettled(watches.map(({ watched }) => watched));
  }

  /** Whether a key that is kept elsewhere was refused: there it may have been changed, which nothing tells. */
  get wantsNewKeys(): boolean {
    return this.estate.changes.borrowedKeys.some(
      ({ system }) => this.#guards.get(system)?.lastFailure instanceof TrueNasAuthError,
    );
  }

  /** Resolves where what changes from now on is told, or has been waited for long enough. */
  async readyToRead(signal: AbortSignal): Promise<void> {
    if (!this.#isRead && !signal.aborted) {
      const waited = Promise.withResolvers<undefined>();
      const stop = (): void => {
        waited.resolve(undefined);
      };
      const timer = setTimeout(stop, LONGEST_WAIT);
      signal.addEventListener('abort', stop, { once: true });
      await Promise.race([this.#ready, waited.promise]);
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    }
    this.#isRead = true;
  }

  async close(): Promise<void> {
    this.#ending.abort();
    await this.estate[Symbol.asyncDispose]();
    await this.#watched;
  }

  #guard(name: string): MemberGuard {
    const guard = this.#guards.get(name);
    if (guard === undefined) throw new Error(`nobody guards ${name}`);
    return guard;
  }
}

function guardOf(name: string, { circuit }: StandingEvents): MemberGuard {
  return new MemberGuard({
    name,
    clock: systemClock,
    onState: (state) => {
      circuit(name, state);
    },
  });
}

const noop = (): void => undefined;
