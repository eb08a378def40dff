/** Whoever is told of changes. */
export interface ChangeListener {
  /**
   * Something changed, or may have while nobody watched.
   *
   * @param what one line, such as `persistentvolume pvc-1 was deleted`
   */
  changed(what: string): void;
  /** From here on nothing is missed that can be watched; also told where nothing can. */
  ready(): void;
}

/** Says when something on one side changes, as far as that side tells. */
export interface ChangeWatcher {
  /** Name of the cluster or system in our configuration. */
  readonly name: string;
  /** Watches until the signal is aborted, through whatever breaks meanwhile. Never throws. */
  watch(listener: ChangeListener, signal: AbortSignal): Promise<void>;
}
