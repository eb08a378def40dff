import { z } from 'zod';
import { actorSchema } from '../../cleanup/journal-schema.ts';
import { LIFECYCLE_STATES, STEP_STATES } from '../../cleanup/lifecycle.ts';
import { planSchema, stepSchema } from '../../cleanup/plan-schema.ts';
import { SCHEMA_VERSION } from '../../model/report.ts';

/*
 * What clean-up did, as JSON and YAML. A plan has no wire form of its own: it is the document that is hashed and approved.
 */

const text = z.string();
const count = z.int().nonnegative();
const instant = z.iso.datetime();
const { clusters, systems } = planSchema.shape;
const { id, item, title, target, subject, change, undo, reversible_until, bytes } =
  stepSchema.shape;

const stepRunSchema = z.object({
  id,
  item,
  title,
  target,
  subject,
  change,
  undo,
  reversible_until,
  bytes: bytes.describe('what the step gives back where it is done'),
  state: z
    .enum([...STEP_STATES, 'not_begun'])
    .describe('of a dry run: what it would become, and nothing was done'),
  detail: text.nullable(),
  at: instant.nullable(),
  attempts: count,
  pending: z.boolean().describe('announced, and nothing was heard of it since: unknown'),
});

export const runSchema = z.object({
  schema_version: z.literal(SCHEMA_VERSION),
  kind: z.literal('CleanupRun'),
  run_id: text,
  action: z.enum(['apply', 'rollback']),
  dry_run: z.boolean(),
  undoes: text.nullable().describe('of a rollback: the run it undoes'),
  plan_id: text.nullable(),
  plan_hash: text.nullable(),
  by: actorSchema,
  approved_by: z.array(actorSchema),
  begun_at: instant,
  last_at: instant,
  state: z.enum(LIFECYCLE_STATES),
  reason: text.nullable(),
  clusters,
  systems,
  summary: z.object({
    steps: count,
    done: count,
    skipped: count,
    failed: count,
    unknown: count,
    rolled_back: count,
    not_begun: count,
    pending: count,
    freed_bytes: count.describe('of the steps that are done; of a dry run, that would be'),
  }),
  steps: z.array(stepRunSchema),
  lost: z.array(z.object({ step: text, reason: text })).describe('what cannot be undone, and why'),
});
export type RunWire = z.infer<typeof runSchema>;

const approvalSchema = z.object({ by: actorSchema, at: instant, reason: text.nullable() });

export const cleanupHistorySchema = z.object({
  schema_version: z.literal(SCHEMA_VERSION),
  kind: z.literal('CleanupHistory'),
  timestamp: instant,
  damaged: z
    .array(z.object({ kind: z.enum(['plan', 'run']), id: text, path: text, reason: text }))
    .describe('journals that are not as they were written; no clean-up runs while there are any'),
  plans: z.array(
    z.object({
      plan_id: text,
      plan_hash: text,
      created_at: instant,
      expires_at: instant,
      by: actorSchema,
      state: z.enum(['awaiting_approval', 'approved', 'rejected']),
      approvals: z.array(approvalSchema),
      rejection: approvalSchema.nullable(),
      clusters,
      systems,
      summary: planSchema.shape.summary,
      items: planSchema.shape.items,
    }),
  ),
  runs: z.array(runSchema),
});
export type CleanupHistoryWire = z.infer<typeof cleanupHistorySchema>;
