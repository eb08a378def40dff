import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { elapsed, type Millis, millis } from '../../core/model/units.ts';
import { type Clock } from '../../ports/clock.ts';
import { type FetchKeys, KeysUnavailableError } from './key-documents.ts';

/** When keys are asked for again. */
export interface KeyTimes {
  /** After so long they are, so that one that was withdrawn is not good for ever. */
  readonly freshFor: Millis;
  /** Nobody asks more often: a token can name any key, and must not make us ask for it each time. */
  readonly cooldown: Millis;
  /** So long known keys stay good while the issuer cannot be asked. */
  readonly keptFor: Millis;
  /** For asking once. */
  readonly timeout: Millis;
}

export const KEY_TIMES: KeyTimes = {
  freshFor: millis(600_000),
  cooldown: millis(15_000),
  keptFor: millis(86_400_000),
  timeout: millis(5_000),
};

/** The known keys, and since when. */
interface Known {
  readonly find: JWTVerifyGetKey;
  readonly at: Date;
}

/** The keys of an issuer, asked for when they are needed, and kept while they cannot be had. */
export class IssuerKeys {
  readonly #fetch: FetchKeys;
  readonly #clock: Clock;
  readonly #times: KeyTimes;
  #known: Known | null = null;
  #triedAt: Date | null = null;
  #trying: Promise<void> | null = null;
  #failure = 'they were not asked for yet';

  constructor(fetch: FetchKeys, clock: Clock, times: KeyTimes = KEY_TIMES) {
    this.#fetch = fetch;
    this.#clock = clock;
    this.#times = times;
  }

  /** The key that a token names. Throws a `KeysUnavailableError` where there are none at all. */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    const known = await this.#current();
    try {
      return await known.find(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || !this.#mayTry()) throw error;
      // It may be a new one.
      await this.#try();
      return await (await this.#current()).find(header, token);
    }
  };

  async #current(): Promise<Known> {
    const { freshFor, keptFor } = this.#times;
    if (!this.#isYounger(freshFor) && this.#mayTry()) await this.#try();
    if (this.#known === null || !this.#isYounger(keptFor)) {
      throw new KeysUnavailableError(`the keys of the issuer cannot be had: ${this.#failure}`);
    }
    return this.#known;
  }

  #isYounger(span: Millis): boolean {
    return this.#known !== null && elapsed(this.#known.at, this.#clock.now()) < span;
  }

  #mayTry(): boolean {
    if (this.#trying !== null || this.#triedAt === null) return true;
    return elapsed(this.#triedAt, this.#clock.now()) >= this.#times.cooldown;
  }

  /** Once for all who wait for it. That it fails shows in what is known afterwards. */
  async #try(): Promise<void> {
    this.#trying ??= this.#load().finally(() => {
      this.#trying = null;
    });
    await this.#trying;
  }

  async #load(): Promise<void> {
    this.#triedAt = this.#clock.now();
    try {
      const document = await this.#fetch(AbortSignal.timeout(this.#times.timeout));
      this.#known = { find: createLocalJWKSet(publicKeys(document)), at: this.#clock.now() };
    } catch (error) {
      this.#failure = reasonOf(error);
    }
  }
}

/** What each kind of key has that is not for others; for `oct` it is all there is. */
const PRIVATE = ['d', 'k', 'p', 'q', 'priv'];

/**
 * The keys that can be used. A document with a private or a shared one is not believed at all: whoever has read it can sign as the
 * issuer.
 */
function publicKeys(document: unknown): JSONWebKeySet {
  const keys =
    typeof document === 'object' && document !== null && 'keys' in document ? document.keys : null;
  if (!Array.isArray(keys) || keys.length === 0) throw new KeysUnavailableError('there are none');
  for (const key of keys as readonly unknown[]) {
    if (typeof key !== 'object' || key === null) throw new KeysUnavailableError('one is no key');
    if (PRIVATE.some((member) => member in key)) {
      throw new KeysUnavailableError('one of them is not public: it has to be replaced');
    }
  }
  return { keys: keys as JSONWebKeySet['keys'] };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'no answer in time';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return error instanceof KeysUnavailableError ? error.message : (code ?? error.name);
}
