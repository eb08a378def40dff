import { type FastifyInstance } from 'fastify';
import { type ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { SCHEMA_VERSION } from '../../core/model/report.ts';
import { freshness, instant } from '../../core/render/wire/list-schema.ts';
import { orphanReportSchema } from '../../core/render/wire/schema.ts';
import { namespaceOf } from '../../core/report/select-findings.ts';
import { maySee } from '../../core/serve/filtered-report.ts';
import { type ServedScan } from '../../core/serve/served-scan.ts';
import { chooseType } from '../answer/accept.ts';
import { answerWith, JSON_TYPE } from '../answer/answer.ts';
import { documentPieces, type Part, rowPart } from '../answer/json-parts.ts';
import { allowedNamespaces } from '../auth/limit-scope.ts';
import { type ServerContext } from '../context.ts';
import { currentScan, freshnessWire } from '../freshness.ts';
import { refuse } from '../http-error.ts';
import { named } from '../named-schema.ts';
import { routeSchema } from '../route-schema.ts';

const answer = named(
  'FindingDocument',
  z
    .strictObject({
      schema_version: z.literal(SCHEMA_VERSION),
      kind: z.literal('Finding'),
      timestamp: instant.describe('of the scan'),
      ...freshness,
      finding: orphanReportSchema.shape.findings.element,
      suppressed: orphanReportSchema.shape.suppressed.element
        .nullable()
        .describe('who said to leave it alone, and why; null where nobody did'),
    })
    .describe('one finding with all its evidence'),
);

const params = z.strictObject({
  id: z
    .string()
    .regex(/^[0-9a-f]{16}$/, 'Write the id of a finding: sixteen digits and letters up to f.')
    .describe('id of the finding, the same in every scan'),
});

/** One finding, also one that somebody said to leave alone. */
export function findingRoutes(server: FastifyInstance, context: ServerContext): void {
  server.withTypeProvider<ZodTypeProvider>().get(
    '/api/v1/findings/:id',
    {
      config: { access: { role: 'viewer' }, sight: 'filtered' },
      schema: routeSchema({
        operationId: 'getFinding',
        tag: 'findings',
        summary: 'one finding with all its evidence, suppressed or not',
        params,
        answers: {
          200: { description: 'the finding', schema: answer },
          304: { description: 'nothing changed since the ETag that was sent', schema: null },
        },
        refusals: { 404: 'the last scan did not find it, or you may not see it' },
      }),
    },
    (request, reply) => {
      const current = currentScan(context);
      chooseType(request, [JSON_TYPE]);
      const parts = findPart(current.scan, request.params.id, allowedNamespaces(request));
      if (parts === undefined) throw notFound(current.scan.report.complete);
      const head = {
        schema_version: SCHEMA_VERSION,
        kind: 'Finding',
        timestamp: current.scan.report.takenAt.toISOString(),
        ...freshnessWire(current),
      };
      return answerWith(request, reply, current, {
        type: JSON_TYPE,
        pieces: () =>
          documentPieces([
            ...Object.entries(head).map(([key, value]): [string, Part] => [
              key,
              { kind: 'value', value },
            ]),
            ...parts,
          ]),
        size: 0,
      });
    },
  );
}

/** Where a finding is in a scan; undefined where it is not, or is not for whoever asks. */
function findPart(
  { findings, suppressed, silenced }: ServedScan,
  id: string,
  allowed: ReadonlySet<string> | null,
): readonly (readonly [string, Part])[] | undefined {
  const isIt = (each: ServedScan['findings']['keys'][number]): boolean =>
    each.id === id && maySee(allowed, namespaceOf(each));
  const found = findings.keys.findIndex(isIt);
  if (found >= 0) {
    return [
      ['finding', rowPart(findings, found)],
      ['suppressed', { kind: 'value', value: null }],
    ];
  }
  const left = suppressed.keys.findIndex(isIt);
  if (left < 0) return undefined;
  return [
    ['finding', rowPart(silenced, left)],
    ['suppressed', rowPart(suppressed, left)],
  ];
}

function notFound(complete: boolean) {
  return refuse(404, {
    code: 'FINDING_NOT_FOUND',
    message: 'the last scan did not find this',
    remediation: complete
      ? ['It may be mended: GET /api/v1/orphans lists what there is.']
      : [
          'The last scan was not complete, so it may be there all the same: GET /api/v1/orphans says what could not be read.',
        ],
  });
}
