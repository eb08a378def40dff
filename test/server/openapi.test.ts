import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DOCUMENTS, RESOURCE_LISTS } from '../../src/lib/core/serve/served-scan.ts';
import { type Served, serveScans } from '../support/served.ts';

interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description: string;
  readonly security?: readonly unknown[];
  readonly parameters?: readonly { readonly name: string; readonly description?: string }[];
  readonly responses: Readonly<
    Record<
      string,
      {
        readonly description: string;
        readonly content?: Readonly<Record<string, { readonly schema: object }>>;
      }
    >
  >;
}

interface OpenApi {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

let served: Served;
let document: OpenApi;

beforeAll(async () => {
  served = await serveScans();
  document = (await served.server.inject('/openapi.json')).json<OpenApi>();
});

afterAll(async () => {
  await served[Symbol.asyncDispose]();
});

function operations(): readonly { path: string; method: string; operation: Operation }[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
  );
}

/** Paths that are asked, with something in the place of their parameters. */
/** A page, a WebSocket, and what the scanning thread works out: each has tests of its own. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  '/docs',
  '/metrics',
  '/api/v1/events',
  '/api/v1/explain',
]);

function filled(path: string): string {
  const [finding] = served.monitor.state.current?.findings.keys ?? [];
  const [run] = served.monitor.runs;
  return path
    .replace('/findings/{id}', `/findings/${finding?.id ?? ''}`)
    .replace('/scans/{id}', `/scans/${run?.id ?? ''}`);
}

describe('the OpenAPI document', () => {
  it('is one by the specification', async () => {
    const result = await new Validator().validate({ ...document });
    expect(result.errors ?? []).toEqual([]);
    expect(result.valid).toBe(true);
    expect(document.openapi).toMatch(/^3\.1\./);
  });

  it('says of every route what it is for, who may ask, and how it may be refused', () => {
    for (const { path, operation } of operations()) {
      const { operationId, tags, summary, parameters = [], responses } = operation;
      expect(operationId, path).toMatch(/^[a-z][A-Za-z]+$/);
      expect(tags, path).toHaveLength(1);
      expect(summary, path).toMatch(/^[a-z].*[^.]$/i);
      for (const { name, description } of parameters) {
        expect(description, `${path} ${name}`).toBeTruthy();
      }
      // What is upgraded is answered by no body.
      const good = path === '/api/v1/events' ? /^426$/ : /^2\d\d$/;
      expect(
        Object.keys(responses).some((status) => good.test(status)),
        path,
      ).toBe(true);
    }
    const ids = operations().map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('describes what the last scan can be asked for', () => {
    const paths = Object.keys(document.paths);
    for (const list of [...RESOURCE_LISTS, ...DOCUMENTS]) {
      expect(paths).toContain(`/api/v1/${list}`);
    }
    expect(paths).toContain('/api/v1/orphans');
    expect(paths).toContain('/api/v1/findings/{id}');
  });

  it('has no schema that nothing refers to, and no reference that leads nowhere', () => {
    const text = JSON.stringify(document);
    const referred = new Set(
      [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name),
    );
    expect([...referred].sort()).toEqual(Object.keys(document.components.schemas).sort());
  });
});

describe('every route of the OpenAPI document', () => {
  it('answers by its own schema', async () => {
    const ajv = new Ajv2020({ allErrors: true, strict: false });
    formats.default(ajv);
    ajv.addSchema(document, 'openapi');
    let checked = 0;
    for (const { path, method, operation } of operations()) {
      if (method !== 'get' || ELSEWHERE.has(path)) continue;
      const answer = await served.server.inject(filled(path));
      const content = operation.responses[String(answer.statusCode)]?.content;
      expect(answer.statusCode, path).toBe(200);
      expect(content, path).toBeDefined();
      const pointer = ['paths', path, method, 'responses', '200', 'content', 'application/json']
        .map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1'))
        .join('/');
      const validate = ajv.compile({ $ref: `openapi#/${encodeURI(pointer)}/schema` });
      validate(answer.json());
      expect(validate.errors ?? [], path).toEqual([]);
      checked += 1;
    }
    expect(checked).toBeGreaterThan(20);
  });
});
