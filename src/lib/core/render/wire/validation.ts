import { type Connection, type TlsFacts } from '../../model/connection.ts';
import { type Severity } from '../../model/finding.ts';
import { SCHEMA_VERSION } from '../../model/report.ts';
import { typedName } from '../../model/resource-ref.ts';
import { type CheckOutcome, type ValidationSummary } from '../../model/validation.ts';
import { rulePage } from '../rule-page.ts';
import { countsOf } from '../validation/counts.ts';
import { toSuppressed } from './orphan-report.ts';
import { seconds, toCluster, toSource, toSystem } from './scan-parts.ts';
import { type ValidationWire } from './validation-schema.ts';

type Result = ValidationWire['results'][number];
type ConnectionWire = ValidationWire['connections'][number];

/** What checks came to as JSON, YAML, REST and the history carry it. Keys are written in their published order. */
export function validationToWire(summary: ValidationSummary): ValidationWire {
  const counts = countsOf(summary.results);
  return {
    schema_version: SCHEMA_VERSION,
    kind: 'ValidationSummary',
    timestamp: summary.takenAt.toISOString(),
    scan_duration_seconds: seconds(summary.duration),
    ...(summary.cachedFor !== null && {
      cached: true as const,
      cached_age_seconds: seconds(summary.cachedFor),
    }),
    complete: summary.complete,
    overall_status: summary.overall,
    total_checks: summary.results.length,
    passed_checks: counts.PASS,
    failed_checks: counts.FAIL,
    warning_checks: counts.WARNING,
    skipped_checks: counts.SKIPPED,
    sources: summary.sources.map(toSource),
    clusters: summary.clusters.map(toCluster),
    systems: summary.systems.map(toSystem),
    files: summary.files === null ? null : [...summary.files],
    connections: summary.connections.map(toConnection),
    results: summary.results.map(toResult),
    suppressed: summary.suppressed.map(toSuppressed),
  };
}

/** Severities as the summary writes them. */
export const WIRE_SEVERITIES = {
  critical: 'CRITICAL',
  high: 'HIGH',
  medium: 'MEDIUM',
  low: 'LOW',
  info: 'LOW',
} as const satisfies Record<Severity, Result['severity']>;

/** An outcome as every output of the wire form carries it. */
export function toResult(outcome: CheckOutcome): Result {
  return {
    id: outcome.id,
    component: outcome.component,
    check: outcome.check,
    title: outcome.title,
    status: outcome.status,
    severity: WIRE_SEVERITIES[outcome.severity],
    object: outcome.subject === null ? null : typedName(outcome.subject),
    cluster: outcome.cluster,
    system: outcome.system,
    message: outcome.message,
    remediation_steps: [...outcome.steps],
    not_applicable: outcome.notApplicable,
    docs: rulePage(outcome.check),
  };
}

/** How a cluster or system was reached. */
export function toConnection(connection: Connection): ConnectionWire {
  const { side, name, host, secure, requests, latency, tls, failure } = connection;
  return {
    side,
    name,
    host,
    secure,
    requests,
    latency:
      latency === null
        ? null
        : { p50_seconds: seconds(latency.p50), p95_seconds: seconds(latency.p95) },
    tls: tls === null ? null : toTls(tls),
    failure:
      failure === null
        ? null
        : {
            code: failure.code,
            message: failure.message,
            remediation: [...failure.remediation],
          },
  };
}

function toTls(tls: TlsFacts): ConnectionWire['tls'] {
  return {
    protocol: tls.protocol,
    subject: tls.subject,
    issuer: tls.issuer,
    valid_from: tls.validFrom.toISOString(),
    valid_to: tls.validTo.toISOString(),
    trusted: tls.trusted,
    distrust: tls.distrust,
    verified: tls.verified,
    pinned: tls.pinned,
    spki_sha256: tls.spki,
  };
}
