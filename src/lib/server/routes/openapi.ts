import { type FastifyInstance } from 'fastify';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { chooseType } from '../answer/accept.ts';
import { JSON_TYPE } from '../answer/answer.ts';
import { isSame, unchanged } from '../answer/revalidate.ts';
import { DOCS_POLICY, renderDocs } from '../docs/render-docs.ts';
import { routeSchema } from '../route-schema.ts';

const HTML_TYPE = 'text/html';

interface Made {
  readonly text: string;
  readonly etag: string;
}

function made(text: string): Made {
  return { text, etag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"` };
}

/** What can be asked for: as a document for programs, and as a page for people, which needs nothing but itself. */
export function openApiRoutes(server: FastifyInstance): void {
  const documents = new Map<string, Made>();
  /** Made once, when it is first asked for: by then every route is registered. */
  const once = (name: string, make: () => string): Made => {
    const known = documents.get(name) ?? made(make());
    documents.set(name, known);
    return known;
  };
  // It tells nothing of any storage, and so is for everybody who may see any of it.
  const config = { access: { role: 'viewer' }, sight: 'filtered' } as const;
  server.get(
    '/openapi.json',
    {
      config,
      schema: routeSchema({
        operationId: 'getOpenApi',
        tag: 'service',
        summary: 'this document',
        answers: {
          200: { description: 'an OpenAPI 3.1 document', schema: z.looseObject({}) },
          304: { description: 'nothing changed since the ETag that was sent', schema: null },
        },
      }),
    },
    (request, reply) => {
      chooseType(request, [JSON_TYPE]);
      const { text, etag } = once('json', () => JSON.stringify(server.swagger()));
      if (isSame(request, reply, etag)) return unchanged(reply);
      void reply.header('content-type', 'application/json; charset=utf-8');
      return text;
    },
  );
  server.get(
    '/docs',
    {
      config,
      // A page has a policy of its own.
      helmet: { contentSecurityPolicy: false },
      schema: routeSchema({
        operationId: 'getDocs',
        tag: 'service',
        summary: 'this document as a page for people',
        answers: {
          200: { description: 'a page', schema: z.string(), mediaType: HTML_TYPE },
          304: { description: 'nothing changed since the ETag that was sent', schema: null },
        },
      }),
    },
    (request, reply) => {
      chooseType(request, [HTML_TYPE]);
      const { text, etag } = once('html', () => renderDocs(server.swagger()));
      void reply.header('content-security-policy', DOCS_POLICY);
      if (isSame(request, reply, etag)) return unchanged(reply);
      void reply.header('content-type', 'text/html; charset=utf-8');
      return text;
    },
  );
}
