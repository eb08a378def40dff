import { combineCoverage, type Coverage } from '../../model/coverage.ts';
import { type Report, type SourceStatus } from '../../model/report.ts';
import { snakeCase } from '../../render/wire/names.ts';
import { family, type Measured, measured, type Sample, single, statesOf } from './family.ts';

const duration = family('scan_duration_seconds', 'How long the scan took that is shown.');
const complete = family(
  'scan_complete',
  '1 where everything was read that was asked for, 0 where silence proves little.',
);
const coverage = family(
  'source_coverage',
  'How much of a list was read: 1 for the state it is in, 0 for all others.',
  ['source', 'cluster', 'system', 'state'],
);
const objects = family(
  'source_objects',
  'Objects that were read of a list; none where the list could not be read.',
  ['source', 'cluster', 'system'],
);

export const COVERAGE_FAMILIES = [duration, complete, coverage, objects];

const STATES: readonly Coverage['state'][] = ['complete', 'partial', 'failed', 'not_applicable'];

/** How much a scan saw, and how long it took. */
export function coverageMeasures(report: Report): readonly Measured[] {
  const sources = distinct(report.sources);
  return [
    single(duration, report.duration / 1000),
    single(complete, report.complete ? 1 : 0),
    measured(
      coverage,
      sources.flatMap((each) => statesOf(labelsOf(each), STATES, each.coverage.state)),
    ),
    measured(
      objects,
      sources.flatMap((each): readonly Sample[] =>
        each.coverage.state === 'complete' || each.coverage.state === 'partial'
          ? [{ labels: labelsOf(each), value: each.count }]
          : [],
      ),
    ),
  ];
}

function labelsOf({ name, cluster, system }: SourceStatus): readonly (string | null)[] {
  return [snakeCase(name), cluster, system];
}

/** Several pools of one system may each have their own trouble: together they are as bad as the worst. */
function distinct(sources: readonly SourceStatus[]): readonly SourceStatus[] {
  const merged = new Map<string, SourceStatus>();
  for (const source of sources) {
    const key = JSON.stringify(labelsOf(source));
    const before = merged.get(key);
    merged.set(
      key,
      before === undefined
        ? source
        : { ...before, coverage: combineCoverage([before.coverage, source.coverage]) },
    );
  }
  return [...merged.values()];
}
