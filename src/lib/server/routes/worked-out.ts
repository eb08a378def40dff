import { type FastifyInstance, type FastifyReply } from 'fastify';
import { type ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { explanationSchema } from '../../core/render/wire/explanation-schema.ts';
import { elapsed } from '../../core/model/units.ts';
import { freshnessOf } from '../../core/serve/monitor-state.ts';
import { type EngineQuestion, REPORT_FORMATS } from '../../ports/scan-engine.ts';
import { type ServerContext } from '../context.ts';
import { requireScan } from '../current-scan.ts';
import { named } from '../named-schema.ts';
import { refusalOf } from '../refusal-of.ts';
import { routeSchema } from '../route-schema.ts';
import { answerDocument, detailedReportSchema } from './documents.ts';

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

/** What is no page may do nothing at all. */
const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'";

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
    {
      config,
      helmet: { contentSecurityPolicy: false },
      schema: routeSchema({
        operationId: 'getDetailedReport',
        tag: 'reports',
        summary: 'everything one scan says, in any format',
        description: 'For those who may see every namespace: it is about the whole estate.',
        querystring: reportQuery,
        answers: {
          200: {
            description: 'the report, as JSON unless another format is asked for',
            schema: detailedReportSchema(),
            others: Object.fromEntries(
              REPORT_FORMATS.map((format) => [TYPES[format].split(';', 1)[0] ?? '', z.string()]),
            ),
          },
          304: { description: 'nothing changed since the ETag that was sent', schema: null },
        },
      }),
    },
    async (request, reply) => {
      const { format } = request.query;
      if (format === 'json') {
        void reply.header('content-security-policy', DATA_POLICY);
        return answerDocument(context, 'reports/detailed', request, reply);
      }
      void reply.header('content-security-policy', format === 'html' ? PAGE_POLICY : DATA_POLICY);
      return await sendAnswer(context, reply, {
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
      schema: routeSchema({
        operationId: 'explain',
        tag: 'findings',
        summary: 'the chain of one object on both sides, and why it is reported or is not',
        description: 'For those who may see every namespace: a chain may lead through several.',
        querystring: explainQuery,
        answers: {
          200: {
            description: 'the chain',
            schema: named('Explanation', explanationSchema),
            others: { 'application/yaml': z.string(), 'text/plain': z.string() },
          },
        },
        refusals: { 404: 'there is no such object, or it is not named as it should be' },
      }),
    },
    async (request, reply) => {
      const { object, format } = request.query;
      return await sendAnswer(context, reply, {
        kind: 'explain',
        object,
        format,
        correlationId: request.id,
      });
    },
  );
}

/** What was asked for is not there, or is not named as it should be. */
const NOT_THERE = { USAGE: 404 };

async function sendAnswer(
  context: ServerContext,
  reply: FastifyReply,
  question: EngineQuestion,
): Promise<FastifyReply> {
  const { id } = requireScan(context);
  const answer = await context.answers.get(nameOf(question), {
    scan: id,
    make: async () => {
      const made = await context.engine.answer(question);
      if (made.state === 'done') return made.body;
      throw refusalOf(made.error, NOT_THERE);
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
