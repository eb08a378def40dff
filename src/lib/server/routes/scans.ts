import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { type ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type ScanRun } from '../../core/serve/monitor-state.ts';
import { scanRunSchema, type ScanRunWire } from '../../core/serve/scan-run-schema.ts';
import { scanRunToWire } from '../../core/serve/scan-run.ts';
import { type ServerContext } from '../context.ts';
import { refuse } from '../http-error.ts';
import { IdempotencyKeys, KEY_KEPT_FOR, keyHeader, KEYS } from '../idempotency-keys.ts';
import { named } from '../named-schema.ts';
import { newestFirst, newestFirstShape } from '../query/newest-first.ts';
import { routeSchema } from '../route-schema.ts';

const scan = named('Scan', scanRunSchema);

const scanList = named(
  'ScanList',
  z
    .strictObject({
      scans: z.array(scan).describe('the newest first'),
      page: z.strictObject({
        total: z.int().nonnegative().describe('scans that are remembered'),
        limit: z.int().positive(),
        offset: z.int().nonnegative(),
        next: z.string().nullable().describe('where the next page is; null on the last'),
      }),
    })
    .describe('the last scans'),
);

/** Scans: what was made, what is under way, and how to ask for one. */
export function scanRoutes(server: FastifyInstance, context: ServerContext): void {
  const { monitor } = context;
  const typed = server.withTypeProvider<ZodTypeProvider>();
  const wire = (run: ScanRun): ScanRunWire => scanRunToWire(run, monitor.state.current?.id ?? null);

  typed.get(
    '/api/v1/scans',
    {
      config: { access: { role: 'viewer' }, sight: 'filtered' },
      schema: routeSchema({
        operationId: 'listScans',
        tag: 'scans',
        summary: 'the last scans, and those under way',
        querystring: z.strictObject(newestFirstShape),
        answers: { 200: { description: 'a page of them, the newest first', schema: scanList } },
        refusals: { 404: 'the scan to go on after is none that is remembered' },
      }),
    },
    ({ query, url }) => {
      const found = newestFirst(monitor.runs, query, url);
      if (found === undefined) throw unknownScan();
      return { scans: found.rows.map(wire), page: found.page };
    },
  );

  typed.get(
    '/api/v1/scans/:id',
    {
      config: { access: { role: 'viewer' }, sight: 'filtered' },
      schema: routeSchema({
        operationId: 'getScan',
        tag: 'scans',
        summary: 'one scan, from being asked for to its end',
        params: z.strictObject({ id: z.string().max(100).describe('as the scan was named') }),
        answers: { 200: { description: 'how far it has come', schema: scan } },
        refusals: { 404: 'there is no such scan, or it is too long ago to be remembered' },
      }),
    },
    async ({ params: { id } }, reply) => {
      const run = monitor.run(id);
      if (run === undefined) throw unknownScan();
      void reply.header('cache-control', 'no-store');
      return await Promise.resolve(wire(run));
    },
  );

  startRoute(server, context, wire);
}

function startRoute(
  server: FastifyInstance,
  { monitor, clock, logger }: ServerContext,
  wire: (run: ScanRun) => ScanRunWire,
): void {
  const keys = new IdempotencyKeys<string>(clock, KEY_KEPT_FOR, KEYS);
  server.withTypeProvider<ZodTypeProvider>().post(
    '/api/v1/scans',
    {
      config: { access: { role: 'operator' }, sight: 'filtered' },
      schema: routeSchema({
        operationId: 'startScan',
        tag: 'scans',
        summary: 'ask for a scan',
        description:
          'It starts as soon as none is running. While one waits already, that is the answer: scans look at everything, so a second would see the same.',
        headers: keyHeader('scan'),
        body: z.strictObject({}).nullish().describe('nothing yet'),
        answers: { 202: { description: 'the scan that was asked for', schema: scan } },
        refusals: {
          410: 'the scan of this key is too long ago to be remembered',
          415: 'the body is not JSON',
        },
      }),
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      const known = key === undefined ? undefined : keys.find(nameOf(request), key);
      const run = known === undefined ? monitor.request() : monitor.run(known);
      if (run === undefined) throw forgottenScan();
      if (known === undefined) {
        if (key !== undefined) keys.keep(nameOf(request), key, run.id);
        logger.log('info', 'a scan was asked for', { scan: run.id, request: request.id });
      }
      const form = wire(run);
      void reply.code(202).header('location', form.href).header('cache-control', 'no-store');
      return await Promise.resolve(form);
    },
  );
}

function nameOf({ caller }: FastifyRequest): string | null {
  return caller?.name ?? null;
}

function unknownScan(): Error {
  return refuse(404, {
    code: 'SCAN_UNKNOWN',
    message: 'there is no such scan, or it is too long ago to be remembered',
    remediation: ['GET /api/v1/scans lists those there are.'],
  });
}

function forgottenScan(): Error {
  return refuse(410, {
    code: 'SCAN_FORGOTTEN',
    message: 'the scan that was started with this key is too long ago to be remembered',
    remediation: ['Start another with a new Idempotency-Key.'],
  });
}
