import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { Counter, Histogram, type Registry } from 'prom-client';
import { CALL_BUCKETS, PREFIX } from './prefix.ts';

/** Counts the requests of a server. */
export type CountRequests = (server: FastifyInstance) => void;

/** Requests by what they were answered with. The labels are few, whatever is asked for: never a path, but the pattern of a route. */
export function httpMetrics(registry: Registry): CountRequests {
  const total = new Counter({
    name: `${PREFIX}http_requests_total`,
    help: 'Requests that were answered, by route and status.',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
  });
  const took = new Histogram({
    name: `${PREFIX}http_request_duration_seconds`,
    help: 'How long requests took, from their head to the end of the answer.',
    labelNames: ['method', 'route'],
    buckets: CALL_BUCKETS,
    registers: [registry],
  });
  const aborted = new Counter({
    name: `${PREFIX}http_requests_aborted_total`,
    help: 'Requests whose client left before there was an answer.',
    registers: [registry],
  });
  return (server) => {
    server.addHook('onResponse', (request, reply, done) => {
      const labels = { method: methodOf(request), route: routeOf(request) };
      total.inc({ ...labels, status: String(reply.statusCode) });
      took.observe(labels, reply.elapsedTime / 1000);
      done();
    });
    server.addHook('onRequestAbort', (_request, done) => {
      aborted.inc();
      done();
    });
  };
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

function methodOf({ method }: FastifyRequest): string {
  return METHODS.has(method) ? method : 'other';
}

function routeOf({ is404, routeOptions }: FastifyRequest): string {
  return is404 ? 'none' : (routeOptions.url ?? 'none');
}
