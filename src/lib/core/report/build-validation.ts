import { type Evidence } from '../correlate/correlate.ts';
import { type IgnoreEntry } from '../model/filter.ts';
import { isAtLeast, type Finding, SEVERITIES, type Severity } from '../model/finding.ts';
import { type ReportWarning, type SourceStatus, type SystemStatus } from '../model/report.ts';
import { refKey } from '../model/resource-ref.ts';
import { type Millis } from '../model/units.ts';
import {
  CHECK_STATUSES,
  type CheckOutcome,
  COMPONENTS,
  type OverallStatus,
  type ValidationSummary,
} from '../model/validation.ts';
import { CHECKS } from '../rules/check-registry.ts';
import { type CheckRule } from '../rules/define-check.ts';
import { RULES } from '../rules/registry.ts';
import { isWhole } from './build-report.ts';
import { type JudgedOutcome } from './check-outcomes.ts';
import { composeFinding } from './compose-finding.ts';
import { carriedBy } from './marks-on.ts';
import { suppress, type Suppression } from './suppress.ts';

export interface ValidationParts {
  readonly evidence: Pick<Evidence, 'inventory' | 'now' | 'derived' | 'statuses'>;
  /** The checks that were made. */
  readonly rules: readonly CheckRule[];
  readonly outcomes: readonly JudgedOutcome[];
  /** Only outcomes at least this severe are reported; null for all. */
  readonly minSeverity: Severity | null;
  readonly ignore: readonly IgnoreEntry[];
  /** Everything in the configuration was read, and no flag led elsewhere: what `ignore:` does not match is not there. */
  readonly wholeEstate: boolean;
  readonly duration: Millis;
  readonly cachedFor: Millis | null;
  /** The files that were read where nothing was connected to; null where something was. */
  readonly files: readonly string[] | null;
}

/** What checks came to, and what is odd about the request. */
export interface Validated {
  readonly summary: ValidationSummary;
  readonly warnings: readonly ReportWarning[];
}

function isWrong({ status }: CheckOutcome): boolean {
  return status === 'FAIL' || status === 'WARNING';
}

/** A failure in the currency suppression knows. It rests on one read, and nothing is ever done by it. */
function findingOf(
  { outcome, judged, rule, member }: JudgedOutcome,
  evidence: ValidationParts['evidence'],
): Finding | undefined {
  if (judged === null || !isWrong(outcome)) return undefined;
  const { verdict, checks } = judged;
  const finding = composeFinding({ rule, member, verdict, checks }, evidence, true);
  return { ...finding, ...carriedBy(finding.subject, evidence.inventory) };
}

/** Ids of the checks that said all there is to say, and of which nothing was filtered. */
function judgedChecks(
  { rules, outcomes, minSeverity, wholeEstate }: ValidationParts,
  complete: boolean,
): ReadonlySet<string> {
  if (minSeverity !== null || !wholeEstate || !complete) return new Set();
  const ids = new Set(rules.map(({ id }) => id));
  for (const { outcome } of outcomes) {
    if (outcome.status === 'SKIPPED' && !outcome.notApplicable) ids.delete(outcome.check);
  }
  return ids;
}

/** What some outcomes come to. */
export function overallOf(results: readonly CheckOutcome[], complete: boolean): OverallStatus {
  const has = (status: CheckOutcome['status']): boolean =>
    results.some((each) => each.status === status);
  if (has('FAIL')) return 'FAIL';
  if (has('WARNING')) return 'WARNING';
  const unseen = results.some(({ status, notApplicable }) => {
    return status === 'SKIPPED' && !notApplicable;
  });
  // Where nothing was looked at, nothing was seen to be right.
  return unseen || !complete || results.length === 0 ? 'UNKNOWN' : 'PASS';
}

function keyOf({ subject, cluster, system, check }: CheckOutcome): string {
  return subject === null
    ? `${check} ${cluster ?? ''} ${system ?? ''}`
    : `${check} ${refKey(subject)}`;
}

/** By component, worst first, then by check and object: an order that no run changes. */
function compareOutcomes(a: CheckOutcome, b: CheckOutcome): number {
  const [first, second] = [keyOf(a), keyOf(b)];
  return (
    COMPONENTS.indexOf(a.component) - COMPONENTS.indexOf(b.component) ||
    CHECK_STATUSES.indexOf(a.status) - CHECK_STATUSES.indexOf(b.status) ||
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    Number(first > second) - Number(first < second)
  );
}

/** How much was read. The state of a pool is no gap here: a check says it, and the pool was there to be looked at. */
function sourcesOf({ statuses }: ValidationParts['evidence']): readonly SourceStatus[] {
  return statuses.filter(({ name }) => name !== 'poolAvailability');
}

function suppressed(
  passing: readonly JudgedOutcome[],
  parts: ValidationParts,
  complete: boolean,
): Suppression {
  const { evidence, ignore } = parts;
  const findings = passing.flatMap((outcome) => findingOf(outcome, evidence) ?? []);
  return suppress(findings, {
    entries: ignore,
    marks: evidence.derived.marks,
    rules: [...RULES, ...CHECKS],
    judged: judgedChecks(parts, complete),
    now: evidence.now,
  });
}

/** Puts together what checks came to: filtered and sorted outcomes, those that were left alone, and how much was seen. */
export function buildValidation(parts: ValidationParts): Validated {
  const { evidence, outcomes, minSeverity } = parts;
  const { inventory, derived } = evidence;
  const sources = sourcesOf(evidence);
  // A side that was not there may hold what nobody looked for.
  const complete =
    sources.every(isWhole) && derived.connections.every(({ failure }) => failure === null);
  const passing = outcomes.filter(
    ({ outcome }) => minSeverity === null || isAtLeast(outcome.severity, minSeverity),
  );
  const suppression = suppressed(passing, parts, complete);
  const silenced = new Set(suppression.suppressed.map(({ finding }) => finding.id));
  const results = passing
    .map(({ outcome }) => outcome)
    .filter((outcome) => !isWrong(outcome) || !silenced.has(outcome.id))
    .sort(compareOutcomes);
  return {
    summary: {
      takenAt: inventory.takenAt,
      duration: parts.duration,
      cachedFor: parts.cachedFor,
      files: parts.files,
      complete,
      sources,
      clusters: inventory.clusters.map(({ identity }) => identity),
      systems: inventory.systems.map(({ identity, lists }): SystemStatus => ({
        ...identity,
        pools: (lists.pools?.items ?? []).map(({ name }) => name),
      })),
      connections: derived.connections,
      overall: overallOf(results, complete),
      results,
      suppressed: suppression.suppressed,
      filteredOut: outcomes.length - passing.length,
    },
    warnings: suppression.warnings,
  };
}
