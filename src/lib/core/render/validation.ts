import { type CheckOutcome, type ValidationSummary } from '../model/validation.ts';
import { parseFormat } from './formats.ts';
import { toJson } from './json.ts';
import { type TableOptions } from './table.ts';
import { shortObjectName } from './text/labels.ts';
import { printable } from './text/safe.ts';
import { toYaml } from './yaml.ts';

function countOf(results: readonly CheckOutcome[], status: CheckOutcome['status']): number {
  return results.filter((each) => each.status === status).length;
}

function toWire({ results, ...summary }: ValidationSummary): object {
  return {
    schema_version: 1,
    kind: 'ValidationSummary',
    timestamp: summary.takenAt.toISOString(),
    scan_duration_seconds: summary.duration / 1000,
    ...(summary.cachedFor !== null && {
      cached: true as const,
      cached_age_seconds: summary.cachedFor / 1000,
    }),
    complete: summary.complete,
    overall_status: summary.overall,
    total_checks: results.length,
    passed_checks: countOf(results, 'PASS'),
    failed_checks: countOf(results, 'FAIL'),
    warning_checks: countOf(results, 'WARNING'),
    skipped_checks: countOf(results, 'SKIPPED'),
    results: results.map(({ id, component, check, status, message, steps, severity, subject }) => ({
      id,
      component,
      check,
      status,
      severity: severity === 'info' ? 'LOW' : severity.toUpperCase(),
      type: subject?.type ?? null,
      name: subject?.name ?? null,
      message,
      remediation_steps: steps,
    })),
    suppressed: summary.suppressed.map(({ finding, by, origin, reason }) => ({
      id: finding.id,
      check: finding.rule,
      by,
      origin,
      reason,
    })),
  };
}

function lineOf({ status, component, check, subject, message }: CheckOutcome): string {
  const object = subject === null ? '' : ` ${shortObjectName(subject)}`;
  return `${status}  ${component}  ${check}${object}: ${printable(message)}`;
}

/**
 * What checks came to in one format, ready to be written as it is.
 *
 * @param format what follows `-o`; throws a `UsageError` where that is no format
 */
export function renderValidation(
  summary: ValidationSummary,
  format: string,
  { palette }: TableOptions & { readonly version: string },
): string {
  const { name } = parseFormat(format);
  if (name === 'json') return toJson(toWire(summary));
  if (name === 'yaml') return toYaml(toWire(summary));
  const lines = [palette.heading(summary.overall), ...summary.results.map(lineOf)];
  return `${lines.join('\n')}\n`;
}
