import { z } from 'zod';
import { SCHEMA_VERSION } from '../model/report.ts';
import { actorSchema } from './journal-schema.ts';
import { LIFECYCLE_STATES, STEP_STATES } from './lifecycle.ts';
import { itemSchema, planSchema, stepSchema } from './plan-schema.ts';

/*
 * What `cleanup history` exports for an audit, one record a line: who did what, when, why, on whose word, and what became of it.
 */

const text = z.string();
const count = z.int().nonnegative();
/** As `Date` writes it. */
const instant = text
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  .meta({ format: 'date-time', description: 'ISO 8601, UTC' });
const damage = text
  .nullable()
  .describe(
    'why not all of its journal is to be believed; the record is what the part before tells',
  );

const verdict = z.strictObject({ by: actorSchema, at: instant, reason: text.nullable() });
const { clusters, systems } = planSchema.shape;

const planRecord = z.strictObject({
  record: z.literal('plan'),
  plan_id: text,
  plan_hash: text,
  at: instant.describe('when it was made'),
  by: actorSchema,
  expires_at: instant,
  state: z.enum(['awaiting_approval', 'approved', 'rejected']),
  approvals: z.array(verdict),
  rejection: verdict.nullable(),
  clusters,
  systems,
  items: z.array(
    itemSchema.pick({
      id: true,
      rule: true,
      intent: true,
      subject: true,
      reason: true,
      bytes: true,
    }),
  ),
  steps: count,
  runs: z.array(text).describe('ids of the runs that carried it out, oldest first'),
  damage,
});

const runRecord = z.strictObject({
  record: z.literal('run'),
  run_id: text,
  work: z.enum(['apply', 'rollback']),
  undoes: text.nullable().describe('of a rollback: the run whose steps it undoes'),
  plan_id: text.nullable().describe('of a rollback: the plan of that run, where it is known'),
  at: instant.describe('when it was begun'),
  last_at: instant,
  by: actorSchema,
  approved_by: z.array(actorSchema),
  state: z.enum(LIFECYCLE_STATES),
  reason: text.nullable(),
  clusters,
  systems,
  lost: z.array(z.strictObject({ step: text, reason: text })),
  damage,
});

const stepRecord = z.strictObject({
  record: z.literal('step'),
  run_id: text,
  plan_id: text.nullable(),
  step: text,
  title: text,
  subject: stepSchema.shape.subject,
  target: stepSchema.shape.target,
  change: stepSchema.shape.change,
  finding: text.describe('id of the finding it is there for'),
  rule: text.nullable(),
  why: text.nullable().describe('what the finding said'),
  by: actorSchema,
  approved_by: z.array(actorSchema),
  at: instant.nullable().describe('when it was last heard of; null where it was not begun'),
  state: z
    .enum([...STEP_STATES, 'pending', 'not_begun'])
    .describe('pending: announced, and not heard of since'),
  detail: text.nullable(),
  attempts: count,
  bytes: count.describe('what it gives back where it is done'),
});

const damagedRecord = z.strictObject({
  record: z.literal('damaged'),
  journal: z.enum(['plan', 'run']),
  id: text,
  path: text,
  damage: text,
  entries: count.describe('how many entries before the damage are as they were written'),
});

/** What the journals tell, each about one plan, run, step or damage. */
const auditRecordSchema = z.discriminatedUnion('record', [
  planRecord,
  runRecord,
  stepRecord,
  damagedRecord,
]);
export type AuditRecord = z.infer<typeof auditRecordSchema>;
export type AuditOf<R extends AuditRecord['record']> = Extract<AuditRecord, { record: R }>;

const headerSchema = z.strictObject({
  schema_version: z.literal(SCHEMA_VERSION),
  kind: z.literal('CleanupAudit'),
  exported_at: instant,
});

/** By which a reader knows that nothing was cut off. */
const endSchema = z.strictObject({
  record: z.literal('end'),
  records: count.describe('how many lines there are between the first and this one'),
});

export const auditLineSchema = z
  .union([headerSchema, auditRecordSchema, endSchema])
  .describe('one line of an export: the header, then the records, then the end');
export type AuditLine = z.infer<typeof auditLineSchema>;
