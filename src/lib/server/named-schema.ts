import { z } from 'zod';

/** Gives a schema a name in the OpenAPI document, where everything that uses it then refers to it. */
export function named<S extends z.ZodType>(id: string, schema: S): S {
  z.globalRegistry.add(schema, { ...z.globalRegistry.get(schema), id });
  return schema;
}
