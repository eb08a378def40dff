import { createHash, randomBytes } from 'node:crypto';
import { elapsed, type Millis } from '../../core/model/units.ts';
import { type Clock } from '../../ports/clock.ts';

interface Sold {
  readonly authorization: string;
  readonly until: Date;
}

export interface Ticket {
  readonly ticket: string;
  readonly until: Date;
}

/**
 * Each stands for the `Authorization` header it was got with, once and for a moment. A page cannot send that header when it opens a
 * WebSocket, and a token in an address or a list of protocols would stay in the logs of whatever lies between.
 */
export class Tickets {
  readonly #clock: Clock;
  readonly #goodFor: Millis;
  readonly #max: number;
  /** By their hash, the oldest first. */
  readonly #sold = new Map<string, Sold>();

  constructor(clock: Clock, goodFor: Millis, max: number) {
    this.#clock = clock;
    this.#goodFor = goodFor;
    this.#max = max;
  }

  /** Undefined where too many are good already. */
  sell(authorization: string): Ticket | undefined {
    this.#forgetOld();
    if (this.#sold.size >= this.#max) return undefined;
    const ticket = randomBytes(32).toString('base64url');
    const until = new Date(this.#clock.now().getTime() + this.#goodFor);
    this.#sold.set(hashOf(ticket), { authorization, until });
    return { ticket, until };
  }

  /** The header it stands for; undefined where it is not good, or not any more. */
  redeem(ticket: string): string | undefined {
    this.#forgetOld();
    const hash = hashOf(ticket);
    const sold = this.#sold.get(hash);
    this.#sold.delete(hash);
    return sold?.authorization;
  }

  #forgetOld(): void {
    const now = this.#clock.now();
    for (const [hash, { until }] of this.#sold) {
      if (elapsed(now, until) > 0) return;
      this.#sold.delete(hash);
    }
  }
}

function hashOf(ticket: string): string {
  return createHash('sha256').update(ticket).digest('base64');
}
