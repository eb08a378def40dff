import { type SourceStatus } from '../model/report.ts';
import { freshnessOf, type MonitorState } from './monitor-state.ts';

export type CircuitState = 'closed' | 'open' | 'half-open';

/** What is known of the process beside its scans. */
export interface ProcessState {
  /** It was told to end. */
  readonly ending: boolean;
  /** Of each cluster and system whose circuit ever was anything but closed. */
  readonly circuits: ReadonlyMap<string, CircuitState>;
}

/**
 * Whether requests can be answered, and what stands behind the answers. A monitor that has a result is ready, however old that is: to
 * be taken out of service would take away the very numbers that tell how old it is.
 */
export function readinessOf(state: MonitorState, { ending, circuits }: ProcessState, now: Date) {
  const { current, failure, running, nextAt } = state;
  const fresh = freshnessOf(state, now);
  const report = current?.report;
  const age = fresh === null ? null : fresh.age / 1000;
  const stale = fresh?.stale ?? false;
  const sources = report?.sources ?? [];
  const memberOf = (kind: 'cluster' | 'system', name: string) => {
    const reasons = sources
      .filter((each) => each[kind] === name)
      .flatMap((each) => reasonOf(each) ?? []);
    const circuit = circuits.get(name) ?? 'closed';
    const ready = circuit === 'closed' && reasons.length === 0 && !stale;
    return { name, ready, circuit, stale, age_seconds: age, reasons };
  };
  return {
    ready: fresh !== null && !ending,
    reason: reasonFor(fresh !== null, ending, failure?.error.message ?? null),
    stale,
    age_seconds: age,
    scanned_at: report?.takenAt.toISOString() ?? null,
    complete: report?.complete ?? null,
    scanning: running !== null,
    next_scan_at: nextAt?.toISOString() ?? null,
    failure:
      failure === null
        ? null
        : {
            code: failure.error.code,
            message: failure.error.message,
            at: failure.at.toISOString(),
          },
    clusters: (report?.clusters ?? []).map(({ name }) => memberOf('cluster', name)),
    systems: (report?.systems ?? []).map(({ name }) => memberOf('system', name)),
    sources: sources.map((each) => ({
      name: each.name,
      cluster: each.cluster,
      system: each.system,
      ready: reasonOf(each) === null,
      state: each.coverage.state,
      reason: reasonOf(each),
      count: each.count,
    })),
  };
}

function reasonFor(known: boolean, ending: boolean, failure: string | null): string | null {
  if (ending) return 'truenas-monitor is ending';
  if (known) return null;
  return failure === null
    ? 'the first scan is not done yet'
    : `no scan has come to an end yet: ${failure}`;
}

/** Why a source is not as it should be; null where it is, and where a system has nothing of the kind. */
function reasonOf({ coverage }: SourceStatus): string | null {
  return coverage.state === 'partial' || coverage.state === 'failed' ? coverage.reason : null;
}
