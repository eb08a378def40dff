import { type HistoryReader } from '../../../ports/history.ts';
import { readerOf } from './reader.ts';
import { type Lent } from './store-file.ts';

/**
 * Reads one state of the store, whatever is written meanwhile. What cannot be read ends there: the reason is told, and whoever
 * asked goes on with what there is.
 * @param unreadable says why, and throws what is no failure of a store
 */
export function lentReader(lent: Lent, unreadable: (error: unknown) => void): HistoryReader {
  const reader = readerOf(lent.database);

  let isNoted = false;

  function note(error: unknown): void {
    const cause = lent.failed(error);
    if (!isNoted) unreadable(cause);
    isNoted = true;
  }

  function orElse<T>(read: () => T, otherwise: T): T {
    try {
      return read();
    } catch (error) {
      note(error);
      return otherwise;
    }
  }

  return {
    pools: (estate, since) => orElse(() => reader.pools(estate, since), []),
    classes: (estate, since) => orElse(() => reader.classes(estate, since), []),
    *volumes(estate, since) {
      try {
        yield* reader.volumes(estate, since);
      } catch (error) {
        note(error);
      }
    },
    findings: (estate, since) => orElse(() => reader.findings(estate, since), []),
    lastReport: (estate, before) => orElse(() => reader.lastReport(estate, before), null),
    [Symbol.dispose]() {
      lent[Symbol.dispose]();
    },
  };
}
