import { type FastifyReply } from 'fastify';
import { type Freshness, freshnessOf } from '../core/serve/monitor-state.ts';
import { type ServedScan } from '../core/serve/served-scan.ts';
import { type ServerContext } from './context.ts';
import { requireScan } from './current-scan.ts';

/** The last scan, with how far it is to be believed now. */
export interface CurrentScan {
  readonly scan: ServedScan;
  readonly freshness: Freshness;
}

/** The last scan; before there is one, the answer is when to ask again. */
export function currentScan(context: ServerContext): CurrentScan {
  const scan = requireScan(context);
  const freshness = freshnessOf(context.monitor.state, context.clock.now());
  // A scan that is there has an age; were it otherwise, nobody would know that it can be believed.
  if (freshness === null) throw new Error('the last scan has no age');
  return { scan, freshness };
}

/** What every answer that is made of a scan says of it, in its body. */
export function freshnessWire({ scan, freshness }: CurrentScan): {
  scan_id: string;
  age_seconds: number;
  stale: boolean;
} {
  return { scan_id: scan.id, age_seconds: ageOf(freshness), stale: freshness.stale };
}

/** The same in headers, for those who do not read bodies. */
export function tellFreshness(reply: FastifyReply, { scan, freshness }: CurrentScan): void {
  void reply.headers({
    'x-truenas-monitor-scan': scan.id,
    'x-truenas-monitor-age': String(ageOf(freshness)),
    'x-truenas-monitor-stale': String(freshness.stale),
  });
}

/** A clock that was set back makes nothing younger than new. */
function ageOf({ age }: Freshness): number {
  return Math.max(0, age) / 1000;
}
