import { type FastifyInstance } from 'fastify';
import { rowText } from '../../core/serve/served-rows.ts';
import { type ServerContext } from '../context.ts';
import { requireScan } from '../current-scan.ts';

/** What one side has forgotten. */
export function orphanRoutes(server: FastifyInstance, context: ServerContext): void {
  server.get(
    '/api/v1/orphans',
    { config: { access: { role: 'viewer' } } },
    async (_request, reply) => {
      const { findings } = requireScan(context);
      const rows = findings.keys.map((_, index) =>
        Buffer.from(rowText(findings, index)).toString('utf8'),
      );
      return await reply
        .header('content-type', 'application/json; charset=utf-8')
        .send(`{"findings":[${rows.join(',')}]}`);
    },
  );
}
