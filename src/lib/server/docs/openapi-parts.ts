import { z } from 'zod';

/*
 * The parts of an OpenAPI document that its page shows. They are read as anything from outside is: the document is put together by
 * others.
 */

const jsonSchema = z.looseObject({});
export type JsonSchema = z.infer<typeof jsonSchema>;

const content = z.record(z.string(), z.looseObject({ schema: jsonSchema.optional() })).optional();

const parameter = z.looseObject({
  name: z.string(),
  in: z.string(),
  required: z.boolean().optional(),
  description: z.string().optional(),
  schema: jsonSchema.optional(),
});

const operation = z.looseObject({
  operationId: z.string(),
  summary: z.string().optional(),
  description: z.string().optional(),
  tags: z.array(z.string()),
  parameters: z.array(parameter).default([]),
  requestBody: z.looseObject({ content }).optional(),
  responses: z.record(z.string(), z.looseObject({ description: z.string(), content })),
});
export type Operation = z.infer<typeof operation>;
export type Parameter = z.infer<typeof parameter>;

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

const document = z.looseObject({
  info: z.looseObject({
    title: z.string(),
    version: z.string(),
    description: z.string().default(''),
  }),
  tags: z.array(z.looseObject({ name: z.string(), description: z.string().default('') })),
  paths: z.record(z.string(), z.partialRecord(z.enum(METHODS), operation)),
  components: z.looseObject({ schemas: z.record(z.string(), jsonSchema).default({}) }),
});
export type OpenApi = z.infer<typeof document>;

export function readOpenApi(value: unknown): OpenApi {
  return document.parse(value);
}

/** A way to ask something, with where. */
export interface Described {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

/** What there is under one heading, in the order it was registered. */
export function operationsOf({ paths }: OpenApi, tag: string): readonly Described[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const found = item[method];
      return found?.tags.includes(tag) === true ? [{ method, path, operation: found }] : [];
    }),
  );
}
