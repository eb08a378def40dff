import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { type ZodTypeProvider } from 'fastify-type-provider-zod';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { planUnknown } from '../../core/cleanup/desk-failures.ts';
import { type PlanView } from '../../core/cleanup/plan-view.ts';
import {
  planHref,
  PLANS_PATH,
  planViewToWire,
  type SaidOnce,
} from '../../core/render/wire/cleanup-served.ts';
import { type PlanViewWire } from '../../core/render/wire/cleanup-served-schema.ts';
import { type MadePlan } from '../../ports/cleanup-desk.ts';
import { askDesk, type Done, newestHistory, waitLonger, type Wish } from '../cleanup/ask-desk.ts';
import { type PlanRequest, planRequestSchema, planScopeOf } from '../cleanup/plan-request.ts';
import { DESK_REFUSALS, planHash, planParams, planView } from '../cleanup/schemas.ts';
import { type ServerContext } from '../context.ts';
import { refuse } from '../http-error.ts';
import { IdempotencyKeys, KEY_KEPT_FOR, keyHeader, KEYS } from '../idempotency-keys.ts';
import { refusalOf } from '../refusal-of.ts';
import { routeSchema } from '../route-schema.ts';

const LONGEST_REASON = 1_000;

/** Asking for a plan, and saying yes or no to one. */
export function cleanupRequestRoutes(server: FastifyInstance, context: ServerContext): void {
  planRoute(server, context);
  approvalRoute(server, context);
}

/** A plan that was made for a key. */
interface Made {
  readonly planId: string;
  /** What was asked for, so that another wish under the same key is not taken for it. */
  readonly wish: string;
  readonly once: SaidOnce;
}

function planRoute(server: FastifyInstance, context: ServerContext): void {
  const { clock } = context;
  const keys = new IdempotencyKeys<Made>(clock, KEY_KEPT_FOR, KEYS);
  server.withTypeProvider<ZodTypeProvider>().post(
    PLANS_PATH,
    {
      config: { access: { role: 'operator' } },
      schema: routeSchema({
        operationId: 'makeCleanupPlan',
        tag: 'cleanup',
        summary: 'make a plan of clean-up, and change nothing',
        description:
          'Both sides are read anew, which takes as long as a scan; the answer is the plan. It holds for `cleanup.plan_ttl`, and needs the approvals that the configuration asks for.',
        headers: keyHeader('plan'),
        body: planRequestSchema,
        answers: { 201: { description: 'the plan that was made', schema: planView } },
        refusals: {
          ...DESK_REFUSALS,
          404: 'the plan of this key is not on this machine any more',
          422: 'this key was sent with another request',
        },
      }),
    },
    async (request, reply) => {
      const caller = request.caller?.name ?? null;
      const key = request.headers['idempotency-key'];
      const wish = createHash('sha256').update(JSON.stringify(request.body)).digest('base64url');
      const known = key === undefined ? undefined : keys.find(caller, key);
      if (known !== undefined) return await madeBefore(context, reply, known, wish);
      const { value, at } = await makePlan(context, request, reply);
      const { view, ...once } = value;
      if (key !== undefined) keys.keep(caller, key, { planId: view.id, wish, once });
      return created(reply, view, planViewToWire(view, at, once));
    },
  );
}

async function madeBefore(
  context: ServerContext,
  reply: FastifyReply,
  known: Made,
  wish: string,
): Promise<PlanViewWire> {
  if (known.wish !== wish) throw otherWish();
  const { plans, at } = await newestHistory(context, reply);
  const view = plans.find(({ id }) => id === known.planId);
  if (view === undefined) throw refusalOf(planUnknown(known.planId));
  return created(reply, view, planViewToWire(view, at, known.once));
}

async function makePlan(
  context: ServerContext,
  request: FastifyRequest<{ Body: PlanRequest }>,
  reply: FastifyReply,
): Promise<Done<MadePlan>> {
  const scope = planScopeOf(request.body);
  waitLonger(reply);
  const wish: Wish<MadePlan> = {
    what: 'a clean-up plan',
    about: {},
    came: ({ view: { id, plan } }) => ({
      plan: id,
      items: plan.summary.items,
      steps: plan.summary.steps,
    }),
  };
  return await askDesk(
    context,
    request,
    wish,
    async (asked) => await context.cleanup.plan(scope, asked),
  );
}

function created(reply: FastifyReply, { id }: PlanView, form: PlanViewWire): PlanViewWire {
  void reply.code(201).header('location', planHref(id)).header('cache-control', 'no-store');
  return form;
}

function approvalRoute(server: FastifyInstance, context: ServerContext): void {
  const { cleanup } = context;
  server.withTypeProvider<ZodTypeProvider>().post(
    `${PLANS_PATH}/:id/approvals`,
    {
      config: { access: { role: 'approver' } },
      schema: routeSchema({
        operationId: 'judgeCleanupPlan',
        tag: 'cleanup',
        summary: 'approve of a plan, or reject it for good',
        description:
          'In the name of whoever the token is of. What is said is said of the plan with this hash alone. A rejected plan can never be carried out.',
        params: planParams,
        body: z.strictObject({
          plan_hash: planHash,
          verdict: z
            .enum(['approve', 'reject'], 'Write approve or reject.')
            .default('approve')
            .describe('what is said of it'),
          reason: z
            .string()
            .max(LONGEST_REASON, `Write no more than ${String(LONGEST_REASON)} characters.`)
            .nullish()
            .describe('why; kept beside it for whoever reads the history'),
        }),
        answers: {
          201: { description: 'the plan, with all that was said of it', schema: planView },
        },
        refusals: { ...DESK_REFUSALS, 404: 'there is no such plan on this machine' },
      }),
    },
    async (request, reply) => {
      const { params, body } = request;
      const { plan_hash: hash, verdict, reason = null } = body;
      waitLonger(reply);
      const { value: view, at } = await askDesk(
        context,
        request,
        {
          what: verdict === 'approve' ? 'an approval of a plan' : 'a rejection of a plan',
          about: { plan: params.id, plan_hash: hash },
          came: ({ state }: PlanView) => ({ state }),
        },
        async (asked) =>
          await cleanup.judge({ planId: params.id, planHash: hash, verdict, reason }, asked),
      );
      return created(reply, view, planViewToWire(view, at));
    },
  );
}

function otherWish(): Error {
  return refuse(422, {
    code: 'IDEMPOTENCY_KEY_USED',
    message: 'this key was sent before, with another request',
    remediation: ['Send a new Idempotency-Key with every new request.'],
  });
}
