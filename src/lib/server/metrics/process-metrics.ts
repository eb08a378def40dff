import { collectDefaultMetrics, Registry } from 'prom-client';

/** Counts that are called totals, which no gauge may be: the same numbers are there by type under names that are well-formed. */
const MISNAMED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

let registry: Registry | undefined;

/** What Node tells of the process, event loop included. There is one process, and so there is one of these. */
export function processMetrics(): Registry {
  if (registry === undefined) {
    registry = new Registry();
    collectDefaultMetrics({ register: registry });
    for (const name of MISNAMED) registry.removeSingleMetric(name);
  }
  return registry;
}
