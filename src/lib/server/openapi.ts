import swagger, { type FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import { type FastifyInstance } from 'fastify';
import { createJsonSchemaTransformObject, jsonSchemaTransform } from 'fastify-type-provider-zod';
import { type ServerContext } from './context.ts';
import { TAGS } from './route-schema.ts';

const DESCRIPTION = `What \`truenas-monitor serve\` found in its last scan of Kubernetes and TrueNAS.

Answers come from the last scan that did not fail. Each says how old it is (\`age_seconds\`, header \`X-Truenas-Monitor-Age\`) and whether it may no longer be how things are (\`stale\`). \`complete: false\` says that some source could not be read whole: what is not listed may be there all the same.

Filters are those of the command line: \`--older-than 30d\` is \`?older_than=30d\`. Lists are paged: \`page.next\` is the path of the next page, and pages of one list are of one scan. \`limit=all\` streams everything at once.

Sizes are bytes, spans are seconds, instants are ISO 8601 in UTC.`;

type Transform = NonNullable<FastifyDynamicSwaggerOptions['transform']>;
type TransformObject = NonNullable<FastifyDynamicSwaggerOptions['transformObject']>;

/** Says of each route who may ask; what says nothing of itself is not documented. */
const transformRoute: Transform = (document) => {
  if (document.route.schema === undefined) return { schema: { hide: true }, url: document.url };
  const { schema, url } = jsonSchemaTransform(document);
  const access = document.route.config?.access;
  if (access === 'open') return { schema: { ...schema, security: [] }, url };
  const role = access?.role ?? 'viewer';
  const described = schema.description === undefined ? '' : `${schema.description}\n\n`;
  return {
    schema: { ...schema, description: `${described}Asks for the role \`${role}\`.` },
    url,
  };
};

const addComponents = createJsonSchemaTransformObject({});

/** Every named schema is offered both as it is read and as it is written: only what something refers to stays. */
const transformDocument: TransformObject = (given) => {
  const document = addComponents(given);
  if (!('components' in document)) return document;
  const schemas = Object.entries(document.components.schemas ?? {});
  const used = new Map<string, unknown>();
  const follow = (within: unknown): void => {
    const text = JSON.stringify(within);
    for (const [name, schema] of schemas) {
      if (used.has(name) || !text.includes(`"#/components/schemas/${name}"`)) continue;
      used.set(name, schema);
      follow(schema);
    }
  };
  follow(document.paths);
  return Object.assign(document, {
    components: { ...document.components, schemas: Object.fromEntries(used) },
  });
};

/** Makes the OpenAPI document from the schemas of all routes that are registered after this. */
export async function describeRoutes(
  server: FastifyInstance,
  { program }: ServerContext,
): Promise<void> {
  await server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'truenas-monitor',
        summary: 'what Kubernetes and TrueNAS have forgotten about each other',
        description: DESCRIPTION,
        version: program.version,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/', description: 'this server' }],
      tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
      components: {
        securitySchemes: {
          bearer: {
            type: 'http',
            scheme: 'bearer',
            description:
              'A token of Kubernetes, or a JWT, as the server is configured. On loopback, reading needs none where server.auth.mode is auto.',
          },
        },
      },
      security: [{ bearer: [] }],
    },
    hideUntagged: true,
    transform: transformRoute,
    transformObject: transformDocument,
  });
}
