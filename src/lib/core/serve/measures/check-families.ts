import { type FullReport } from '../../model/full-report.ts';
import {
  type CheckOutcome,
  type CheckStatus,
  COMPONENTS,
  type OverallStatus,
  type ValidationSummary,
} from '../../model/validation.ts';
import { family, type Measured, measured, type Sample, statesOf } from './family.ts';

const overall = family(
  'overall_status',
  'What all checks of a command come to: 1 for the status that holds, 0 for all others.',
  ['command', 'status'],
);
const component = family(
  'component_status',
  'What the checks of one part come to: 1 for the status that holds, 0 for all others.',
  ['command', 'component', 'status'],
);
const failing = family(
  'check_failures',
  'Objects of which a check says that something is wrong, 0 where it passes; a check that could not look has no series.',
  ['command', 'check', 'component', 'cluster', 'system'],
);

export const CHECK_FAMILIES = [overall, component, failing];

type Command = 'validate' | 'health';

const STATUSES: readonly Lowercase<OverallStatus>[] = ['pass', 'warning', 'fail', 'unknown'];

/** What the checks of both commands say. */
export function checkMeasures({
  validation,
  health,
}: Pick<FullReport, 'validation' | 'health'>): readonly Measured[] {
  const both: readonly (readonly [Command, ValidationSummary])[] = [
    ['validate', validation],
    ['health', health],
  ];
  return [
    measured(
      overall,
      both.flatMap(([command, summary]) => statesOf([command], STATUSES, lower(summary.overall))),
    ),
    measured(
      component,
      both.flatMap(([command, { results }]) => componentSamples(command, results)),
    ),
    measured(
      failing,
      both.flatMap(([command, { results }]) => failureSamples(command, results)),
    ),
  ];
}

function lower(status: OverallStatus): Lowercase<OverallStatus> {
  return STATUSES.find((each) => each === status.toLowerCase()) ?? 'unknown';
}

/** Of what cannot exist nothing is said. */
function saidOf(results: readonly CheckOutcome[]): readonly CheckOutcome[] {
  return results.filter(({ notApplicable }) => !notApplicable);
}

function componentSamples(command: Command, results: readonly CheckOutcome[]): readonly Sample[] {
  const said = Map.groupBy(saidOf(results), (each) => each.component);
  return COMPONENTS.flatMap((each) => {
    const outcomes = said.get(each);
    return outcomes === undefined
      ? []
      : statesOf([command, each], STATUSES, worstOf(outcomes.map(({ status }) => status)));
  });
}

/** A failure outweighs what could not be looked at, which outweighs what is well. */
function worstOf(statuses: readonly CheckStatus[]): Lowercase<OverallStatus> {
  if (statuses.includes('FAIL')) return 'fail';
  if (statuses.includes('WARNING')) return 'warning';
  return statuses.includes('SKIPPED') ? 'unknown' : 'pass';
}

function failureSamples(command: Command, results: readonly CheckOutcome[]): readonly Sample[] {
  const counts = new Map<string, { labels: readonly (string | null)[]; value: number }>();
  for (const { check, status, cluster, system, component: part } of saidOf(results)) {
    if (status === 'SKIPPED') continue;
    const labels = [command, check, part, cluster, system];
    const key = JSON.stringify(labels);
    const sample = counts.get(key) ?? { labels, value: 0 };
    counts.set(key, sample);
    if (status !== 'PASS') sample.value += 1;
  }
  return [...counts.values()];
}
