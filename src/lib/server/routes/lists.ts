import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { type ZodTypeProvider } from 'fastify-type-provider-zod';
import { type Readable } from 'node:stream';
import { z } from 'zod';
import { SCHEMA_VERSION } from '../../core/model/report.ts';
import { LIST_SCHEMAS } from '../../core/render/wire/served-schemas.ts';
import { RESOURCE_LISTS, type ResourceList } from '../../core/serve/served-scan.ts';
import { chooseType } from '../answer/accept.ts';
import { answerWith, JSON_TYPE, LINES_TYPE } from '../answer/answer.ts';
import { documentPieces, linePieces, type Part, rowsPart } from '../answer/json-parts.ts';
import { allowedNamespaces, refuseForeign } from '../auth/limit-scope.ts';
import { type ServerContext } from '../context.ts';
import { type CurrentScan, currentScan, freshnessWire } from '../freshness.ts';
import { named } from '../named-schema.ts';
import { chooseRows } from '../query/choose-rows.ts';
import { rowFilterOf, rowFilterShape } from '../query/filter-query.ts';
import { type PageOf, pageShape, pageWire, readPage } from '../query/page-query.ts';
import { routeSchema, type Tag } from '../route-schema.ts';

const query = z.strictObject({ ...rowFilterShape, ...pageShape });
type Query = z.infer<typeof query>;

interface ListText {
  readonly operationId: string;
  readonly tag: Tag;
  readonly summary: string;
  /** Whether its rows may lie in a namespace; what never does is for those who may see everything. */
  readonly namespaced: boolean;
}

const LISTS: Readonly<Record<ResourceList, ListText>> = {
  'resources/pvs': {
    operationId: 'listVolumes',
    tag: 'resources',
    summary: 'PersistentVolumes, each with what stands behind it',
    namespaced: true,
  },
  'resources/pvcs': {
    operationId: 'listClaims',
    tag: 'resources',
    summary: 'PersistentVolumeClaims',
    namespaced: true,
  },
  'resources/snapshots': {
    operationId: 'listVolumeSnapshots',
    tag: 'resources',
    summary: 'VolumeSnapshots and their contents',
    namespaced: true,
  },
  'resources/storageclasses': {
    operationId: 'listStorageClasses',
    tag: 'resources',
    summary: 'StorageClasses',
    namespaced: false,
  },
  'truenas/volumes': {
    operationId: 'listTruenasVolumes',
    tag: 'truenas',
    summary: 'datasets and zvols that are, or were, volumes',
    namespaced: true,
  },
  'truenas/snapshots': {
    operationId: 'listTruenasSnapshots',
    tag: 'truenas',
    summary: 'ZFS snapshots',
    namespaced: true,
  },
  'truenas/pools': {
    operationId: 'listPools',
    tag: 'truenas',
    summary: 'pools',
    namespaced: false,
  },
};

/** What the last scan saw, in lists. */
export function listRoutes(server: FastifyInstance, context: ServerContext): void {
  for (const list of RESOURCE_LISTS) {
    const { operationId, tag, summary, namespaced } = LISTS[list];
    const schema = LIST_SCHEMAS[list];
    server.withTypeProvider<ZodTypeProvider>().get(
      `/api/v1/${list}`,
      {
        config: { access: { role: 'viewer' }, ...(namespaced && { sight: 'filtered' }) },
        schema: routeSchema({
          operationId,
          tag,
          summary,
          ...(namespaced && {
            description: 'Who may see some namespaces only gets what lies in these.',
          }),
          querystring: query,
          answers: {
            200: {
              description: summary,
              schema: named(schema.shape.kind.value, schema),
              others: { [LINES_TYPE]: schema.shape.items.element },
            },
            304: { description: 'nothing changed since the ETag that was sent', schema: null },
          },
          refusals: { 410: 'there was another scan since the page before: begin again' },
        }),
      },
      (request, reply) =>
        answerList(request, reply, currentScan(context), { list, query: request.query }),
    );
  }
}

interface Asked {
  readonly list: ResourceList;
  readonly query: Query;
}

function answerList(
  request: FastifyRequest,
  reply: FastifyReply,
  current: CurrentScan,
  { list, query: asked }: Asked,
): Buffer | Readable | FastifyReply {
  const { scan } = current;
  const rows = scan.lists[list];
  const allowed = allowedNamespaces(request);
  const filter = rowFilterOf(asked);
  refuseForeign(filter.namespaces, allowed);
  const type = chooseType(request, [JSON_TYPE, LINES_TYPE]);
  const of: PageOf = { scanId: scan.id, url: request.url, allowed };
  const wanted = readPage(asked, of);
  const chosen = chooseRows(rows, filter, allowed, scan.report.takenAt);
  const page = pageWire(wanted, chosen.length, of);
  const end = wanted.limit === null ? Infinity : page.offset + page.limit;
  const indexes = chosen.slice(page.offset, end);
  if (page.next !== null) void reply.header('link', `<${page.next}>; rel="next"`);
  const head = {
    schema_version: SCHEMA_VERSION,
    kind: LIST_SCHEMAS[list].shape.kind.value,
    timestamp: scan.report.takenAt.toISOString(),
    ...freshnessWire(current),
    complete: scan.report.complete,
    page,
  };
  return answerWith(request, reply, current, {
    type,
    pieces: () =>
      type === LINES_TYPE
        ? linePieces([{ rows, indexes }])
        : documentPieces([...valuesOf(head), ['items', rowsPart(rows, indexes)]]),
    size: wanted.limit === null ? null : 0,
  });
}

function valuesOf(values: Readonly<Record<string, unknown>>): (readonly [string, Part])[] {
  return Object.entries(values).map(([key, value]) => [key, { kind: 'value', value }]);
}
