import { type Logger } from '../../ports/logger.ts';

/** Who is told of something, each whatever becomes of the others. */
export class Listeners<E extends { readonly kind: string }> {
  readonly #listeners = new Set<(event: E) => void>();
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** @returns what ends it */
  add(listener: (event: E) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Who listens has trouble of their own: it is logged, and ends nothing. */
  tell(event: E): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        this.#logger.log('error', stackOf(error), { event: event.kind });
      }
    }
  }
}

/** What nobody expected, as whoever mends it needs it. */
export function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
