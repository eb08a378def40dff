import { type FastifyInstance } from 'fastify';
import { freshnessOf } from '../../core/serve/monitor-state.ts';
import { type ServerContext } from '../context.ts';

/** For probes, which bring no token. */
export function probeRoutes(
  server: FastifyInstance,
  { monitor, clock, version }: ServerContext,
): void {
  const open = { config: { access: 'open' } } as const;
  server.get('/health', open, () => ({ status: 'ok' }));
  server.get('/version', open, () => ({ version }));
  server.get('/ready', open, (_request, reply) => {
    const { state } = monitor;
    const fresh = freshnessOf(state, clock.now());
    const ready = fresh !== null;
    void reply.code(ready ? 200 : 503);
    return {
      ready,
      stale: fresh?.stale ?? null,
      age_seconds: fresh === null ? null : fresh.age / 1000,
      reason: state.failure?.error.message ?? null,
    };
  });
}
