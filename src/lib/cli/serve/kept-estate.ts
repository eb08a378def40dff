import { MonitorError } from '../../core/model/errors.ts';
import { failureOf, type Failure } from '../../core/serve/failure.ts';
import { type Console } from '../base-command.ts';
import { type ConnectionRequest } from '../scan-flags.ts';
import { type OwnCluster } from '../wiring.ts';
import { openEstate } from '../wire.ts';
import { estateSource } from './estate-source.ts';
import { StandingEstate, type StandingEvents } from './standing-estate.ts';

export interface KeptEstateEvents extends StandingEvents {
  /** With a failure, what was open stays so. */
  readonly configuration: (failure: Failure | null) => void;
}

/** The estate as the configuration now has it, kept open for as long as that stays the same. */
export class KeptEstate {
  readonly #request: ConnectionRequest;
  readonly #console: Console;
  readonly #events: KeptEstateEvents;
  #source: string;
  #open: StandingEstate;
  #failure: string | null = null;

  private constructor(
    request: ConnectionRequest,
    console: Console,
    events: KeptEstateEvents,
    opened: { readonly source: string; readonly open: StandingEstate },
  ) {
    this.#request = request;
    this.#console = console;
    this.#events = events;
    this.#source = opened.source;
    this.#open = opened.open;
  }

  /** Throws where it cannot be opened at all. */
  static async open(
    request: ConnectionRequest,
    console: Console,
    events: KeptEstateEvents,
    signal: AbortSignal,
  ): Promise<KeptEstate> {
    const source = await estateSource(request);
    const estate = await openEstate(request, console, signal);
    const open = new StandingEstate(estate, events);
    return new KeptEstate(request, console, events, { source, open });
  }

  /**
   * Looks whether anything was changed, and opens the estate anew if so. What is wrong with the new configuration is told, and
   * what was open goes on: it is better than nothing.
   */
  async refresh(signal: AbortSignal): Promise<StandingEstate> {
    try {
      return await this.renewed(signal);
    } catch (error) {
      if (signal.aborted || !(error instanceof MonitorError)) throw error;
      return this.#open;
    }
  }

  /** The same for what plans and changes: what a configuration was once is not enough for that, so this throws where it cannot be used. */
  async renewed(signal: AbortSignal): Promise<StandingEstate> {
    try {
      const source = await estateSource(this.#request);
      if (source !== this.#source || this.#open.wantsNewKeys) await this.#reopen(source, signal);
      this.#accept();
    } catch (error) {
      if (!signal.aborted && error instanceof MonitorError) this.#refuse(error);
      throw error;
    }
    return this.#open;
  }

  /** As it is open now, whatever the configuration has become since. */
  get standing(): StandingEstate {
    return this.#open;
  }

  get ownClusters(): readonly OwnCluster[] {
    return this.#open.estate.ownClusters;
  }

  async close(): Promise<void> {
    await this.#open.close();
  }

  async #reopen(source: string, signal: AbortSignal): Promise<void> {
    const { logger } = this.#console;
    const estate = await openEstate(this.#request, this.#console, signal);
    const before = this.#open;
    this.#open = new StandingEstate(estate, this.#events);
    if (source !== this.#source) {
      logger.log('info', 'the configuration was changed, and is in force now');
    }
    this.#source = source;
    await before.close();
  }

  #accept(): void {
    if (this.#failure === null) return;
    this.#failure = null;
    this.#events.configuration(null);
    this.#console.logger.log('info', 'the configuration can be used again');
  }

  /** Once: it is read again before each scan. */
  #refuse(error: MonitorError): void {
    if (this.#failure === error.message) return;
    this.#failure = error.message;
    this.#events.configuration(failureOf(error));
    const message = `the configuration cannot be used, so the one before it stays in force: ${error.message}`;
    this.#console.logger.log('error', message, { code: error.code });
  }
}
