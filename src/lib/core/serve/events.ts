import { SEVERITIES, type Severity } from '../model/finding.ts';
import { toSummary } from '../render/wire/orphan-report.ts';
import { seconds } from '../render/wire/scan-parts.ts';
import { type EstateView, type MentionedFinding, type ScanChange } from './diff-scans.ts';
import { type EventWire, type StateWire } from './event-schema.ts';
import { freshnessOf, type MonitorState, type ScanRun } from './monitor-state.ts';
import { failureToWire, scanRunToWire } from './scan-run.ts';
import { type ServedHealth } from './served-health.ts';
import { type ServedScan } from './served-scan.ts';

/** What every event begins with. */
export interface EventHead {
  /** Names the process that counts. */
  readonly process: string;
  readonly sequence: number;
  readonly at: Date;
}

/** The namespaces somebody may see; null for all, and for what belongs to none. */
export type Sight = ReadonlySet<string> | null;

/** Whether somebody may see a finding. */
function canSee({ namespace }: Pick<MentionedFinding, 'namespace'>, sight: Sight): boolean {
  return sight === null || (namespace !== null && sight.has(namespace));
}

type Head = Pick<StateWire, 'process' | 'sequence' | 'at'>;

function toHead({ process, sequence, at }: EventHead): Head {
  return { process, sequence, at: at.toISOString() };
}

function toResult({ id, report }: ServedScan): NonNullable<StateWire['result']> {
  return { id, timestamp: report.takenAt.toISOString(), complete: report.complete };
}

/** How old the result is by now. */
export function toFreshness(
  state: MonitorState,
  now: Date,
): Pick<StateWire, 'age_seconds' | 'stale'> {
  const fresh = freshnessOf(state, now);
  return {
    age_seconds: fresh === null ? null : seconds(fresh.age),
    stale: fresh?.stale ?? null,
  };
}

/** How things are, as far as somebody may see. The view is as of the scan the state holds. */
export function stateToWire(
  head: EventHead,
  view: EstateView,
  state: MonitorState,
  sight: Sight,
): StateWire {
  const { current, running, failure, nextAt } = state;
  return {
    type: 'state',
    ...toHead(head),
    result: current === null ? null : toResult(current),
    ...toFreshness(state, head.at),
    running: running === null ? null : scanRunToWire(running, view.scan),
    failure: failure === null ? null : failureToWire(failure.error),
    next_scan_at: nextAt?.toISOString() ?? null,
    summary: current === null ? null : toSummaryFor(current, sight),
    ...toFindings(view, sight),
    health: sight === null && view.health !== null ? toHealth(view.health) : null,
  };
}

function toFindings(view: EstateView, sight: Sight): Pick<StateWire, 'open' | 'unknown'> {
  const open: Record<Severity, string[]> = {
    critical: [],
    high: [],
    medium: [],
    low: [],
    info: [],
  };
  for (const finding of view.open.values()) {
    if (canSee(finding, sight)) open[finding.severity].push(finding.id);
  }
  for (const severity of SEVERITIES) open[severity].sort();
  const unknown = [...view.unknown.values()].filter((finding) => canSee(finding, sight));
  return { open, unknown: unknown.map(({ id }) => id).sort() };
}

/** Counts are of everything, and so for those alone who may see that. */
function toSummaryFor({ report }: ServedScan, sight: Sight): StateWire['summary'] {
  return sight === null ? toSummary(report.summary) : null;
}

function toHealth({ overall, components }: ServedHealth): StateWire['health'] {
  return { overall, components: components.map((each) => ({ ...each })) };
}

export function scanStarted(head: EventHead, run: ScanRun, current: string | null): EventWire {
  return { type: 'scan_started', ...toHead(head), run: scanRunToWire(run, current) };
}

export function scanFailed(head: EventHead, run: ScanRun, current: string | null): EventWire {
  return { type: 'scan_failed', ...toHead(head), run: scanRunToWire(run, current) };
}

export function scanFinished(
  head: EventHead,
  run: ScanRun,
  scan: ServedScan,
  sight: Sight,
): EventWire {
  return {
    type: 'scan_finished',
    ...toHead(head),
    run: scanRunToWire(run, scan.id),
    result: toResult(scan),
    summary: toSummaryFor(scan, sight),
  };
}

export function freshnessChanged(head: EventHead, state: MonitorState): EventWire {
  return { type: 'freshness_changed', ...toHead(head), ...toFreshness(state, head.at) };
}

/** @param result id of the result that shows it */
export function scanChange(head: EventHead, change: ScanChange, result: string): EventWire {
  if (change.kind === 'health_changed') {
    const { component, from, to } = change;
    return { type: 'health_changed', ...toHead(head), component, from, to };
  }
  return { type: change.kind, ...toHead(head), result, finding: toMention(change.finding) };
}

type FindingEvent = Extract<EventWire, { readonly finding: unknown }>;

function toMention(finding: MentionedFinding): FindingEvent['finding'] {
  const { id, rule, category, severity, confidence, subject, namespace, scope, reclaimable } =
    finding;
  return {
    ...{ id, rule, category, severity, confidence, object: subject, namespace, scope },
    reclaimable_bytes: reclaimable,
    href: `/api/v1/findings/${id}`,
  };
}
