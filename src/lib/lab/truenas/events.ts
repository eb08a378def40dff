/** What happened to an object of a collection. */
export interface CollectionEvent {
  readonly msg: 'added' | 'changed' | 'removed';
  readonly collection: string;
  readonly id: number | string;
  readonly fields?: unknown;
  readonly extra?: unknown;
}

export type Listener = (event: CollectionEvent) => void;

/** Hands events to whoever subscribed to their collection, or to all with `*`. */
export class EventBus {
  readonly #listeners = new Map<
    string,
    { readonly collection: string; readonly listen: Listener }
  >();

  subscribe(id: string, collection: string, listen: Listener): void {
    this.#listeners.set(id, { collection, listen });
  }

  unsubscribe(id: string): void {
    this.#listeners.delete(id);
  }

  emit(event: CollectionEvent): void {
    for (const { collection, listen } of this.#listeners.values()) {
      if (collection === event.collection || collection === '*') listen(event);
    }
  }
}
