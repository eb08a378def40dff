import { type FastifyInstance } from 'fastify';
import { type ServerContext } from '../context.ts';
import { metricsRoutes } from '../routes/metrics.ts';
import { bareServer } from '../server.ts';
import { type ServerMetrics } from './server-metrics.ts';

/** A server of nothing but metrics, for a port of its own; it asks callers for the same as the other one does. */
export function buildMetricsServer(
  context: ServerContext,
  metrics: ServerMetrics,
): FastifyInstance {
  const server = bareServer(context);
  metrics.watch(server);
  metricsRoutes(server, context, metrics);
  return server;
}
