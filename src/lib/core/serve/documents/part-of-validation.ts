import { type Component, type ValidationSummary } from '../../model/validation.ts';
import { overallOf } from '../../report/build-validation.ts';
import { CHECKS } from '../../rules/check-registry.ts';

/** The parts of a validation that are served by themselves. */
export type ValidationPart = 'config' | 'connectivity';

/**
 * What each check belongs to: whether everything is set up as it should be, and whether everybody reaches whom they have to, this
 * tool both sides as well as the nodes the NAS. How full a pool is, is neither.
 */
const PARTS: Readonly<Record<Component, ValidationPart | null>> = {
  connection: 'connectivity',
  permissions: 'connectivity',
  configuration: 'config',
  versions: 'config',
  driver: 'config',
  node: 'config',
  'storage-class': 'config',
  snapshot: 'config',
  pool: null,
  dataset: 'config',
  service: 'connectivity',
  sharing: 'connectivity',
  iscsi: 'connectivity',
  nvmeof: 'connectivity',
  capacity: null,
  retention: 'config',
  replication: 'config',
  alert: null,
  volume: null,
};

/** The checks of one part, and what they come to. */
export function partOfValidation(
  summary: ValidationSummary,
  part: ValidationPart,
): ValidationSummary {
  const results = summary.results.filter(({ component }) => PARTS[component] === part);
  const checks = new Set(
    CHECKS.filter(({ component }) => PARTS[component] === part).map(({ id }) => id),
  );
  return {
    ...summary,
    overall: overallOf(results, summary.complete),
    results,
    suppressed: summary.suppressed.filter(({ finding }) => checks.has(finding.rule)),
  };
}
