import { z } from 'zod';
import { SEVERITIES } from '../model/finding.ts';
import { RESOURCE_TYPES } from '../model/resource-ref.ts';
import { clusterChangeSchema, nasChangeSchema } from './change.ts';
import { expectationSchema } from './expectation.ts';

/*
 * A plan as it is written, hashed, approved and carried out. It is a file with a life of its own, so that its form inside is its form
 * outside: instants are ISO 8601 in UTC, sizes bytes, spans seconds.
 */

export const PLAN_VERSION = 1;

const instant = z.iso.datetime();
const bytes = z.int().nonnegative();

const evidenceSchema = z.strictObject({
  check: z.string(),
  result: z.enum(['passed', 'failed', 'unknown']),
  detail: z.string(),
});

const subjectSchema = z.strictObject({
  type: z.enum(RESOURCE_TYPES),
  name: z.string(),
  namespace: z.string().nullable(),
  /** One of the two. */
  cluster: z.string().nullable(),
  system: z.string().nullable(),
});
export type PlanSubject = z.infer<typeof subjectSchema>;

/** What a plan is there for. Limits and approvals look at this, so that a repair is not held back by them. */
export const INTENTS = ['repair', 'quarantine', 'delete', 'destroy'] as const;
export type Intent = (typeof INTENTS)[number];

/** One finding, and what is to be done about it. */
export const itemSchema = z.strictObject({
  /** Id of the finding. */
  id: z.string(),
  rule: z.string(),
  severity: z.enum(SEVERITIES),
  intent: z.enum(INTENTS),
  subject: subjectSchema,
  reason: z.string(),
  /** Bytes that come back in the end; of a repair none. */
  bytes,
  /** Dataset this is about, and the parent whose volumes it counts among for `max_percent`; null where there is none. */
  dataset: z.string().nullable(),
  parent: z.string().nullable(),
  created_at: instant.nullable(),
  evidence: z.array(evidenceSchema),
});
export type PlanItem = z.infer<typeof itemSchema>;

export const stepSchema = z.strictObject({
  /** `s01`, `s02`, …: their order. */
  id: z.string(),
  /** Id of the item it belongs to. */
  item: z.string(),
  /** What it does, an imperative sentence without a full stop. */
  title: z.string(),
  /** Name of the cluster or system in the configuration; the plan's `clusters` and `systems` say which one that is. */
  target: z.discriminatedUnion('side', [
    z.strictObject({ side: z.literal('truenas'), system: z.string() }),
    z.strictObject({ side: z.literal('kubernetes'), cluster: z.string() }),
  ]),
  subject: subjectSchema,
  change: z.union([nasChangeSchema, clusterChangeSchema]),
  /** All of them must be seen right before the change. */
  before: z.array(expectationSchema).min(1),
  /** All of them must be seen after it. */
  after: z.array(expectationSchema).min(1),
  /** In words: what `before` and the rule's checklist come to. */
  preconditions: z.array(z.string()),
  /** How it is undone; null where nothing brings it back. */
  undo: z.string().nullable(),
  /** Until when that is sure to be possible; null where nothing limits it. */
  reversible_until: instant.nullable(),
  /** Bytes this very step gives back. */
  bytes,
});
export type PlanStep = z.infer<typeof stepSchema>;

/** A finding that could have been in the plan, and why it is not. */
export const leftOutSchema = z.strictObject({
  id: z.string(),
  rule: z.string(),
  subject: subjectSchema,
  reason: z.string(),
});
export type LeftOut = z.infer<typeof leftOutSchema>;

export const limitsSchema = z.strictObject({
  max_items: z.int().positive(),
  max_bytes: bytes,
  max_percent: z.number().positive().max(100),
});
export type Limits = z.infer<typeof limitsSchema>;

/** Everything the hash is of. */
export const planBodySchema = z.strictObject({
  schema_version: z.literal(PLAN_VERSION),
  kind: z.literal('CleanupPlan'),
  /** What marks and file names call it by. */
  plan_id: z.string().regex(/^[\da-f]{16}$/),
  tool_version: z.string(),
  created_at: instant,
  expires_at: instant,
  /** Uids of `kube-system` and host ids: what carries the plan out must meet these very ones. */
  clusters: z.array(z.strictObject({ name: z.string(), uid: z.string() })),
  systems: z.array(
    z.strictObject({
      name: z.string(),
      host: z.string(),
      host_id: z.string(),
      version: z.string(),
    }),
  ),
  /** Whether everything was read: what is not in the plan may be there all the same where not. */
  complete: z.boolean(),
  quarantine_for_seconds: z.int().nonnegative(),
  limits: limitsSchema,
  /** How many managed volumes each parent had, by `system:path`, for `max_percent`. */
  parents: z.record(z.string(), z.int().nonnegative()),
  summary: z.strictObject({
    items: z.int().nonnegative(),
    steps: z.int().nonnegative(),
    by_intent: z.partialRecord(z.enum(INTENTS), z.int().nonnegative()),
    /** Given back by this plan itself, and in the end by what it puts aside. */
    bytes_now: bytes,
    bytes_later: bytes,
  }),
  items: z.array(itemSchema),
  steps: z.array(stepSchema),
  left_out: z.array(leftOutSchema),
});
export type PlanBody = z.infer<typeof planBodySchema>;

export const planSchema = planBodySchema.extend({
  /** `sha256:` and 64 hex digits over everything else in canonical form. */
  plan_hash: z.string().regex(/^sha256:[\da-f]{64}$/),
});
export type CleanupPlan = z.infer<typeof planSchema>;
