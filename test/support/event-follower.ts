import { EventListener, type Numbered } from './event-listener.ts';

/**
 * Keeps account of findings by nothing but events, as somebody would who shows them; it may leave and go on later where it
 * left. Whatever it could not make sense of is a trouble.
 */
export class EventFollower {
  /** What became of findings, in order. */
  readonly changes: string[] = [];
  readonly troubles: string[] = [];
  visits = 0;
  readonly #port: number;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #open = new Set<string>();
  /** They were open, and nobody could look since. */
  readonly #unknown = new Set<string>();
  #listener: EventListener;
  #read = 0;
  #last: { readonly process: string; readonly sequence: number } | null = null;

  private constructor(port: number, token: string) {
    this.#port = port;
    this.#headers = { authorization: `Bearer ${token}` };
    this.#listener = this.#connect();
  }

  static async start(port: number, token: string): Promise<EventFollower> {
    const follower = new EventFollower(port, token);
    await follower.#listener.untilType('state');
    follower.#catchUp();
    return follower;
  }

  get open(): readonly string[] {
    this.#catchUp();
    return [...this.#open].toSorted();
  }

  /** Without a word, as a cable that is pulled. */
  leave(): void {
    this.#catchUp();
    this.#listener.socket.terminate();
  }

  comeBack(): void {
    this.#catchUp();
    this.#listener = this.#connect();
    this.#read = 0;
  }

  #connect(): EventListener {
    this.visits += 1;
    const { process = '', sequence = 0 } = this.#last ?? {};
    const query = this.#last === null ? '' : `?after=${String(sequence)}&process=${process}`;
    return new EventListener(this.#port, { headers: this.#headers, query });
  }

  #catchUp(): void {
    const { events } = this.#listener;
    for (const event of events.slice(this.#read)) this.#take(event);
    this.#read = events.length;
  }

  #take(event: Numbered): void {
    const { type, process, sequence } = event;
    if (this.#last !== null && sequence !== this.#last.sequence + 1) {
      this.troubles.push(`${type} ${String(sequence)} after ${String(this.#last.sequence)}`);
    }
    this.#last = { process, sequence };
    if (event.type === 'state') {
      if (this.visits > 1) this.troubles.push('was told everything anew');
      for (const id of Object.values(event.open).flat()) this.#open.add(id);
    }
    if (!('finding' in event)) return;
    const { id } = event.finding;
    this.changes.push(`${String(sequence)} ${type} ${id}`);
    this.#apply(type, id);
  }

  #apply(type: Numbered['type'], id: string): void {
    const isOpen = this.#open.has(id);
    const makesSense =
      type === 'finding_opened'
        ? !isOpen
        : isOpen ||
          (this.#unknown.has(id) && type !== 'finding_changed' && type !== 'finding_unknown');
    if (!makesSense) this.troubles.push(`${type} of ${id}, which cannot be`);
    if (type === 'finding_changed') return;
    this.#open.delete(id);
    this.#unknown.delete(id);
    if (type === 'finding_opened') this.#open.add(id);
    if (type === 'finding_unknown') this.#unknown.add(id);
  }
}
