import { z } from 'zod';
import { jsonObjectSchema } from './change.ts';
import { identitySchema, targetSchema } from './expectation.ts';
import { LIFECYCLE_STATES, STEP_STATES } from './lifecycle.ts';
import { planSchema, stepSchema } from './plan-schema.ts';

/*
 * What the journals hold, entry by entry. There is one journal a plan, with who approved it, and one a run, with what was done. Both
 * are only ever appended to, and an entry is on the disk before what it announces happens.
 */

const instant = z.iso.datetime();

/** Who did something, and how that is known. */
export const actorSchema = z.discriminatedUnion('kind', [
  /** By SelfSubjectReview. */
  z.strictObject({
    kind: z.literal('kubernetes'),
    name: z.string(),
    uid: z.string().nullable(),
    groups: z.array(z.string()),
    cluster: z.string(),
    cluster_uid: z.string(),
  }),
  /** By a token whose issuer the configuration of `serve` names. */
  z.strictObject({ kind: z.literal('token'), name: z.string(), issuer: z.string() }),
  /** Of this machine: protects against accidents, not against its owner. */
  z.strictObject({ kind: z.literal('os'), name: z.string(), host: z.string() }),
  /** An entry of `cleanup.auto_approve`. */
  z.strictObject({ kind: z.literal('policy'), name: z.string() }),
]);
export type Actor = z.infer<typeof actorSchema>;

const savedSchema = z.strictObject({
  target: targetSchema,
  identity: identitySchema,
  /** The whole object, so that it can be made again. */
  raw: jsonObjectSchema,
});
export type Saved = z.infer<typeof savedSchema>;

const observedSchema = z.strictObject({
  target: targetSchema,
  identity: identitySchema.nullable(),
});

export const journalEntrySchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('planned'), at: instant, plan: planSchema, by: actorSchema }),
  z.strictObject({
    type: z.literal('approved'),
    at: instant,
    plan_hash: z.string(),
    by: actorSchema,
    reason: z.string().nullable(),
  }),
  z.strictObject({
    type: z.literal('rejected'),
    at: instant,
    plan_hash: z.string(),
    by: actorSchema,
    reason: z.string().nullable(),
  }),
  z.strictObject({
    type: z.literal('begun'),
    at: instant,
    run_id: z.string(),
    tool_version: z.string(),
    by: actorSchema,
    approved_by: z.array(actorSchema),
    /** What is carried out; of a rollback, steps that undo those of another run. */
    work: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('apply'), plan: planSchema }),
      z.strictObject({
        kind: z.literal('rollback'),
        run_id: z.string(),
        clusters: planSchema.shape.clusters,
        systems: planSchema.shape.systems,
        /** Each has the id of the step that it undoes. */
        steps: z.array(stepSchema),
        /** What cannot be undone, in words. */
        lost: z.array(z.strictObject({ step: z.string(), reason: z.string() })),
      }),
    ]),
  }),
  /** A move of the lifecycle. */
  z.strictObject({
    type: z.literal('state'),
    at: instant,
    state: z.enum(LIFECYCLE_STATES),
    reason: z.string().nullable(),
  }),
  /** The step is about to be sent. On the disk before it is. */
  z.strictObject({
    type: z.literal('intent'),
    at: instant,
    step: z.string(),
    attempt: z.int().positive(),
    /** A step of this very run is taken back, because its item could not be finished. */
    undo: z.boolean(),
    saved: z.array(savedSchema),
  }),
  z.strictObject({
    type: z.literal('outcome'),
    at: instant,
    step: z.string(),
    state: z.enum(STEP_STATES),
    /** One line for people. */
    detail: z.string(),
    /** What was read back of each target; null where it is gone. */
    observed: z.array(observedSchema),
    /** Found out by looking, because no answer came or the run was interrupted. */
    found: z.boolean(),
  }),
]);
export type JournalEntry = z.infer<typeof journalEntrySchema>;
export type EntryOf<T extends JournalEntry['type']> = Extract<JournalEntry, { type: T }>;
