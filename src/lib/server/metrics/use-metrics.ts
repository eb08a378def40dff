import { Counter, Gauge, type Registry } from 'prom-client';
import { type AnswerCache } from '../../ports/answer-cache.ts';
import { type DropReason } from '../events/event-client.ts';
import { PREFIX } from './prefix.ts';

type CacheCounts = AnswerCache['counts'];

/** What parts of the server tell of themselves. */
export interface UseMetrics {
  /**
   * From now on what a cache counted is asked for here. It counts for itself: two who count would say two things.
   *
   * @param cache one of a few names, such as `answers`
   */
  showCache(cache: string, counts: () => CacheCounts): void;
  /** From now on the number of open streams of events is asked for here. */
  showEventClients(count: () => number): void;
  /** A stream of events was ended by the server. */
  readonly countDroppedClient: (reason: DropReason) => void;
}

export function useMetrics(registry: Registry): UseMetrics {
  const caches = new Map<string, () => CacheCounts>();
  new Counter({
    name: `${PREFIX}cache_requests_total`,
    help: 'Questions to caches, by whether the answer was kept there.',
    labelNames: ['cache', 'result'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [cache, counts] of caches) {
        for (const [result, count] of Object.entries(counts())) this.inc({ cache, result }, count);
      }
    },
  });
  const dropped = new Counter({
    name: `${PREFIX}event_clients_dropped_total`,
    help: 'Streams of events that the server ended because their client did not read or answer.',
    labelNames: ['reason'],
    registers: [registry],
  });
  let clients = (): number => 0;
  new Gauge({
    name: `${PREFIX}event_clients`,
    help: 'Streams of events that are open.',
    registers: [registry],
    collect() {
      this.set(clients());
    },
  });
  for (const reason of ['slow', 'silent']) dropped.inc({ reason }, 0);
  return {
    showCache: (cache, counts) => {
      caches.set(cache, counts);
    },
    showEventClients: (count) => {
      clients = count;
    },
    countDroppedClient: (reason) => {
      dropped.inc({ reason });
    },
  };
}
