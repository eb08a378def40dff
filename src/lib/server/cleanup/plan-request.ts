import { z } from 'zod';
import { type PlanScope } from '../../core/cleanup/plan-scope.ts';
import { UsageError } from '../../core/model/errors.ts';
import { selectRules } from '../../core/rules/registry.ts';
import { findingFilterOf, findingFilterShape } from '../query/filter-query.ts';

/* What a plan is to be about, as it is sent: the filters of the lists, and what `cleanup plan` takes beside them. */

const MOST_NAMES = 100;
const { namespace, selector, rule, type, older_than, min_severity } = findingFilterShape;

export const planRequestSchema = z
  .strictObject({
    rules: rule.describe('only rules with these ids; * and ? stand for any characters'),
    findings: z
      .array(
        z
          .string()
          .regex(
            /^[0-9a-f]{16}$/,
            'Write the id of a finding: sixteen digits and letters up to f.',
          ),
      )
      .max(MOST_NAMES, `Give no more than ${String(MOST_NAMES)}.`)
      .optional()
      .describe(
        'only these findings; what is not safe by itself is planned only where it is named here',
      ),
    include_snapshots: z
      .array(
        z
          .string()
          .max(600, 'No name is so long.')
          .regex(
            /^[^@/][^@]*[^@/]@[^@/]+$/,
            'Write each snapshot whole, such as tank/k8s/pvc-6f1d2c9e@before-upgrade.',
          ),
      )
      .max(MOST_NAMES, `Give no more than ${String(MOST_NAMES)}.`)
      .optional()
      .describe('destroy these snapshots too, where they keep a dataset from being destroyed'),
    namespaces: namespace.describe('only what lies in these, or belongs to a claim in them'),
    selector,
    types: type.describe('only these types of object, such as pv, pvc, dataset, nfsshare'),
    older_than,
    min_severity,
  })
  .describe('which findings it is to be about; {} for all that are safe to clean up');

export type PlanRequest = z.infer<typeof planRequestSchema>;

/** Throws a `UsageError` where it leaves no rule, or names one that is none: a plan of nothing would look like a clean bill. */
export function planScopeOf(request: PlanRequest): PlanScope {
  const { rules = null, findings = [], include_snapshots: includeSnapshots = [] } = request;
  const { namespaces, types, selector: labels, older_than: age, min_severity: least } = request;
  const filter = findingFilterOf({
    namespace: namespaces,
    selector: labels,
    rule: undefined,
    type: types,
    older_than: age,
    min_severity: least,
  });
  const left = selectRules({
    categories: ['orphan', 'drift'],
    globs: rules,
    types: filter.types,
  });
  if (left.length > 0) return { rules, findings, includeSnapshots, filter };
  throw new UsageError('no rule is left to plan by', {
    remediation: ['No rule has what rules and types ask for together: leave one of them out.'],
  });
}
