import { type FastifyInstance } from 'fastify';
import { type ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { readinessOf } from '../../core/serve/readiness.ts';
import { type ServerContext } from '../context.ts';
import { named } from '../named-schema.ts';
import { routeSchema } from '../route-schema.ts';

/* For probes, which bring no token: none of it says anything of what was found. */

const instant = z.iso.datetime().nullable();
const text = z.string();

const health = z
  .strictObject({ status: z.literal('ok') })
  .describe('The process answers. It says nothing of what it watches.');

const version = named(
  'Version',
  z.strictObject({
    version: text.describe('Of this program'),
    commit: text.nullable().describe('What it was made from; null where that is not known'),
    node: text.describe('Of the Node it runs on'),
    platform: text,
    started_at: z.iso.datetime(),
  }),
);

const member = named(
  'ReadinessOfMember',
  z.strictObject({
    name: text.describe('As in the configuration'),
    ready: z.boolean().describe('It was read whole, lately, and can be reached'),
    circuit: z
      .enum(['closed', 'open', 'half-open'])
      .describe('Open where it failed so often that it is left alone for a while'),
    stale: z.boolean(),
    age_seconds: z.number().nullable(),
    reasons: z.array(text).readonly().describe('Why what was read of it is not whole'),
  }),
);

const ready = named(
  'Readiness',
  z.strictObject({
    ready: z.boolean().describe('There is a result to answer with, and the process is not ending'),
    reason: text.nullable().describe('Why it is not ready'),
    stale: z.boolean().describe('The result may no longer be how things are'),
    age_seconds: z.number().nullable().describe('Of the result; null until there is one'),
    scanned_at: instant,
    complete: z.boolean().nullable().describe('Everything was read'),
    scanning: z.boolean().describe('A scan is under way'),
    next_scan_at: instant,
    failure: z
      .strictObject({ code: text, message: text, at: z.iso.datetime() })
      .nullable()
      .describe('Of the last scan'),
    clusters: z.array(member).readonly(),
    systems: z.array(member).readonly(),
    sources: z
      .array(
        z.strictObject({
          name: text,
          cluster: text.nullable(),
          system: text.nullable(),
          ready: z.boolean(),
          state: z.enum(['complete', 'partial', 'failed', 'not_applicable']),
          reason: text.nullable(),
          count: z.int(),
        }),
      )
      .readonly(),
  }),
);

/** What every probe says of itself; whoever probes may be set up to send parameters to everything. */
const PROBE = { tag: 'service', open: true, querystring: z.looseObject({}) } as const;

/** Whether the process lives, whether it has something to say, and what it is. */
export function probeRoutes(server: FastifyInstance, context: ServerContext): void {
  const { monitor, clock, program, process } = context;
  const typed = server.withTypeProvider<ZodTypeProvider>();
  const config = { access: 'open' } as const;
  // What a probe was told a minute ago is of no use to it.
  typed.addHook('onSend', async (request, reply) => {
    if (request.routeOptions.config.access === 'open')
      void reply.header('cache-control', 'no-store');
  });
  typed.get(
    '/health',
    {
      config,
      schema: routeSchema({
        ...PROBE,
        operationId: 'getLiveness',
        summary: 'whether the process lives',
        answers: { 200: { description: 'it does', schema: health } },
      }),
    },
    () => ({ status: 'ok' as const }),
  );
  typed.get(
    '/version',
    {
      config,
      schema: routeSchema({
        ...PROBE,
        operationId: 'getVersion',
        summary: 'what runs here',
        answers: { 200: { description: 'the program, and since when it runs', schema: version } },
      }),
    },
    () => program,
  );
  typed.get(
    '/ready',
    {
      config,
      schema: routeSchema({
        ...PROBE,
        operationId: 'getReadiness',
        summary: 'whether there is a result to answer with, and what stands behind it',
        answers: {
          200: { description: 'there is', schema: ready },
          503: { description: 'there is none yet, or the process is ending', schema: ready },
        },
      }),
    },
    async (_request, reply) => {
      const readiness = readinessOf(monitor.state, process, clock.now());
      return await reply.code(readiness.ready ? 200 : 503).send(readiness);
    },
  );
}
