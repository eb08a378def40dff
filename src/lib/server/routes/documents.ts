import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { freshness } from '../../core/render/wire/list-schema.ts';
import { DOCUMENT_SCHEMAS } from '../../core/render/wire/served-schemas.ts';
import { DOCUMENTS, type DocumentName } from '../../core/serve/served-scan.ts';
import { chooseType } from '../answer/accept.ts';
import { answerWith, JSON_TYPE } from '../answer/answer.ts';
import { spliced } from '../answer/json-parts.ts';
import { type ServerContext } from '../context.ts';
import { currentScan, freshnessWire } from '../freshness.ts';
import { named } from '../named-schema.ts';
import { routeSchema, type Tag } from '../route-schema.ts';

interface DocumentText {
  readonly operationId: string;
  readonly tag: Tag;
  readonly summary: string;
  /** What its schema is called. */
  readonly name: string;
}

const TEXTS: Readonly<Record<DocumentName, DocumentText>> = {
  'truenas/info': {
    operationId: 'getTruenasInfo',
    tag: 'truenas',
    summary: 'the TrueNAS systems, and how much of each was read',
    name: 'ServedTrueNasInfo',
  },
  analysis: {
    operationId: 'getAnalysis',
    tag: 'analysis',
    summary: 'all that analyze says: space, growth, forecasts, anomalies, recommendations',
    name: 'ServedStorageAnalysis',
  },
  'analysis/usage': {
    operationId: 'getUsage',
    tag: 'analysis',
    summary: 'where the space is now',
    name: 'ServedUsageSummary',
  },
  'analysis/trends': {
    operationId: 'getGrowthTrends',
    tag: 'analysis',
    summary: 'how the space grows, and when it runs out',
    name: 'ServedGrowthTrends',
  },
  'snapshots/trends': {
    operationId: 'getSnapshotTrends',
    tag: 'analysis',
    summary: 'how many snapshots there are, what they hold, and how that grows',
    name: 'ServedSnapshotTrends',
  },
  validate: {
    operationId: 'getValidation',
    tag: 'checks',
    summary: 'every check of the configuration of both sides, passes included',
    name: 'ServedValidationSummary',
  },
  'validate/config': {
    operationId: 'getConfigurationChecks',
    tag: 'checks',
    summary: 'the checks of what is configured',
    name: 'ServedValidationSummary',
  },
  'validate/connectivity': {
    operationId: 'getConnectivityChecks',
    tag: 'checks',
    summary: 'the checks of whether both sides can be reached and read',
    name: 'ServedValidationSummary',
  },
  health: {
    operationId: 'getHealth',
    tag: 'checks',
    summary: 'the health of both sides, part by part',
    name: 'ServedValidationSummary',
  },
  'reports/summary': {
    operationId: 'getReportSummary',
    tag: 'reports',
    summary: 'an estate on one page',
    name: 'ServedReportSummary',
  },
  'reports/detailed': {
    operationId: 'getDetailedReport',
    tag: 'reports',
    summary: 'everything one scan says, as report -o json writes it',
    name: 'ServedStorageReport',
  },
};

/** Schemas of documents as they are served; those that are alike are one. */
function schemasOf() {
  const made = new Map<string, ReturnType<typeof serve>>();
  return new Map(
    DOCUMENTS.map((document) => {
      const { name } = TEXTS[document];
      const schema = made.get(name) ?? named(name, serve(document));
      made.set(name, schema);
      return [document, schema] as const;
    }),
  );
}

function serve(document: DocumentName) {
  const schema = DOCUMENT_SCHEMAS[document];
  return schema.extend(freshness).describe(schema.description ?? '');
}

const SCHEMAS = schemasOf();

/** What the last scan says, whole. It is about the whole estate, and so for those alone who may see all of it. */
export function documentRoutes(server: FastifyInstance, context: ServerContext): void {
  for (const [document, schema] of SCHEMAS) {
    // It can be had in other formats too, and has a route of its own.
    if (document === 'reports/detailed') continue;
    const { operationId, tag, summary } = TEXTS[document];
    server.get(
      `/api/v1/${document}`,
      {
        config: { access: { role: 'viewer' } },
        schema: routeSchema({
          operationId,
          tag,
          summary,
          description: 'For those who may see every namespace: it is about the whole estate.',
          answers: {
            200: { description: summary, schema },
            304: { description: 'nothing changed since the ETag that was sent', schema: null },
          },
        }),
      },
      (request, reply) => answerDocument(context, document, request, reply),
    );
  }
}

/** A document of the last scan as JSON, with how fresh it is. */
export function answerDocument(
  context: ServerContext,
  document: DocumentName,
  request: FastifyRequest,
  reply: FastifyReply,
): ReturnType<typeof answerWith> {
  const current = currentScan(context);
  const text = current.scan.documents[document];
  chooseType(request, [JSON_TYPE]);
  return answerWith(request, reply, current, {
    type: JSON_TYPE,
    pieces: () => spliced(freshnessWire(current), text),
    size: text.to - text.from,
  });
}

/** The form of the whole report as it is served. */
export function detailedReportSchema(): ReturnType<typeof serve> {
  return SCHEMAS.get('reports/detailed') ?? serve('reports/detailed');
}
