import { z } from 'zod';
import { jsonObjectSchema } from '../../core/cleanup/change.ts';
import { planSchema } from '../../core/cleanup/plan-schema.ts';
import { runSchema } from '../../core/render/wire/cleanup-schema.ts';
import {
  planListSchema,
  planViewSchema,
  runListSchema,
} from '../../core/render/wire/cleanup-served-schema.ts';
import { named } from '../named-schema.ts';

/* What the routes of clean-up answer with and take, with the names they have in the documentation. */

// It refers to itself, and so has to have a name.
named('JsonValue', jsonObjectSchema.valueType);
named('CleanupPlan', planSchema);

export const planView = named('CleanupPlanView', planViewSchema);
export const planList = named('CleanupPlanList', planListSchema);
export const run = named('CleanupRun', runSchema);
export const runList = named('CleanupRunList', runListSchema);

const id = z.string().max(100);
export const planParams = z.strictObject({ id: id.describe('id of the plan') });
export const runParams = z.strictObject({ id: id.describe('id of the run') });

export const planHash = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, 'Write plan_hash as the plan that you read has it.')
  .describe('plan_hash of the plan as it was read; of any other nothing is said');

/** Why asking the desk may come to nothing. */
export const DESK_REFUSALS = {
  409: 'clean-up refuses it, somebody else is at it (Retry-After says when to ask again), or the plan is not the one that was read',
  415: 'the body is not JSON',
  500: 'a side or a journal has to be mended first; the message says what',
} as const;

/** Why the journals may not be told of. */
export const JOURNAL_REFUSALS = {
  500: 'a journal cannot be read; the message says which',
} as const;
