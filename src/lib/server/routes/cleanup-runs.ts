import { type FastifyInstance } from 'fastify';
import { type ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { APPLY_OFF, runUnknown } from '../../core/cleanup/desk-failures.ts';
import { LIFECYCLE_STATES, type LifecycleState } from '../../core/cleanup/lifecycle.ts';
import { type RunView } from '../../core/cleanup/run-view.ts';
import { SCHEMA_VERSION } from '../../core/model/report.ts';
import {
  damagedToWire,
  PLANS_PATH,
  runEntryToWire,
  runHref,
  RUNS_PATH,
} from '../../core/render/wire/cleanup-served.ts';
import { runToWire } from '../../core/render/wire/cleanup.ts';
import { type LogFields } from '../../ports/logger.ts';
import { chooseType } from '../answer/accept.ts';
import { JSON_TYPE } from '../answer/answer.ts';
import { askDesk, newestHistory, refuseDamaged, waitLonger } from '../cleanup/ask-desk.ts';
import {
  DESK_REFUSALS,
  JOURNAL_REFUSALS,
  planHash,
  planParams,
  run,
  runList,
  runParams,
} from '../cleanup/schemas.ts';
import { type ServerContext } from '../context.ts';
import { newestFirst, newestFirstShape } from '../query/newest-first.ts';
import { refusalOf } from '../refusal-of.ts';
import { routeSchema } from '../route-schema.ts';

/** States of a run that goes on, or whose process ended in the middle of it. */
const UNDER_WAY: ReadonlySet<LifecycleState> = new Set([
  'approved',
  'applying',
  'verifying',
  'rolling_back',
]);

/** Seconds after which a run that goes on is worth another look. */
const LOOK_AGAIN = '2';

/** Runs: what was done, and having a plan carried out. */
export function cleanupRunRoutes(server: FastifyInstance, context: ServerContext): void {
  startRoute(server, context);
  listRoute(server, context);
  oneRoute(server, context);
}

function startRoute(server: FastifyInstance, context: ServerContext): void {
  const { cleanup, settings } = context;
  server.withTypeProvider<ZodTypeProvider>().post(
    `${PLANS_PATH}/:id/runs`,
    {
      config: { access: { role: 'admin' } },
      schema: routeSchema({
        operationId: 'runCleanupPlan',
        tag: 'cleanup',
        summary: 'carry a plan out, or try it out',
        description:
          'Only where `server.allow_apply` is set. With `execute: true` the answer comes once the run has begun, and the run tells how far it has come; a plan whose run has stopped is gone on with. With `execute: false` every step is proved and nothing is changed, and the answer comes when that is over.',
        params: planParams,
        body: z.strictObject({
          plan_hash: planHash,
          execute: z
            .boolean('Write true to change both sides, or false to change nothing.')
            .describe('true changes both sides; false proves every step and changes nothing'),
        }),
        answers: {
          200: { description: 'what a run would come to; nothing was changed', schema: run },
          202: { description: 'the run, which has begun', schema: run },
        },
        refusals: {
          ...DESK_REFUSALS,
          403: 'the caller is known and may not, or plans are not carried out through this server',
          404: 'there is no such plan on this machine',
        },
      }),
    },
    async (request, reply) => {
      const { params, body } = request;
      const { plan_hash: hash, execute } = body;
      if (!settings.server.allowApply) throw refusalOf(APPLY_OFF);
      waitLonger(reply);
      const { value: view } = await askDesk(
        context,
        request,
        {
          what: execute ? 'a clean-up run' : 'a rehearsal of a plan',
          about: { plan: params.id, plan_hash: hash },
          came: ({ id, state }: RunView): LogFields => (execute ? { run: id, state } : { state }),
        },
        async (asked) =>
          await cleanup.apply(
            { planId: params.id, planHash: hash, mode: execute ? 'execute' : 'rehearse' },
            asked,
          ),
      );
      void reply.header('cache-control', 'no-store');
      if (execute) {
        void reply.code(202).headers({ location: runHref(view.id), 'retry-after': LOOK_AGAIN });
      }
      return runToWire(view, !execute);
    },
  );
}

function listRoute(server: FastifyInstance, context: ServerContext): void {
  server.withTypeProvider<ZodTypeProvider>().get(
    RUNS_PATH,
    {
      config: { access: { role: 'viewer' } },
      schema: routeSchema({
        operationId: 'listCleanupRuns',
        tag: 'cleanup',
        summary: 'runs and rollbacks of clean-up, the newest first',
        description:
          'Of this machine, by whomever they were begun. For those who may see every namespace: clean-up is of the whole estate.',
        querystring: z.strictObject({
          ...newestFirstShape,
          state: z
            .array(z.enum(LIFECYCLE_STATES, `Use one of ${LIFECYCLE_STATES.join(', ')}.`))
            .optional()
            .describe('only those in this state; may be repeated'),
          plan: z.string().max(100).optional().describe('only runs of the plan with this id'),
        }),
        answers: { 200: { description: 'a page of them, without their steps', schema: runList } },
        refusals: { ...JOURNAL_REFUSALS, 404: 'the run to go on after is not there' },
      }),
    },
    async (request, reply) => {
      chooseType(request, [JSON_TYPE]);
      const { query, url } = request;
      const { damaged, runs } = await newestHistory(context, reply);
      const found = newestFirst(
        runs,
        query,
        url,
        ({ state, plan }) =>
          (query.state?.includes(state) ?? true) &&
          (query.plan === undefined || plan?.plan_id === query.plan),
      );
      if (found === undefined) throw refusalOf(runUnknown(query.cursor ?? ''));
      return {
        schema_version: SCHEMA_VERSION,
        kind: 'CleanupRunList',
        damaged: damagedToWire(damaged),
        runs: found.rows.map(runEntryToWire),
        page: found.page,
      };
    },
  );
}

function oneRoute(server: FastifyInstance, context: ServerContext): void {
  server.withTypeProvider<ZodTypeProvider>().get(
    `${RUNS_PATH}/:id`,
    {
      config: { access: { role: 'viewer' } },
      schema: routeSchema({
        operationId: 'getCleanupRun',
        tag: 'cleanup',
        summary: 'a run, step by step, as far as it has come',
        description: 'While it goes on, `Retry-After` says when to look again.',
        params: runParams,
        answers: { 200: { description: 'the run', schema: run } },
        refusals: { ...JOURNAL_REFUSALS, 404: 'there is no such run on this machine' },
      }),
    },
    async (request, reply) => {
      const { id } = request.params;
      chooseType(request, [JSON_TYPE]);
      const history = await newestHistory(context, reply);
      refuseDamaged(history, 'run', id);
      const found = history.runs.find((each) => each.id === id);
      if (found === undefined) throw refusalOf(runUnknown(id));
      if (UNDER_WAY.has(found.state)) void reply.header('retry-after', LOOK_AGAIN);
      return runToWire(found, false);
    },
  );
}
