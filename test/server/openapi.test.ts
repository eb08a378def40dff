import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DOCUMENTS, RESOURCE_LISTS } from '../../src/lib/core/serve/served-scan.ts';
import { explanationToWire } from '../../src/lib/core/render/wire/explanation.ts';
import { makeExplanations } from '../support/explanation-builders.ts';
import { DEFAULT_SERVE } from '../../src/lib/core/serve/settings.ts';
import { ANN } from '../support/cleanup-journals.ts';
import { aCleanupHistory } from '../support/cleanup-view-builders.ts';
import { PlayedDesk } from '../support/played-desk.ts';
import { type Served, serveScans, VIEWER } from '../support/served.ts';

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

const desk = new PlayedDesk();
let served: Served;
let document: OpenApi;

beforeAll(async () => {
  desk.kept = aCleanupHistory();
  served = await serveScans({
    caller: { ...VIEWER, name: ANN.name, role: 'admin', actor: ANN },
    context: {
      cleanup: desk,
      settings: { ...DEFAULT_SERVE, server: { ...DEFAULT_SERVE.server, allowApply: true } },
    },
  });
  const { volume } = await makeExplanations();
  if (volume === undefined) throw new Error('an explanation of a whole chain is needed');
  const body = new TextEncoder().encode(JSON.stringify(explanationToWire(volume)));
  served.engine.answered = { state: 'done', body };
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
function filled(path: string): string {
  const [finding] = served.monitor.state.current?.findings.keys ?? [];
  const [run] = served.monitor.runs;
  const [plan] = desk.kept.plans;
  const [cleanup] = desk.kept.runs;
  return path
    .replace('/cleanup/plans/{id}', `/cleanup/plans/${plan?.id ?? ''}`)
    .replace('/cleanup/runs/{id}', `/cleanup/runs/${cleanup?.id ?? ''}`)
    .replace('/findings/{id}', `/findings/${finding?.id ?? ''}`)
    .replace('/scans/{id}', `/scans/${run?.id ?? ''}`)
    .replace(/\/explain$/, '/explain?object=pv/data');
}

/** What routes answer with where all is well, and it is not 200. */
const SUCCESSES: Readonly<Record<string, string>> = {
  listenToEvents: '101',
  getEventTicket: '201',
  startScan: '202',
  makeCleanupPlan: '201',
  judgeCleanupPlan: '201',
  runCleanupPlan: '202',
};

/** What is sent to those that take something. */
function sentTo({ operationId }: Operation): object {
  const plan_hash = desk.kept.plans[0]?.plan.plan_hash;
  if (operationId === 'judgeCleanupPlan') return { plan_hash, reason: 'looked at' };
  return operationId === 'runCleanupPlan' ? { plan_hash, execute: true } : {};
}

/** What they answer with to somebody who just asks. */
function statusOf({ operationId }: Operation): number {
  return operationId === 'listenToEvents' ? 426 : Number(SUCCESSES[operationId] ?? '200');
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
      expect(Object.keys(responses), path).toContain(SUCCESSES[operationId] ?? '200');
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
      if (path === '/docs' || path === '/metrics') continue;
      const answer = await served.server.inject({
        method: method === 'get' ? 'GET' : 'POST',
        url: filled(path),
        headers: { authorization: 'Bearer of-somebody' },
        ...(method === 'post' && { payload: sentTo(operation) }),
      });
      const status = String(answer.statusCode);
      const content = operation.responses[status]?.content;
      expect(answer.statusCode, path).toBe(statusOf(operation));
      expect(content, path).toBeDefined();
      const pointer = ['paths', path, method, 'responses', status, 'content', 'application/json']
        .map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1'))
        .join('/');
      const validate = ajv.compile({ $ref: `openapi#/${encodeURI(pointer)}/schema` });
      validate(answer.json());
      expect(validate.errors ?? [], path).toEqual([]);
      checked += 1;
    }
    expect(checked).toBe(operations().length - 2);
  });

  it.each(['/docs', '/metrics'])(
    'says as what it is written where it is no JSON: %s',
    async (path) => {
      const answer = await served.server.inject(path);
      const described = document.paths[path]?.['get']?.responses['200']?.content ?? {};
      expect(answer.statusCode).toBe(200);
      expect(Object.keys(described)).toEqual([
        String(answer.headers['content-type']).split(';')[0],
      ]);
    },
  );
});
