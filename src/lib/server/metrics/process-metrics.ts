import { collectDefaultMetrics, Registry } from 'prom-client';

/** Counts that are called totals, which no gauge may be: the same numbers are there by type under names that are well-formed. */
const MISNAMED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

/** How the loop did since it was last asked: without a measurement in between these are no numbers, or such of which none is true. */
const LAGS = /^nodejs_eventloop_lag_(?:min|max|mean|stddev|p50|p90|p99)_seconds .*\n/gm;
const NOT_MEASURED = /^nodejs_eventloop_lag_mean_seconds nan$/im;

let registry: Registry | undefined;

/** What Node tells of the process, event loop included. What was not measured has no series, as everything else that was not seen. */
export async function processMetrics(): Promise<string> {
  const text = await measureProcess().metrics();
  return NOT_MEASURED.test(text) ? text.replaceAll(LAGS, '') : text;
}

/** Measures from now on. There is one process, and so there is one of these. */
export function measureProcess(): Registry {
  if (registry === undefined) {
    registry = new Registry();
    collectDefaultMetrics({ register: registry });
    for (const name of MISNAMED) registry.removeSingleMetric(name);
  }
  return registry;
}
