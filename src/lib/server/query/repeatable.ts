import { type FastifyInstance } from 'fastify';
import { z } from 'zod';

/** Whatever is wrapped around a schema to let it be left out. */
function innermost(schema: unknown): unknown {
  let inner = schema;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodDefault) inner = inner.unwrap();
  return inner;
}

/**
 * Reads parameters that may be repeated as the command line does: `namespace=a&namespace=b` and `namespace=a,b` are the same, and one
 * by itself is a list too.
 */
export function readRepeatable(server: FastifyInstance): void {
  server.addHook('preValidation', async (request) => {
    const schema = request.routeOptions.schema?.querystring;
    const given = request.query;
    if (!(schema instanceof z.ZodObject) || !isRecord(given)) return;
    for (const [name, shape] of Object.entries(schema.shape)) {
      if (given[name] === undefined || !(innermost(shape) instanceof z.ZodArray)) continue;
      given[name] = [given[name]]
        .flat()
        .flatMap((value) => (typeof value === 'string' ? value.split(',') : [value]));
    }
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
