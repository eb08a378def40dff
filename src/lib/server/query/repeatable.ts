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
  server.addHook('preValidation', (request, _reply, done) => {
    const schema = request.routeOptions.schema?.querystring;
    const given = request.query;
    if (schema instanceof z.ZodObject && isRecord(given)) {
      for (const name of listsOf(schema)) {
        if (given[name] !== undefined) given[name] = [given[name]].flat().flatMap(partsOf);
      }
    }
    done();
  });
}

function listsOf({ shape }: z.ZodObject): readonly string[] {
  return Object.keys(shape).filter((name) => innermost(shape[name]) instanceof z.ZodArray);
}

function partsOf(value: unknown): readonly unknown[] {
  return typeof value === 'string' ? value.split(',') : [value];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
