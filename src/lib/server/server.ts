import compress from '@fastify/compress';
import { type FastifyInstance } from 'fastify';
import { bareServer, type ListeningOptions } from './bare-server.ts';
import { type ServerContext } from './context.ts';
import { EVENT_LIMITS, type EventLimits } from './events/event-limits.ts';
import { type Events, openEvents } from './events/open-events.ts';
import { ServerMetrics } from './metrics/server-metrics.ts';
import { describeRoutes } from './openapi.ts';
import { readRepeatable } from './query/repeatable.ts';
import { cleanupPlanRoutes } from './routes/cleanup-plans.ts';
import { cleanupRequestRoutes } from './routes/cleanup-requests.ts';
import { cleanupRunRoutes } from './routes/cleanup-runs.ts';
import { documentRoutes } from './routes/documents.ts';
import { eventRoutes } from './routes/events.ts';
import { findingRoutes } from './routes/findings.ts';
import { listRoutes } from './routes/lists.ts';
import { metricsRoutes } from './routes/metrics.ts';
import { openApiRoutes } from './routes/openapi.ts';
import { orphanRoutes } from './routes/orphans.ts';
import { probeRoutes } from './routes/probes.ts';
import { scanRoutes } from './routes/scans.ts';
import { workedOutRoutes } from './routes/worked-out.ts';

/** What is sent is compressed; what is received is not unpacked, because a small body may hold a very large one. */
const COMPRESSION = { threshold: 1024, globalDecompression: false } as const;

export interface ServerOptions extends ListeningOptions {
  readonly eventLimits?: EventLimits;
}

/** The server, which listens to nobody yet. */
export async function buildServer(
  context: ServerContext,
  { eventLimits = EVENT_LIMITS, ...listening }: ServerOptions = {},
): Promise<FastifyInstance> {
  const metrics = new ServerMetrics(context);
  const opened: { events?: Events } = {};
  const server = await bareServer(context, listening, async (bare) => {
    opened.events = await openEvents(bare, context, {
      limits: eventLimits,
      onDropped: metrics.use.countDroppedClient,
    });
  });
  const { events } = opened;
  if (events === undefined) throw new Error('events are opened with the server');
  server.decorate('metrics', metrics);
  metrics.watch(server);
  metrics.use.showEventClients(() => events.clients.size);
  metrics.use.showCache('answers', () => context.answers.counts);
  server.addHook('onClose', (_server, done) => {
    metrics.close();
    done();
  });
  readRepeatable(server);
  await server.register(compress, COMPRESSION);
  await describeRoutes(server, context);
  await server.register((scope, _options, done) => {
    metricsRoutes(scope, context, metrics);
    probeRoutes(scope, context);
    orphanRoutes(scope, context);
    findingRoutes(scope, context);
    listRoutes(scope, context);
    documentRoutes(scope, context);
    workedOutRoutes(scope, context);
    scanRoutes(scope, context);
    cleanupPlanRoutes(scope, context);
    cleanupRequestRoutes(scope, context);
    cleanupRunRoutes(scope, context);
    eventRoutes(scope, context, events);
    openApiRoutes(scope);
    done();
  });
  return server;
}
