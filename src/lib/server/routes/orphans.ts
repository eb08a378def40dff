import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { type ZodTypeProvider } from 'fastify-type-provider-zod';
import { type Readable } from 'node:stream';
import { z } from 'zod';
import { type ResourceType } from '../../core/model/resource-ref.ts';
import { freshness, findingListSchema } from '../../core/render/wire/list-schema.ts';
import { toWire } from '../../core/render/wire/orphan-report.ts';
import { orphanReportSchema } from '../../core/render/wire/schema.ts';
import { type FilteredReport, filteredReport } from '../../core/serve/filtered-report.ts';
import { type ServedScan } from '../../core/serve/served-scan.ts';
import { answerWith, JSON_TYPE, LINES_TYPE } from '../answer/answer.ts';
import { chooseType } from '../answer/accept.ts';
import { documentPieces, linePieces, type Part, rowsPart } from '../answer/json-parts.ts';
import { allowedNamespaces, refuseForeign } from '../auth/limit-scope.ts';
import { type ServerContext } from '../context.ts';
import { type CurrentScan, currentScan, freshnessWire } from '../freshness.ts';
import { named } from '../named-schema.ts';
import { findingFilterOf, findingFilterShape } from '../query/filter-query.ts';
import { KeptChoices } from '../query/kept-choices.ts';
import { type PageOf, pageShape, type PageWire, pageWire, readPage } from '../query/page-query.ts';
import { routeSchema } from '../route-schema.ts';

const query = z.strictObject({ ...findingFilterShape, ...pageShape });
type Query = z.infer<typeof query>;

const finding = named('Finding', orphanReportSchema.shape.findings.element);
named('OrphanReport', orphanReportSchema);
const answer = named(
  'OrphanReportPage',
  orphanReportSchema
    .extend({ ...freshness, page: findingListSchema.shape.page })
    .describe(
      'what orphans -o json prints, a page at a time: findings first, and then what is suppressed; numbers are of all that the filter lets through',
    ),
);

interface OrphanRoute {
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  /** Findings of these alone; null for all. */
  readonly types: readonly ResourceType[] | null;
}

const ROUTES: readonly OrphanRoute[] = [
  {
    path: '/api/v1/orphans',
    operationId: 'listOrphans',
    summary: 'what one side has forgotten',
    types: null,
  },
  {
    path: '/api/v1/orphans/pvs',
    operationId: 'listOrphanedVolumes',
    summary: 'findings about PersistentVolumes',
    types: ['PersistentVolume'],
  },
  {
    path: '/api/v1/orphans/pvcs',
    operationId: 'listOrphanedClaims',
    summary: 'findings about PersistentVolumeClaims',
    types: ['PersistentVolumeClaim'],
  },
  {
    path: '/api/v1/orphans/snapshots',
    operationId: 'listOrphanedSnapshots',
    summary: 'findings about snapshots of either side',
    types: ['VolumeSnapshot', 'VolumeSnapshotContent', 'ZfsSnapshot'],
  },
  {
    path: '/api/v1/orphans/truenas',
    operationId: 'listOrphanedTruenasObjects',
    summary: 'findings about datasets, zvols, shares, targets, extents and tasks on TrueNAS',
    types: [
      'Dataset',
      'Zvol',
      'NfsShare',
      'SmbShare',
      'IscsiTarget',
      'IscsiExtent',
      'IscsiInitiator',
      'NvmetNamespace',
      'NvmetSubsystem',
      'SnapshotTask',
      'ReplicationTask',
    ],
  },
];

/** What one side has forgotten, all of it and by where it lies. */
export function orphanRoutes(server: FastifyInstance, context: ServerContext): void {
  const kept = new KeptChoices<FilteredReport>();
  for (const { path, operationId, summary, types } of ROUTES) {
    server.withTypeProvider<ZodTypeProvider>().get(
      path,
      {
        config: { access: { role: 'viewer' }, sight: 'filtered' },
        schema: routeSchema({
          operationId,
          tag: 'findings',
          summary,
          description:
            'Answers what `orphans -o json` would print for the same flags. Lines (`application/x-ndjson`) are findings alone, one a line. Who may see some namespaces only gets the findings of these, and nothing that is about the whole estate: no sources, clusters, systems or totals.',
          querystring: query,
          answers: {
            200: {
              description: 'findings, worst first',
              schema: answer,
              others: { [LINES_TYPE]: finding },
            },
            304: { description: 'nothing changed since the ETag that was sent', schema: null },
          },
          refusals: { 410: 'there was another scan since the page before: begin again' },
        }),
      },
      (request, reply) =>
        answerFindings(request, reply, currentScan(context), { query: request.query, types, kept }),
    );
  }
}

interface Asked {
  readonly query: Query;
  readonly types: readonly ResourceType[] | null;
  readonly kept: KeptChoices<FilteredReport>;
}

function answerFindings(
  request: FastifyRequest,
  reply: FastifyReply,
  current: CurrentScan,
  { query: asked, types, kept }: Asked,
): Buffer | Readable | FastifyReply {
  const { scan } = current;
  const allowed = allowedNamespaces(request);
  const filter = findingFilterOf(asked);
  refuseForeign(filter.namespaces, allowed);
  const type = chooseType(request, [JSON_TYPE, LINES_TYPE]);
  const of: PageOf = { scanId: scan.id, url: request.url, allowed };
  const wanted = readPage(asked, of);
  const filtered = kept.get(scan, questionOf(asked, types, allowed), () =>
    filteredReport(scan, {
      filter: { ...filter, types: bothOf(types, filter.types) },
      rules: asked.rule ?? null,
      allowed,
    }),
  );
  const { findings, suppressed } = filtered;
  const page = pageWire(wanted, findings.length + suppressed.length, of);
  const end = wanted.limit === null ? Infinity : page.offset + page.limit;
  const shown = {
    findings: findings.slice(page.offset, end),
    // Behind the findings, as if the two were one list.
    suppressed: suppressed.slice(
      Math.max(0, page.offset - findings.length),
      Math.max(0, end - findings.length),
    ),
  };
  if (page.next !== null) void reply.header('link', `<${page.next}>; rel="next"`);
  return answerWith(request, reply, current, {
    type,
    pieces: () =>
      type === LINES_TYPE
        ? linePieces([{ rows: scan.findings, indexes: shown.findings }])
        : documentPieces(partsOf(current, { ...filtered, ...shown }, page, allowed !== null)),
    size: wanted.limit === null ? null : 0,
  });
}

/** What decides which findings are chosen: all but which of them are on the page. */
function questionOf(
  asked: Query,
  types: readonly ResourceType[] | null,
  allowed: ReadonlySet<string> | null,
): string {
  const filter = { ...asked, limit: undefined, cursor: undefined };
  return JSON.stringify([filter, types, allowed === null ? null : [...allowed].sort()]);
}

/** Types that are of both choices; null for all. */
function bothOf(
  a: readonly ResourceType[] | null,
  b: readonly ResourceType[] | null,
): readonly ResourceType[] | null {
  return a === null || b === null ? (a ?? b) : a.filter((type) => b.includes(type));
}

/** The document, its rows left for when they are sent. */
function* partsOf(
  current: CurrentScan,
  shown: FilteredReport,
  page: PageWire,
  limited: boolean,
): Generator<readonly [string, Part]> {
  const { scan } = current;
  const value = (each: unknown): Part => ({ kind: 'value', value: each });
  for (const [key, each] of Object.entries(headOf(scan, shown, limited))) {
    if (key === 'findings') yield [key, rowsPart(scan.findings, shown.findings)];
    else if (key === 'suppressed') yield [key, rowsPart(scan.suppressed, shown.suppressed)];
    else yield [key, value(each)];
  }
  for (const [key, each] of Object.entries(freshnessWire(current))) yield [key, value(each)];
  yield ['page', value(page)];
}

/** Everything of the report but its rows. What is about the whole estate is not for those who may see a part of it. */
function headOf(
  { report }: ServedScan,
  { summary, skipped, warnings, filteredOut }: FilteredReport,
  limited: boolean,
): Readonly<Record<string, unknown>> {
  return toWire({
    ...report,
    ...(limited && { sources: [], clusters: [], systems: [] }),
    summary,
    skipped: limited ? skipped.map((each) => ({ ...each, because: [] })) : skipped,
    warnings,
    filteredOut,
    findings: [],
    suppressed: [],
  });
}
