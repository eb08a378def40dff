import { z } from 'zod';
import { findNearest } from '../../core/model/did-you-mean.ts';
import { type FindingFilter } from '../../core/model/filter.ts';
import { SEVERITIES } from '../../core/model/finding.ts';
import { findResourceType, TYPE_NAMES } from '../../core/model/resource-ref.ts';
import { parseSelector } from '../../core/model/selector.ts';
import { parseDuration } from '../../core/model/units.ts';

/*
 * The filters of the command line as parameters. What they refuse they refuse in the words of the command line.
 */

/** No list of names that makes sense is longer. */
const MOST_NAMES = 100;

function oneOf(words: readonly string[]): (issue: { readonly input?: unknown }) => string {
  return ({ input }) => {
    const meant = typeof input === 'string' ? findNearest(input, words) : undefined;
    const hint = meant === undefined ? '' : `Did you mean ${meant}? `;
    return `${hint}Use one of ${words.join(', ')}.`;
  };
}

const ONE_VALUE = 'Give it once, with one value.';
const text = z.string(ONE_VALUE);
const name = text.trim().min(1, 'Write a name, or leave it out.').max(300, 'No name is so long.');
const names = z.array(name).max(MOST_NAMES, `Give no more than ${String(MOST_NAMES)}.`);

const namespace = names
  .optional()
  .describe('only what lies in this namespace, or belongs to a claim in it; may be repeated');
const selector = text
  .max(2_000, 'No selector is so long.')
  .refine((value) => parseSelector(value) !== undefined, {
    error: 'Write a selector as kubectl takes it: app=db,tier!=cache,!legacy.',
  })
  .optional()
  .describe('only Kubernetes objects with these labels, such as app=db,tier!=cache');
const olderThan = text
  .refine((value) => parseDuration(value) !== undefined, {
    error: 'Write a duration with its unit, such as 30s, 5m, 24h or 30d.',
  })
  .optional();

/** Parameters of what answers with findings; each is a flag of `orphans`. */
export const findingFilterShape = {
  namespace,
  selector,
  rule: names
    .optional()
    .describe('only rules with this id; * and ? stand for any characters, may be repeated'),
  type: z
    .array(
      text.refine((value) => findResourceType(value) !== undefined, { error: oneOf(TYPE_NAMES) }),
    )
    .max(MOST_NAMES, `Give no more than ${String(MOST_NAMES)}.`)
    .optional()
    .describe('only this type of object, such as pv, pvc, dataset, nfsshare; may be repeated'),
  older_than: olderThan.describe(
    'only objects older than this, such as 30d; what has no date counts since it was first seen',
  ),
  min_severity: z
    .enum(SEVERITIES, { error: oneOf(SEVERITIES) })
    .optional()
    .describe('only findings at least this severe'),
};

/** Parameters of lists of what was seen. */
export const rowFilterShape = {
  namespace,
  selector,
  older_than: olderThan.describe('only objects older than this, such as 30d'),
};

type FindingParameters = z.infer<z.ZodObject<typeof findingFilterShape>>;
type RowParameters = z.infer<z.ZodObject<typeof rowFilterShape>>;

/** Choices among rows that are no findings. */
export type RowFilter = Pick<FindingFilter, 'namespaces' | 'selector' | 'olderThan'>;

export function rowFilterOf(query: RowParameters): RowFilter {
  const { selector: labels, older_than: age } = query;
  return {
    namespaces: query.namespace ?? null,
    selector: labels === undefined ? null : (parseSelector(labels) ?? null),
    olderThan: age === undefined ? null : (parseDuration(age) ?? null),
  };
}

export function findingFilterOf(query: FindingParameters): FindingFilter {
  const types = query.type?.flatMap((each) => findResourceType(each) ?? []);
  return { ...rowFilterOf(query), types: types ?? null, minSeverity: query.min_severity ?? null };
}
