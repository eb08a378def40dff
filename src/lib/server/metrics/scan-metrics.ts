import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { type MonitorEvent } from '../../app/serve/monitor.ts';
import { SCAN_REASONS, type ScanReason, type ScanRun } from '../../core/serve/monitor-state.ts';
import { type Clock } from '../../ports/clock.ts';
import { type EngineEvent } from '../../ports/scan-engine.ts';
import { CALL_BUCKETS, PREFIX, SCAN_BUCKETS } from './prefix.ts';

type Handler = (event: MonitorEvent) => void;

/** What came of scans, and how the two sides answer: counted from when the process began, whatever becomes of single scans. */
export function scanMetrics(registry: Registry, clock: Clock): Handler {
  const handlers = [
    countScans(registry),
    timePhases(registry, clock),
    ofEngine(countCalls(registry)),
    ofEngine(showCircuits(registry)),
    ofEngine(countEvents(registry)),
  ];
  return (event) => {
    for (const handle of handlers) handle(event);
  };
}

function ofEngine(handle: (event: EngineEvent) => void): Handler {
  return (event) => {
    if (event.kind === 'engine') handle(event.event);
  };
}

function countScans(registry: Registry): Handler {
  const total = new Counter({
    name: `${PREFIX}scans_total`,
    help: 'Scans that came to an end, by why they were made and how they ended.',
    labelNames: ['reason', 'result'],
    registers: [registry],
  });
  // What was never counted cannot be seen to rise.
  for (const reason of SCAN_REASONS) {
    for (const result of ['done', 'failed']) total.inc({ reason, result }, 0);
  }
  const took = new Histogram({
    name: `${PREFIX}scan_run_duration_seconds`,
    help: 'How long scans took, from their start to a result that is served.',
    labelNames: ['result'],
    buckets: SCAN_BUCKETS,
    registers: [registry],
  });
  return (event) => {
    if (event.kind !== 'scan-finished' && event.kind !== 'scan-failed') return;
    const {
      reason,
      startedAt,
      finishedAt,
    }: Pick<ScanRun, 'startedAt' | 'finishedAt'> & {
      readonly reason: ScanReason;
    } = event.run;
    const result = event.kind === 'scan-finished' ? 'done' : 'failed';
    total.inc({ reason, result });
    if (startedAt === null || finishedAt === null) return;
    took.observe({ result }, (finishedAt.getTime() - startedAt.getTime()) / 1000);
  };
}

/** The phases of a scan that are told apart: a label that takes any text would never stop to grow. */
type Phase = 'read' | 'judge';

/** Everything up to the last list that was read is reading; what comes after it is judging, second reads included. */
function timePhases(registry: Registry, clock: Clock): Handler {
  const took = new Histogram({
    name: `${PREFIX}scan_phase_duration_seconds`,
    help: 'How long the phases of scans took: read, and judge with its second reads.',
    labelNames: ['phase'],
    buckets: SCAN_BUCKETS,
    registers: [registry],
  });
  let began: number | null = null;
  let lastRead: number | null = null;
  const observe = (phase: Phase, span: number): void => {
    took.observe({ phase }, span / 1000);
  };
  return (event) => {
    const now = clock.now().getTime();
    if (event.kind === 'scan-started') {
      began = now;
      lastRead = null;
    } else if (event.kind === 'engine' && event.event.kind === 'phase') {
      if (event.event.phase.startsWith('read')) lastRead = now;
    } else if (event.kind === 'scan-finished' && began !== null && lastRead !== null) {
      observe('read', lastRead - began);
      observe('judge', now - lastRead);
    }
  };
}

function countCalls(registry: Registry): (event: EngineEvent) => void {
  const labelNames = ['api', 'member', 'outcome'];
  const total = new Counter({
    name: `${PREFIX}api_requests_total`,
    help: 'Requests to clusters and systems, by how they ended.',
    labelNames,
    registers: [registry],
  });
  const took = new Histogram({
    name: `${PREFIX}api_request_duration_seconds`,
    help: 'How long clusters and systems took to answer.',
    labelNames,
    buckets: CALL_BUCKETS,
    registers: [registry],
  });
  return (event) => {
    if (event.kind !== 'call') return;
    const { api, member, outcome, duration } = event;
    total.inc({ api, member, outcome });
    took.observe({ api, member, outcome }, duration / 1000);
  };
}

const CIRCUIT_STATES = ['closed', 'open', 'half-open'] as const;

function showCircuits(registry: Registry): (event: EngineEvent) => void {
  const gauge = new Gauge({
    name: `${PREFIX}circuit_state`,
    help: 'Whether a cluster or system is asked at all: 1 for the state of its breaker, 0 for all others.',
    labelNames: ['member', 'state'],
    registers: [registry],
  });
  return (event) => {
    if (event.kind !== 'circuit') return;
    for (const state of CIRCUIT_STATES) {
      gauge.set({ member: event.member, state }, state === event.state ? 1 : 0);
    }
  };
}

function countEvents(registry: Registry): (event: EngineEvent) => void {
  const changes = new Counter({
    name: `${PREFIX}changes_total`,
    help: 'Changes that clusters and systems told of by themselves.',
    registers: [registry],
  });
  const losses = new Counter({
    name: `${PREFIX}scanner_losses_total`,
    help: 'How often the scanning thread ended unasked and had to be started again.',
    registers: [registry],
  });
  return ({ kind }) => {
    if (kind === 'changed') changes.inc();
    if (kind === 'lost') losses.inc();
  };
}
