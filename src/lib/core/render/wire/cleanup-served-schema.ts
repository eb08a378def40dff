import { z } from 'zod';
import { planSchema } from '../../cleanup/plan-schema.ts';
import { SCHEMA_VERSION } from '../../model/report.ts';
import { cleanupHistorySchema, runSchema } from './cleanup-schema.ts';

/* Plans and runs as they are asked for from afar: a few words of each in lists, and one with everything. */

const history = cleanupHistorySchema.shape;
const kept = history.plans.element.shape;
const text = z.string();
const count = z.int().nonnegative();
const version = z.literal(SCHEMA_VERSION);

const page = z
  .strictObject({
    total: count.describe('those that the filter lets through'),
    limit: z.int().positive(),
    offset: count,
    next: text.nullable().describe('path of the next page; null on the last'),
  })
  .describe('which part of the list this is');

/** Where a journal lies is for those who may look there. */
const damaged = z
  .array(history.damaged.element.pick({ kind: true, id: true, reason: true }))
  .describe('journals that are not as they were written; no clean-up runs while there are any');

const aboutPlan = {
  plan_id: kept.plan_id,
  plan_hash: kept.plan_hash.describe('what is approved of and carried out is the plan of this'),
  created_at: kept.created_at,
  expires_at: kept.expires_at.describe('from then on it is not carried out: make another'),
  by: kept.by.describe('who had it made'),
  state: kept.state,
  approvals: kept.approvals,
  rejection: kept.rejection,
  clusters: kept.clusters,
  systems: kept.systems,
  complete: planSchema.shape.complete.describe(
    'false where some source was not complete: what is not in the plan may be there all the same',
  ),
  summary: kept.summary,
  left_out: count.describe('findings that could have been in it and are not'),
  href: text.describe('where it is whole'),
};

export const planViewSchema = z
  .strictObject({
    schema_version: version,
    kind: z.literal('CleanupPlanView'),
    ...aboutPlan,
    plan: planSchema.describe('the document that is hashed, approved of and carried out'),
    not_included: z
      .array(z.strictObject({ snapshot: text, reason: text }))
      .optional()
      .describe('said once, when it is made: snapshots that were named and are not in it'),
    warnings: z
      .array(text)
      .optional()
      .describe('said once, when it is made: what could not be read as it should be'),
  })
  .describe('a plan, and who said what of it');

export const planListSchema = z
  .strictObject({
    schema_version: version,
    kind: z.literal('CleanupPlanList'),
    damaged,
    plans: z.array(z.strictObject(aboutPlan)).describe('the newest first'),
    page,
  })
  .describe('plans that were made on this machine');

const run = runSchema.omit({ schema_version: true, kind: true, steps: true, lost: true }).shape;

export const runListSchema = z
  .strictObject({
    schema_version: version,
    kind: z.literal('CleanupRunList'),
    damaged,
    runs: z
      .array(z.strictObject({ ...run, href: text.describe('where it is whole') }))
      .describe('the newest first'),
    page,
  })
  .describe('runs and rollbacks of this machine');

export type PlanViewWire = z.infer<typeof planViewSchema>;
export type PlanEntryWire = z.infer<typeof planListSchema>['plans'][number];
export type RunEntryWire = z.infer<typeof runListSchema>['runs'][number];
export type DamagedWire = z.infer<typeof planListSchema>['damaged'];
