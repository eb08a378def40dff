import { type Coverage } from '../model/coverage.ts';
import { type SourceStatus } from '../model/report.ts';
import { snakeCase } from '../render/wire/names.ts';
import { type Freshness, freshnessOf, type MonitorState } from './monitor-state.ts';

export type CircuitState = 'closed' | 'open' | 'half-open';

/** What is known of the process beside its scans. */
export interface ProcessState {
  /** It was told to end. */
  readonly ending: boolean;
  /** Of each cluster and system whose circuit ever was anything but closed. */
  readonly circuits: ReadonlyMap<string, CircuitState>;
}

/** A cluster or system, and why it is not as it should be. */
export interface MemberReadiness {
  readonly name: string;
  readonly ready: boolean;
  readonly circuit: CircuitState;
  readonly stale: boolean;
  readonly age_seconds: number | null;
  readonly reasons: readonly string[];
}

/** One list of one cluster or system. */
export interface SourceReadiness {
  readonly name: string;
  readonly cluster: string | null;
  readonly system: string | null;
  readonly ready: boolean;
  readonly state: Coverage['state'];
  readonly reason: string | null;
  readonly count: number;
}

/** As `/ready` answers it. */
export interface Readiness {
  readonly ready: boolean;
  readonly reason: string | null;
  readonly stale: boolean;
  readonly age_seconds: number | null;
  readonly scanned_at: string | null;
  readonly complete: boolean | null;
  readonly scanning: boolean;
  readonly next_scan_at: string | null;
  readonly failure: { readonly code: string; readonly message: string; readonly at: string } | null;
  readonly clusters: readonly MemberReadiness[];
  readonly systems: readonly MemberReadiness[];
  readonly sources: readonly SourceReadiness[];
}

/**
 * Whether requests can be answered, and what stands behind the answers. A monitor that has a result is ready, however old that is: to
 * be taken out of service would take away the very numbers that tell how old it is.
 */
export function readinessOf(state: MonitorState, process: ProcessState, now: Date): Readiness {
  const { current, running, nextAt } = state;
  const fresh = freshnessOf(state, now);
  return {
    ready: fresh !== null && !process.ending,
    reason: reasonFor(state, process),
    stale: fresh?.stale ?? false,
    age_seconds: secondsOf(fresh),
    scanned_at: textOf(current?.report.takenAt ?? null),
    complete: current?.report.complete ?? null,
    scanning: running !== null,
    next_scan_at: textOf(nextAt),
    failure: failureFor(state),
    ...partsOf(current, process, fresh),
  };
}

type Parts = Pick<Readiness, 'clusters' | 'systems' | 'sources'>;

function partsOf(
  current: MonitorState['current'],
  { circuits }: ProcessState,
  fresh: Freshness | null,
): Parts {
  if (current === null || fresh === null) return { clusters: [], systems: [], sources: [] };
  const { clusters, systems, sources } = current.report;
  const memberOf = (name: string, own: readonly SourceStatus[]): MemberReadiness => {
    const reasons = own.flatMap((each) => reasonOf(each) ?? []);
    const circuit = circuits.get(name) ?? 'closed';
    const { stale } = fresh;
    const ready = circuit === 'closed' && reasons.length === 0 && !stale;
    return { name, ready, circuit, stale, age_seconds: secondsOf(fresh), reasons };
  };
  const ownOf = (kind: 'cluster' | 'system', name: string): readonly SourceStatus[] =>
    sources.filter((each) => each[kind] === name);
  return {
    clusters: clusters.map(({ name }) => memberOf(name, ownOf('cluster', name))),
    systems: systems.map(({ name }) => memberOf(name, ownOf('system', name))),
    sources: sources.map((each) => ({
      name: snakeCase(each.name),
      cluster: each.cluster,
      system: each.system,
      ready: reasonOf(each) === null,
      state: each.coverage.state,
      reason: reasonOf(each),
      count: each.count,
    })),
  };
}

function secondsOf(fresh: Freshness | null): number | null {
  return fresh === null ? null : fresh.age / 1000;
}

function textOf(instant: Date | null): string | null {
  return instant === null ? null : instant.toISOString();
}

function failureFor({ failure }: MonitorState): Readiness['failure'] {
  if (failure === null) return null;
  const { code, message } = failure.error;
  return { code, message, at: failure.at.toISOString() };
}

function reasonFor({ current, failure }: MonitorState, { ending }: ProcessState): string | null {
  if (ending) return 'truenas-monitor is ending';
  if (current !== null) return null;
  return failure === null
    ? 'the first scan is not done yet'
    : `no scan has come to an end yet: ${failure.error.message}`;
}

/** Why a source is not as it should be; null where it is, and where a system has nothing of the kind. */
function reasonOf({ coverage }: SourceStatus): string | null {
  return coverage.state === 'partial' || coverage.state === 'failed' ? coverage.reason : null;
}
