/** As often as one source is passed on: a thousand volumes may be deleted at once. */
const SPACING = 1_000;

interface Held {
  readonly timer: NodeJS.Timeout;
  what: string | null;
}

/** Passes changes on: the first of a source at once, and of those that follow closely only the last. */
export class ChangeRelay {
  readonly #tell: (source: string, what: string) => void;
  readonly #held = new Map<string, Held>();

  constructor(tell: (source: string, what: string) => void) {
    this.#tell = tell;
  }

  changed(source: string, what: string): void {
    const held = this.#held.get(source);
    if (held !== undefined) {
      held.what = what;
      return;
    }
    this.#tell(source, what);
    this.#hold(source);
  }

  close(): void {
    for (const { timer } of this.#held.values()) clearTimeout(timer);
    this.#held.clear();
  }

  #hold(source: string): void {
    const timer = setTimeout(() => {
      const what = this.#held.get(source)?.what ?? null;
      this.#held.delete(source);
      if (what !== null) this.changed(source, what);
    }, SPACING);
    this.#held.set(source, { timer, what: null });
  }
}
