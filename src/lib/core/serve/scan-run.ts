import { elapsed } from '../model/units.ts';
import { seconds } from '../render/wire/scan-parts.ts';
import { type Failure } from './failure.ts';
import { type ScanRun } from './monitor-state.ts';
import { type FailureWire, type ScanRunWire } from './scan-run-schema.ts';

export function failureToWire({ code, message, details, remediation }: Failure): FailureWire {
  return { code, message, details: { ...details }, remediation: [...remediation] };
}

/**
 * A scan, from being asked for to its end, as REST and events tell it.
 *
 * @param current id of the result that is served now; null where there is none
 */
export function scanRunToWire(run: ScanRun, current: string | null): ScanRunWire {
  const { id, reason, state, phase, requestedAt, startedAt, finishedAt, error, result } = run;
  return {
    id,
    reason,
    state,
    phase,
    requested_at: requestedAt.toISOString(),
    started_at: startedAt?.toISOString() ?? null,
    finished_at: finishedAt?.toISOString() ?? null,
    duration_seconds:
      startedAt === null || finishedAt === null ? null : seconds(elapsed(startedAt, finishedAt)),
    error: error === null ? null : failureToWire(error),
    result:
      result === null
        ? null
        : { id: result, href: result === current ? '/api/v1/reports/detailed' : null },
    href: `/api/v1/scans/${encodeURIComponent(id)}`,
  };
}
