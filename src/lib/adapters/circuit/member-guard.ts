import {
  BrokenCircuitError,
  circuitBreaker,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleWhen,
  type IBackoff,
  type IBackoffFactory,
} from 'cockatiel';
import { CircuitOpenError, ConfigError, MonitorError } from '../../core/model/errors.ts';
import { millis, type Millis } from '../../core/model/units.ts';
import { type Clock } from '../../ports/clock.ts';

/** How a member of the estate is got at. */
export type Circuit = 'closed' | 'open' | 'half-open';

export interface GuardOptions {
  readonly name: string;
  readonly clock: Clock;
  readonly onState: (state: Circuit) => void;
  /** How long it is left alone at first, and at most. */
  readonly firstRest?: Millis;
  readonly longestRest?: Millis;
}

/** A member that failed so often in a row is left alone for a while. */
const PATIENCE = 3;
const FIRST_REST = millis(60_000);
const LONGEST_REST = millis(1_800_000);

/** Whoever asked waits no longer, which says nothing of the member. */
class GivenUpError extends Error {}

const STATES: Readonly<Record<CircuitState, Circuit>> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'half-open',
  [CircuitState.Isolated]: 'open',
};

/**
 * Keeps a member that does not answer from holding up, or ending, the scans of all the others: after some failures it is not asked
 * in each scan any more, but now and then.
 */
export class MemberGuard {
  readonly #name: string;
  readonly #clock: Clock;
  readonly #policy: CircuitBreakerPolicy;
  #retryAt: Date | null = null;
  #isBack = false;
  #isWell = true;

  constructor(options: GuardOptions) {
    const { name, clock, onState } = options;
    this.#name = name;
    this.#clock = clock;
    const backOff = new ExponentialBackoff({
      initialDelay: options.firstRest ?? FIRST_REST,
      maxDelay: options.longestRest ?? LONGEST_REST,
    });
    this.#policy = circuitBreaker(
      handleWhen((error) => !(error instanceof GivenUpError)),
      {
        breaker: new ConsecutiveBreaker(PATIENCE),
        halfOpenAfter: telling(backOff, (rest) => {
          this.#retryAt = new Date(clock.now().getTime() + rest);
        }),
      },
    );
    this.#policy.onStateChange((state) => {
      if (state !== CircuitState.Isolated) onState(STATES[state]);
    });
  }

  /**
   * Asks the member, unless it is left alone for now, which is thrown as a `CircuitOpenError`. An interruption is no failure of
   * the member.
   */
  async ask<T>(question: () => Promise<T>, signal: AbortSignal): Promise<T> {
    if (this.#isBack) this.#close();
    try {
      return await this.#policy.execute(async () => {
        try {
          const answer = await question();
          this.#isWell = true;
          return answer;
        } catch (error) {
          if (signal.aborted) throw new GivenUpError('given up', { cause: error });
          this.#isWell = false;
          throw error;
        }
      });
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof BrokenCircuitError) throw this.#leftAlone(error);
      throw isOfTheMember(error) ? asCircumstance(error) : error;
    }
  }

  /** What it last failed with; undefined where it did not. */
  get lastFailure(): Error | undefined {
    const last = this.#policy.lastFailure;
    if (last === undefined || this.#isWell || !('error' in last)) return undefined;
    return last.error instanceof Error ? last.error : undefined;
  }

  /** It was heard of: the next scan asks it. */
  seenAgain(): void {
    this.#isBack = this.#policy.state === CircuitState.Open;
  }

  #close(): void {
    this.#isBack = false;
    // To let go of a circuit that is held open closes it.
    if (this.#policy.state === CircuitState.Open) this.#policy.isolate().dispose();
  }

  #leftAlone(cause: Error): CircuitOpenError {
    const now = this.#clock.now();
    const at = this.#retryAt ?? now;
    const last = this.lastFailure;
    const reason = last === undefined ? '' : `: ${last.message}`;
    const remediation = last instanceof MonitorError ? last.remediation : [];
    return new CircuitOpenError(
      `${this.#name} was not asked, and is again from ${at.toISOString()} on, because it failed ${PATIENCE} times in a row or more${reason}`,
      { cause, remediation, details: { member: this.#name, retry_at: at.toISOString() } },
    );
  }
}

/** The same back-off, which says how long each rest is. */
function telling(
  inner: IBackoffFactory<unknown>,
  tell: (rest: number) => void,
): IBackoffFactory<unknown> {
  return {
    next: (context) => {
      const step: IBackoff<unknown> = inner.next(context);
      tell(step.duration);
      const rest = telling(step, tell);
      return { duration: step.duration, next: (later) => rest.next(later) };
    },
  };
}

/** That two names are one member is nothing that one of them could be blamed for. */
function isOfTheMember(error: unknown): error is MonitorError {
  return error instanceof MonitorError && !(error instanceof ConfigError);
}

/** What one member refuses does not keep the others from being read, however it has to be mended. */
function asCircumstance(error: MonitorError): MonitorError {
  return error.class === 'configuration' ? error.withClass('transient') : error;
}
