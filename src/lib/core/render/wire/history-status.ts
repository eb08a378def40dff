import { type HistoryStatus } from '../../model/history.ts';
import { SCHEMA_VERSION } from '../../model/report.ts';
import { type HistoryStatusWire } from './history-schema.ts';

const STATES = {
  absent: 'absent',
  usable: 'usable',
  'too-new': 'too_new',
  unreadable: 'unreadable',
} as const satisfies Record<HistoryStatus['state']['kind'], HistoryStatusWire['state']>;

export function historyStatusToWire(status: HistoryStatus, now: Date): HistoryStatusWire {
  return {
    schema_version: SCHEMA_VERSION,
    kind: 'HistoryStatus',
    timestamp: now.toISOString(),
    path: status.path,
    state: STATES[status.state.kind],
    reason: whyUnusable(status),
    size_bytes: status.bytes,
    first_at: status.firstAt?.toISOString() ?? null,
    last_at: status.lastAt?.toISOString() ?? null,
    scans: status.scans,
    pools: status.pools,
    storage_classes: status.classes,
    volumes: status.volumes,
    points: status.points,
    open_findings: status.openFindings,
    closed_findings: status.closedFindings,
    clusters: [...status.clusters],
    systems: [...status.systems],
    set_aside: [...status.setAside],
  };
}

/** Null where it can be used, or is not there. */
export function whyUnusable({ state }: Pick<HistoryStatus, 'state'>): string | null {
  if (state.kind === 'unreadable') return state.reason;
  return state.kind === 'too-new'
    ? `a newer version of this program wrote it, in format ${state.format}`
    : null;
}
