import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { type ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { elapsed } from '../../core/model/units.ts';
import { freshnessOf } from '../../core/serve/monitor-state.ts';
import { type EngineQuestion, REPORT_FORMATS } from '../../ports/scan-engine.ts';
import { type ServerContext } from '../context.ts';
import { requireScan } from '../current-scan.ts';
import { HttpError, refuse } from '../http-error.ts';

/* What has to be worked out when it is asked for: by the scanning thread, once for everybody who asks the same. */

const TYPES = {
  json: 'application/json; charset=utf-8',
  yaml: 'application/yaml; charset=utf-8',
  html: 'text/html; charset=utf-8',
  pdf: 'application/pdf',
  markdown: 'text/markdown; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  tree: 'text/plain; charset=utf-8',
} as const;

/** What a page of ours may do in a browser: show itself. Its scripts and styles are all inside of it. */
const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

const reportQuery = z.strictObject({
  format: z
    .enum(['json', ...REPORT_FORMATS])
    .default('json')
    .describe('As what the report is written'),
});

const explainQuery = z.strictObject({
  object: z
    .string()
    .min(1)
    .max(512)
    .describe('A finding id, or an object such as pv/NAME, pvc/NAMESPACE/NAME or dataset/PATH'),
  format: z.enum(['json', 'yaml', 'tree']).default('json').describe('As what it is written'),
});

/** Whole reports in every format, and the chain of one object. */
export function workedOutRoutes(server: FastifyInstance, context: ServerContext): void {
  const typed = server.withTypeProvider<ZodTypeProvider>();
  const config = { access: { role: 'viewer' } } as const;
  typed.get(
    '/api/v1/reports/detailed',
    { config, schema: { querystring: reportQuery, summary: 'The whole report, in any format' } },
    async (request, reply) => {
      const { format } = request.query;
      if (format === 'json') return await sendDocument(context, request, reply);
      if (format === 'html') void reply.header('content-security-policy', PAGE_POLICY);
      return await sendAnswer(context, request, reply, {
        kind: 'report',
        format,
        correlationId: request.id,
      });
    },
  );
  typed.get(
    '/api/v1/explain',
    {
      config,
      schema: {
        querystring: explainQuery,
        summary: 'The chain of one object on both sides, and why it is reported or is not',
      },
    },
    async (request, reply) => {
      const { object, format } = request.query;
      return await sendAnswer(context, request, reply, {
        kind: 'explain',
        object,
        format,
        correlationId: request.id,
      });
    },
  );
}

/** Whoever may see some namespaces only is shown nothing that speaks of all of them. */
function requireEverything({ caller }: FastifyRequest): void {
  if (caller !== null && caller.namespaces !== null) {
    throw refuse(403, {
      code: 'FORBIDDEN',
      message: 'this speaks of every namespace, and you may see some of them',
      remediation: ['Ask for lists, which show what you may see: GET /openapi.json has them all.'],
    });
  }
}

async function sendDocument(
  context: ServerContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  requireEverything(request);
  const document = requireScan(context).documents['reports/detailed'];
  if (document === undefined) throw refuse(404, NO_REPORT);
  mark(context, reply, 0);
  return await reply.type(TYPES.json).send(Buffer.from(document.buffer));
}

const NO_REPORT = { code: 'NOT_FOUND', message: 'this scan has no such report' } as const;

async function sendAnswer(
  context: ServerContext,
  request: FastifyRequest,
  reply: FastifyReply,
  question: EngineQuestion,
): Promise<FastifyReply> {
  requireEverything(request);
  const { id } = requireScan(context);
  const answer = await context.answers.get(nameOf(question), {
    scan: id,
    make: async () => {
      const made = await context.engine.answer(question);
      if (made.state === 'done') return made.body;
      throw refusalOf(made.error);
    },
  });
  // Of an earlier scan: what was served then was younger then.
  const older = answer.scan === id ? 0 : elapsed(answer.madeAt, context.clock.now());
  mark(context, reply, older);
  return await reply
    .header('x-truenas-monitor-scan', answer.scan)
    .type(TYPES[question.format])
    .send(Buffer.from(answer.body.buffer));
}

/** The same question by whomever it is asked. */
function nameOf(question: EngineQuestion): string {
  return question.kind === 'report'
    ? `report ${question.format}`
    : `explain ${question.format} ${question.object}`;
}

function mark({ monitor, clock }: ServerContext, reply: FastifyReply, older: number): void {
  const fresh = freshnessOf(monitor.state, clock.now());
  if (fresh === null) return;
  void reply.header('x-truenas-monitor-age', String(Math.round((fresh.age + older) / 1000)));
  if (fresh.stale || older > 0) void reply.header('x-truenas-monitor-stale', 'true');
}

function refusalOf(failure: HttpError['failure']): HttpError {
  switch (failure.code) {
    // What was asked for is not there, or is not named as it should be.
    case 'USAGE':
      return new HttpError(404, failure);
    case 'INTERNAL':
      return new HttpError(500, failure);
    default:
      return new HttpError(503, failure, { 'retry-after': '5' });
  }
}
