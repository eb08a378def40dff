import { type FastifyInstance } from 'fastify';
import { type ZodTypeProvider } from 'fastify-type-provider-zod';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { planUnknown } from '../../core/cleanup/desk-failures.ts';
import { type PlanView } from '../../core/cleanup/plan-view.ts';
import {
  damagedToWire,
  planEntryToWire,
  PLANS_PATH,
  planViewToWire,
} from '../../core/render/wire/cleanup-served.ts';
import { SCHEMA_VERSION } from '../../core/model/report.ts';
import { chooseType } from '../answer/accept.ts';
import { JSON_TYPE } from '../answer/answer.ts';
import { isSame, unchanged } from '../answer/revalidate.ts';
import { newestHistory, refuseDamaged } from '../cleanup/ask-desk.ts';
import { JOURNAL_REFUSALS, planList, planParams, planView } from '../cleanup/schemas.ts';
import { type ServerContext } from '../context.ts';
import { newestFirst, newestFirstShape } from '../query/newest-first.ts';
import { refusalOf } from '../refusal-of.ts';
import { routeSchema } from '../route-schema.ts';

const PLAN_STATES = [
  'awaiting_approval',
  'approved',
  'rejected',
] as const satisfies readonly PlanView['state'][];

/** Plans that were made, and what was said of them. */
export function cleanupPlanRoutes(server: FastifyInstance, context: ServerContext): void {
  listRoute(server, context);
  oneRoute(server, context);
}

function listRoute(server: FastifyInstance, context: ServerContext): void {
  server.withTypeProvider<ZodTypeProvider>().get(
    PLANS_PATH,
    {
      config: { access: { role: 'viewer' } },
      schema: routeSchema({
        operationId: 'listCleanupPlans',
        tag: 'cleanup',
        summary: 'plans of clean-up, the newest first',
        description:
          'Of this machine, by whomever they were made. For those who may see every namespace: clean-up is of the whole estate.',
        querystring: z.strictObject({
          ...newestFirstShape,
          state: z
            .array(z.enum(PLAN_STATES, `Use one of ${PLAN_STATES.join(', ')}.`))
            .optional()
            .describe('only those in this state; may be repeated'),
        }),
        answers: { 200: { description: 'a page of them, without their steps', schema: planList } },
        refusals: { ...JOURNAL_REFUSALS, 404: 'the plan to go on after is not there' },
      }),
    },
    async (request, reply) => {
      chooseType(request, [JSON_TYPE]);
      const { query, url } = request;
      const { damaged, plans, at: now } = await newestHistory(context, reply);
      const found = newestFirst(
        plans,
        query,
        url,
        ({ state }) => query.state?.includes(state) ?? true,
      );
      if (found === undefined) throw refusalOf(planUnknown(query.cursor ?? ''));
      return {
        schema_version: SCHEMA_VERSION,
        kind: 'CleanupPlanList',
        damaged: damagedToWire(damaged),
        plans: found.rows.map((view) => planEntryToWire(view, now)),
        page: found.page,
      };
    },
  );
}

function oneRoute(server: FastifyInstance, context: ServerContext): void {
  server.withTypeProvider<ZodTypeProvider>().get(
    `${PLANS_PATH}/:id`,
    {
      config: { access: { role: 'viewer' } },
      schema: routeSchema({
        operationId: 'getCleanupPlan',
        tag: 'cleanup',
        summary: 'a plan with its steps, and who said what of it',
        params: planParams,
        answers: {
          200: { description: 'the plan', schema: planView },
          304: { description: 'nothing changed since the ETag that was sent', schema: null },
        },
        refusals: { ...JOURNAL_REFUSALS, 404: 'there is no such plan on this machine' },
      }),
    },
    async (request, reply) => {
      const { id } = request.params;
      chooseType(request, [JSON_TYPE]);
      const history = await newestHistory(context, reply);
      refuseDamaged(history, 'plan', id);
      const view = history.plans.find((each) => each.id === id);
      if (view === undefined) throw refusalOf(planUnknown(id));
      // Written here, and so handed on as it was hashed.
      const body = JSON.stringify(planViewToWire(view, history.at));
      const print = createHash('sha256').update(body).digest('base64url').slice(0, 22);
      if (isSame(request, reply, `W/"${print}"`)) return unchanged(reply);
      void reply.header('content-type', `${JSON_TYPE}; charset=utf-8`);
      return Buffer.from(body);
    },
  );
}
