import { Counter, Gauge, type Registry } from 'prom-client';
import { PREFIX } from './prefix.ts';

/** What an answer that may be kept was made from: `hit` where it was kept, `stale` where it was and is being made anew. */
export type CacheResult = 'hit' | 'stale' | 'miss';

/** What parts of the server tell of themselves. */
export interface UseMetrics {
  /** @param cache one of a few names, such as `answers` */
  countCache(cache: string, result: CacheResult): void;
  /** From now on the number of open streams of events is asked for here. */
  showEventClients(count: () => number): void;
  /** A stream of events was ended by the server. */
  countDroppedClient(reason: 'slow' | 'silent'): void;
}

export function useMetrics(registry: Registry): UseMetrics {
  const cached = new Counter({
    name: `${PREFIX}cache_requests_total`,
    help: 'Questions to caches, by whether the answer was kept there.',
    labelNames: ['cache', 'result'],
    registers: [registry],
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
    countCache: (cache, result) => {
      cached.inc({ cache, result });
    },
    showEventClients: (count) => {
      clients = count;
    },
    countDroppedClient: (reason) => {
      dropped.inc({ reason });
    },
  };
}
