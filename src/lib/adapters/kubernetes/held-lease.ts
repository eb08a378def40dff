import {
  CleanupLockedError,
  ClusterUnreachableError,
  MonitorError,
} from '../../core/model/errors.ts';
import { type Clock } from '../../ports/clock.ts';
import { type Logger } from '../../ports/logger.ts';
import { LEASE_NAMESPACE, type LeaseClient, type StoredLease } from './lease-client.ts';

/** For how long others leave a Lease alone that is not renewed. */
const DURATION_SECONDS = 60;
/** When one is renewed again. */
export const RENEWED_EVERY = 15_000;
/** From here on it is given up: what is sent last must be done before others may begin. */
const TRUSTED_FOR = 45_000;
/** How often one is read and written before its cluster is too busy for us. */
const ATTEMPTS = 5;

/** Who wants a Lease, where, and by which clock they notice that time goes by. */
export interface LeaseWish {
  readonly client: LeaseClient;
  readonly name: string;
  /** `<user>@<machine>#<state directory>`. */
  readonly place: string;
  readonly runId: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

interface Moment {
  readonly wall: number;
  readonly monotonic: number;
}

/** A Lease that we have, as long as it is renewed. */
export class HeldLease {
  readonly #wish: LeaseWish;
  #lease: StoredLease;
  /** When the request was sent by which it was renewed last: its time at the cluster is a later one. */
  #renewed: Moment;
  #lost: CleanupLockedError | undefined;
  #renewing: Promise<void> | undefined;

  private constructor(wish: LeaseWish, lease: StoredLease, renewed: Moment) {
    this.#wish = wish;
    this.#lease = lease;
    this.#renewed = renewed;
  }

  /**
   * Takes a Lease that nobody has, or nobody any more, or that a process had that was killed where we work. Null where one of `others` is the
   * same Lease: two names of one cluster. Whatever is written in vain ends by itself.
   */
  static async take(
    wish: LeaseWish,
    others: readonly HeldLease[],
    signal: AbortSignal,
  ): Promise<HeldLease | null> {
    const { client, name } = wish;
    const holder = holderOf(wish);
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const sent = momentOf(wish.clock);
      const { lease, clock } = await client.read(name, signal);
      if (lease !== null && others.some((other) => other.#isSame(lease))) return null;
      if (lease !== null) requireFree(wish, lease, clock);
      const times = { acquiredAt: clock, renewedAt: clock, durationSeconds: DURATION_SECONDS };
      const transitions = lease === null ? 0 : lease.transitions + 1;
      const taken = await client.write(name, lease, { holder, ...times, transitions }, signal);
      if (taken !== undefined) return new HeldLease(wish, taken, sent);
    }
    throw tooBusy(wish);
  }

  /** Renews it where that is due. Throws a `CleanupLockedError` where it is no longer to be relied on. */
  async stillHeld(signal: AbortSignal): Promise<void> {
    if (this.#age() > RENEWED_EVERY) await this.keep(signal);
    this.#requireTrust();
  }

  /** Renews it if that can be done. Only an abort of `signal` throws. */
  async keep(signal: AbortSignal): Promise<void> {
    const { client, name, logger } = this.#wish;
    try {
      this.#renewing ??= this.#renew(signal).finally(() => {
        this.#renewing = undefined;
      });
      await this.#renewing;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof MonitorError)) throw error;
      logger.log('warn', `the lock for clean-up was not renewed: ${error.message}`, {
        cluster: client.cluster,
        lease: name,
      });
    }
  }

  /** Lets others have it at once. Where that fails it ends by itself. */
  async giveBack(signal: AbortSignal): Promise<void> {
    const { client, name, logger } = this.#wish;
    try {
      await this.#renewing?.catch(() => undefined);
      if (this.#lost === undefined) await this.#write('', signal);
    } catch (error) {
      const reason = error instanceof MonitorError ? error.message : 'no answer';
      logger.log(
        'warn',
        `the lock for clean-up was not given back, and ends in a minute: ${reason}`,
        {
          cluster: client.cluster,
          lease: name,
        },
      );
    }
  }

  async #renew(signal: AbortSignal): Promise<void> {
    this.#requireTrust();
    const sent = momentOf(this.#wish.clock);
    await this.#write(holderOf(this.#wish), signal);
    this.#renewed = sent;
  }

  /** Reads it first: whether it is still ours, and what time it is there. */
  async #write(holder: string, signal: AbortSignal): Promise<void> {
    const { client, name } = this.#wish;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const { lease, clock } = await client.read(name, signal);
      // An answer that was lost may have been that we have given it back.
      if (holder === '' && lease?.holder === null) return;
      if (lease === null || !this.#isOurs(lease)) throw this.#loseTo(lease);
      const { acquiredAt } = this.#lease;
      const spec = {
        holder,
        acquiredAt: acquiredAt ?? clock,
        renewedAt: clock,
        durationSeconds: DURATION_SECONDS,
        transitions: lease.transitions,
      };
      const written = await client.write(name, lease, spec, signal);
      if (written === undefined) continue;
      this.#lease = written;
      return;
    }
    throw tooBusy(this.#wish);
  }

  #isOurs({ holder, transitions }: StoredLease): boolean {
    return holder === holderOf(this.#wish) && transitions === this.#lease.transitions;
  }

  /** Clusters that were restored from one backup share uids, so that alone does not tell. */
  #isSame(lease: StoredLease): boolean {
    const { uid, resourceVersion } = this.#lease;
    return uid === lease.uid && resourceVersion === lease.resourceVersion && this.#isOurs(lease);
  }

  #loseTo(lease: StoredLease | null): CleanupLockedError {
    const who = lease?.holder ?? 'somebody who has given it back';
    const how = lease === null ? 'was deleted' : `was taken over by ${who}`;
    return this.#lose(how);
  }

  #lose(how: string): CleanupLockedError {
    const { client, name } = this.#wish;
    this.#lost ??= new CleanupLockedError(
      `cluster ${client.cluster}: the lock for clean-up, Lease ${name}, ${how}`,
      {
        remediation: ['Look with `cleanup history` who works here, and resume the run after that.'],
      },
    );
    return this.#lost;
  }

  #requireTrust(): void {
    if (this.#lost !== undefined) throw this.#lost;
    const age = this.#age();
    if (age > TRUSTED_FOR) {
      throw this.#lose(`could not be renewed for ${Math.round(age / 1_000)} s`);
    }
  }

  /** A clock may be set, and the other one stands still while a machine sleeps: the longer span counts. */
  #age(): number {
    const now = momentOf(this.#wish.clock);
    return Math.max(now.wall - this.#renewed.wall, now.monotonic - this.#renewed.monotonic);
  }
}

function holderOf({ place, runId }: LeaseWish): string {
  return `${place}/${runId}`;
}

function momentOf(clock: Clock): Moment {
  return { wall: clock.now().getTime(), monotonic: performance.now() };
}

function requireFree({ client, name, place }: LeaseWish, lease: StoredLease, now: Date): void {
  const { holder, renewedAt, acquiredAt, durationSeconds } = lease;
  if (holder === null || holder.startsWith(`${place}/`)) return;
  const seconds = Math.max(durationSeconds ?? 0, DURATION_SECONDS);
  const until = renewedAt && new Date(renewedAt.getTime() + seconds * 1_000);
  if (until !== null && until < now) return;
  const since = acquiredAt === null ? '' : ` since ${acquiredAt.toISOString()}`;
  const end = until === null ? 'which does not say when it ends' : `until ${until.toISOString()}`;
  throw new CleanupLockedError(
    `cluster ${client.cluster}: ${holder} cleans up there${since}, with the lock ${end}`,
    {
      remediation:
        until === null
          ? [
              `See who that is, and where nobody works any more: kubectl -n ${LEASE_NAMESPACE} delete lease ${name}`,
            ]
          : [
              `Wait until it is done: the lock ends at ${until.toISOString()} unless it is renewed.`,
            ],
    },
  );
}

function tooBusy({ client, name }: LeaseWish): ClusterUnreachableError {
  return new ClusterUnreachableError(
    `cluster ${client.cluster}: Lease ${name} could be neither had nor refused`,
    {
      remediation: ['Try again when the API server is well: `kubectl get --raw /readyz?verbose`.'],
    },
  );
}
