import { AsyncLocalStorage } from 'node:async_hooks';
import { type LogScope } from '../../ports/log-scope.ts';
import { type LogFields } from '../../ports/logger.ts';

/** A scope, and what holds in it right now. */
export interface Correlation extends LogScope {
  readonly fields: LogFields;
}

/** Follows work through everything it waits for, so that no adapter has to be told for whom it works. */
export function correlation(): Correlation {
  const storage = new AsyncLocalStorage<LogFields>();
  return {
    get fields() {
      return storage.getStore() ?? {};
    },
    run: (fields, work) => storage.run({ ...storage.getStore(), ...fields }, work),
  };
}
