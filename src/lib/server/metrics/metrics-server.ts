import { type FastifyInstance } from 'fastify';
import { bareServer, type ListeningOptions } from '../bare-server.ts';
import { type ServerContext } from '../context.ts';
import { metricsRoutes } from '../routes/metrics.ts';
import { type ServerMetrics } from './server-metrics.ts';

/** A server of nothing but metrics, for a port of its own; it asks callers for the same as the other one does. */
export async function buildMetricsServer(
  context: ServerContext,
  metrics: ServerMetrics,
  listening: ListeningOptions = {},
): Promise<FastifyInstance> {
  const server = await bareServer(context, listening);
  metrics.watch(server);
  metricsRoutes(server, context, metrics);
  return server;
}
