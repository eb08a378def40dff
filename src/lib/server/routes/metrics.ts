import { type FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type ServerContext } from '../context.ts';
import { ServerMetrics } from '../metrics/server-metrics.ts';
import { routeSchema } from '../route-schema.ts';

/** What Prometheus reads. Before the first scan it is what there is by then: whoever watches has to see that the process lives. */
export function metricsRoutes(
  server: FastifyInstance,
  { settings }: Pick<ServerContext, 'settings'>,
  metrics: ServerMetrics,
): void {
  const { enabled, path, auth } = settings.metrics;
  if (!enabled) return;
  const access = auth === 'none' ? 'open' : ({ role: 'viewer', path } as const);
  const schema = routeSchema({
    operationId: 'getMetrics',
    tag: 'service',
    summary: 'numbers of the last scan and of the service, for Prometheus',
    open: access === 'open',
    // Those who collect metrics may be set up to send parameters to everything.
    querystring: z.looseObject({}),
    answers: {
      200: {
        description: 'the text format of Prometheus',
        schema: z.string(),
        mediaType: 'text/plain',
      },
    },
  });
  // Packed here, once for all who ask for it.
  server.get(path, { config: { access }, schema, compress: false }, async (request, reply) => {
    void reply
      .header('content-type', ServerMetrics.CONTENT_TYPE)
      .header('cache-control', 'no-store')
      .header('vary', 'accept-encoding');
    if (!acceptsGzip(request.headers['accept-encoding'])) return await metrics.text();
    void reply.header('content-encoding', 'gzip');
    return await metrics.gzip();
  });
}

/** Whether gzip is named, and not with a weight of zero. */
function acceptsGzip(accepted: string | string[] | undefined): boolean {
  const codings = String(accepted ?? '')
    .toLowerCase()
    .split(',');
  return codings.some((coding) => {
    const [name = '', ...parameters] = coding.split(';').map((each) => each.trim());
    const weight = parameters.find((each) => each.startsWith('q='));
    return (
      (name === 'gzip' || name === '*') && (weight === undefined || Number(weight.slice(2)) > 0)
    );
  });
}
