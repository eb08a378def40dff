import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import fc from 'fast-check';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demo } from '../../src/lib/lab/scenario/demo.ts';
import { fuzzing } from '../support/fuzzing.ts';
import { type ServeProcess, ServeSite } from '../support/serve-site.ts';

/*
 * Whatever is sent to whichever route of a server that runs: it answers in one of the ways that are documented, and goes on. What the
 * process holds and nobody may know is searched for in every answer.
 */

const { rounds, seed } = fuzzing();
/** Sent as a token that is none: it must not come back. */
const PLANTED = 'planted-secret-of-a-caller';
/** What is answered before a route is found: too large, too many, a body of another kind, no such path. */
const BEFORE_ROUTES = new Set([400, 404, 413, 414, 415, 431]);
/** For probes and collectors, and not part of the document. */
const OTHERS = ['/health', '/ready', '/version', '/metrics', '/api/v1/events/'];
const JSON_TYPE = 'application/json';

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, unknown>> }>
  >;
}

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Route {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly string[];
  readonly body: string | null;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly names: readonly string[];
  readonly text: string;
}

let site: ServeSite;
let served: ServeProcess;
let routes: readonly Route[];
let schemaOf: (route: Route, status: number) => ValidateFunction | undefined;
let isError: ValidateFunction;
let known: { readonly finding: string; readonly scan: string; readonly plan: string };

beforeAll(async () => {
  site = await ServeSite.start({ world: demo.build('25.10') });
  served = await site.serve();
  await served.untilReady();
  const document = await served.json<OpenApi>('/openapi.json');
  routes = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      path,
      method: method.toUpperCase(),
      operation,
    })),
  );
  const others = OTHERS.map((path) => ({ path, method: 'GET', operation: { responses: {} } }));
  routes = [...routes, ...others];
  const ajv = new Ajv2020({ allErrors: true, strict: false, validateFormats: true });
  formats.default(ajv);
  ajv.addSchema(document, 'openapi');
  const compiled = new Map<string, ValidateFunction>();
  schemaOf = ({ path, method, operation }, status) => {
    if (operation.responses[String(status)]?.content?.[JSON_TYPE] === undefined) return undefined;
    const parts = [
      'paths',
      path,
      method.toLowerCase(),
      'responses',
      String(status),
      'content',
      JSON_TYPE,
    ];
    const pointer = parts.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1')).join('/');
    const validate =
      compiled.get(pointer) ?? ajv.compile({ $ref: `openapi#/${encodeURI(pointer)}/schema` });
    compiled.set(pointer, validate);
    return validate;
  };
  isError = ajv.compile({ $ref: 'openapi#/components/schemas/Error' });
  const { findings } = await served.json<{ findings: { id: string }[] }>('/api/v1/orphans');
  const { scans } = await served.json<{ scans: { id: string }[] }>('/api/v1/scans');
  const made = await served.ask('/api/v1/cleanup/plans', {
    method: 'POST',
    headers: { authorization: `Bearer ${site.token}`, 'content-type': JSON_TYPE },
    body: '{}',
  });
  expect(made.status).toBe(201);
  const { plan_id: plan } = (await made.json()) as { plan_id: string };
  known = { finding: findings[0]?.id ?? '', scan: scans[0]?.id ?? '', plan };
}, 60_000);

afterAll(async () => {
  await site[Symbol.asyncDispose]();
});

/** Sends it as it is: header lines, too, are written by nobody who would mend them. */
async function send({ method, path, headers, body }: Sent): Promise<Answer> {
  const length = body === null ? [] : [`Content-Length: ${String(Buffer.byteLength(body))}`];
  const head = [
    `${method} ${path} HTTP/1.1`,
    'Host: localhost',
    'Connection: close',
    ...length,
    ...headers,
  ];
  const bytes = await new Promise<Buffer>((resolve, reject) => {
    const socket = connect(served.port, '127.0.0.1');
    const parts: Buffer[] = [];
    socket.setTimeout(10_000, () => socket.destroy(new Error(`no answer to ${method} ${path}`)));
    socket.on('data', (part: Buffer) => {
      parts.push(part);
      // Who is told to upgrade may go on with the same connection, which is left open for it.
      if (isUpgradeRequired(parts)) socket.end();
    });
    // A body that nobody reads to its end is cut off after the answer.
    socket.on('error', (error) => {
      if (parts.length === 0) reject(error);
    });
    socket.once('close', () => {
      resolve(Buffer.concat(parts));
    });
    socket.write(Buffer.from(`${head.join('\r\n')}\r\n\r\n${body ?? ''}`, 'latin1'));
  });
  return read(bytes);
}

function isUpgradeRequired(parts: readonly Buffer[]): boolean {
  const text = Buffer.concat(parts).toString('latin1');
  return text.startsWith('HTTP/1.1 426') && text.endsWith('}');
}

function read(bytes: Buffer): Answer {
  const end = bytes.indexOf('\r\n\r\n');
  // That the body may come is not the answer yet.
  if (bytes.subarray(0, 20).toString('latin1').startsWith('HTTP/1.1 100')) {
    return read(bytes.subarray(end + 4));
  }
  const [first = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const pairs = lines.map(
    (line) =>
      [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)] as const,
  );
  const headers = Object.fromEntries(pairs);
  const rest = bytes.subarray(end + 4);
  const text = headers['transfer-encoding'] === 'chunked' ? unchunked(rest) : rest.toString('utf8');
  return { status: Number(first.split(' ')[1]), headers, names: pairs.map(([name]) => name), text };
}

function unchunked(bytes: Buffer): string {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf('\r\n', at);
    const length = Number.parseInt(bytes.subarray(at, end).toString('latin1'), 16);
    if (!(length > 0)) break;
    parts.push(bytes.subarray(end + 2, end + 2 + length));
    at = end + 2 + length + 2;
  }
  return Buffer.concat(parts).toString('utf8');
}

/** What holds of every answer, whatever was sent. */
function judge(answer: Answer, sent: Sent): void {
  const about = JSON.stringify(sent).slice(0, 400);
  const { status, headers, names, text } = answer;
  expect(status, about).toBeGreaterThanOrEqual(200);
  expect(status >= 500 && status !== 503, `${String(status)} to ${about}: ${text}`).toBe(false);
  expect(names, about).not.toContain('x-injected');
  expect(headers['set-cookie'], about).toBeUndefined();
  expect(headers['x-request-id'], about).toMatch(/^[\w.:-]{1,64}$/);
  expect(names.filter((name) => name === 'x-request-id').length, about).toBe(1);
  expect(headers['x-content-type-options'], about).toBe('nosniff');
  for (const secret of [...site.secrets, PLANTED]) {
    expect(`${JSON.stringify(headers)}${text}`.includes(secret), `a secret, to ${about}`).toBe(
      false,
    );
  }
  if (status < 400 || sent.method === 'HEAD') return;
  expect(headers['content-type'], about).toBe('application/json; charset=utf-8');
  const body = JSON.parse(text) as { error: { request_id: string; code: string; message: string } };
  isError(body);
  expect(isError.errors ?? [], `${about}: ${text}`).toEqual([]);
  expect(body.error.request_id, about).toBe(headers['x-request-id']);
  expect(`${body.error.code}${body.error.message}`, about).not.toMatch(
    /\bat .*\.[jt]s:|node_modules/,
  );
}

const SIGNS = [
  '/',
  '%2f',
  '%2F',
  '%00',
  '\u0000',
  '..',
  '%2e%2e',
  '%',
  '%ZZ',
  '%E0%A4',
  ';',
  '?',
  '#',
  '\\',
  '"',
  '<',
  "'",
  '{',
  'a',
  '0',
  '-',
  '\u00e4',
  '__proto__',
  '*',
  '&',
  '=',
  '+',
  '\t',
];
const odd = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .array(fc.constantFrom(...SIGNS), { maxLength: 12 })
      .map((parts) => parts.join('')),
  },
  {
    weight: 3,
    arbitrary: fc
      .string({ unit: 'binary', maxLength: 40 })
      .map((text) => encodeURIComponent(text.toWellFormed())),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('a', '/', '%41', '..%2f')
      .chain((part) => fc.integer({ min: 100, max: 5_000 }).map((times) => part.repeat(times))),
  },
);
/** What somebody means who asks in earnest, so that what comes after the first check is reached too. */
const plausible = fc.oneof(
  fc.constantFrom(
    '',
    '1',
    '0',
    '-1',
    '1e9',
    'all',
    '100',
    '30d',
    '1h',
    '0s',
    '99999999999999999999d',
    'app=web',
    'a in (b,c)',
    '!a',
    'high',
    'critical',
    'pv',
    'pvc',
    'true',
    'null',
    'json',
    'html',
    'tree',
    'pvc/search/data-opensearch-2',
    'pv/x',
    'null',
    '[object Object]',
    'default',
  ),
  fc.nat().map(String),
);
const value = fc.oneof(
  { weight: 3, arbitrary: plausible.map(encodeURIComponent) },
  { weight: 2, arbitrary: odd },
);

const deep = fc
  .integer({ min: 1, max: 20_000 })
  .map((depth) => '['.repeat(depth) + ']'.repeat(depth));
const body = fc.oneof(
  fc.constant(null),
  fc.constantFrom(
    '{}',
    'null',
    '',
    '[]',
    '{',
    '"',
    '\u0000',
    '{"a":1}',
    '1e999',
    '{"__proto__":{"a":1}}',
    '{"constructor":{"prototype":{"a":1}}}',
    '{}{}',
    '\ufeff{}',
  ),
  fc.json(),
  deep,
  fc.integer({ min: 1, max: 200_000 }).map((size) => JSON.stringify('a'.repeat(size))),
);

const unsigned = fc
  .record({ alg: fc.constantFrom('none', 'None', 'HS256', 'ES256'), typ: fc.constant('JWT') })
  .map((header) => {
    const part = (content: object): string =>
      Buffer.from(JSON.stringify(content)).toString('base64url');
    return `${part(header)}.${part({ roles: ['admin'], aud: 'truenas-monitor', iss: 'https://issuer.example', exp: 9_999_999_999 })}.`;
  });
/** Those of nobody, and pieces of a good one. */
const badToken = fc.oneof(
  unsigned,
  fc.constantFrom(
    '',
    PLANTED,
    `${PLANTED}.${PLANTED}.${PLANTED}`,
    'a.b.c',
    '..',
    'null',
    'a'.repeat(9_000),
  ),
  fc
    .double({ min: 0, max: 0.999, noNaN: true })
    .map((part) => site.token.slice(0, Math.floor(site.token.length * part))),
  fc.string({ maxLength: 60 }).map((text) => Buffer.from(text).toString('base64url')),
);
const authorization = fc.oneof(
  { weight: 5, arbitrary: fc.constant(0).map(() => [`Authorization: Bearer ${site.token}`]) },
  { weight: 2, arbitrary: badToken.map((token) => [`Authorization: Bearer ${token}`]) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<string[]>(
      [],
      ['Authorization: Basic YTpi'],
      ['Authorization: Bearer'],
      [`Authorization: bearer  ${PLANTED}`],
      [`Authorization: Bearer ${PLANTED}`, 'Authorization: Bearer b'],
    ),
  },
);
const header = fc.oneof(
  fc.constantFrom(
    'X-Request-Id: run-1',
    'X-Request-Id: a%0d%0aX-Injected: 1',
    'X-Request-Id: a\\r\\nX-Injected: 1',
    'X-Request-Id: \u00e4',
    'X-Request-Id:',
    `X-Request-Id: ${'a'.repeat(5_000)}`,
    'X-Request-Id: a\rX-Injected: 1',
    'X-Request-Id: a\u0000b',
    'X-Request-Id: a\r\nX-Request-Id: b',
    'Accept: application/xml',
    'Accept: */*',
    'Accept: text/html',
    'Accept: ;q=',
    'Accept: application/json;q=0',
    'Accept-Encoding: gzip;q=0, identity',
    'Accept-Encoding: x',
    'If-None-Match: *',
    'If-None-Match: "a"',
    'If-None-Match: W/"',
    'Range: bytes=0-1',
    'Expect: 100-continue',
    'Idempotency-Key: one',
    'Idempotency-Key: ',
    `Idempotency-Key: ${'k'.repeat(200)}`,
    'Origin: https://evil.example',
    'Origin: null',
    'X-Forwarded-For: 8.8.8.8',
    'Forwarded: for=8.8.8.8',
    'X-HTTP-Method-Override: DELETE',
    'Cookie: a=b',
    'Content-Type: application/json',
    'Content-Type: application/json; charset=utf-7',
    'Content-Type: text/plain',
    'Content-Type: multipart/form-data',
    'Content-Type: ',
    'Content-Encoding: gzip',
  ),
  fc.string({ unit: 'grapheme-ascii', maxLength: 50 }).map((text) => `X-Request-Id: ${text}`),
);
const headers = fc
  .tuple(authorization, fc.array(header, { maxLength: 4 }))
  .map(([own, more]) => [...own, ...more]);
const method = fc.constantFrom(
  'GET',
  'GET',
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
  'QUERY',
);

function pathOf(route: Route): fc.Arbitrary<string> {
  const names = (route.operation.parameters ?? [])
    .filter((each) => each.in === 'query')
    .map(({ name }) => name);
  const name = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...names, 'limit') },
    { weight: 1, arbitrary: odd },
  );
  const query = fc.array(
    fc.tuple(name, value).map(([key, text]) => `${key}=${text}`),
    { maxLength: 4 },
  );
  const id = fc.oneof(
    fc.constantFrom('finding', 'scan', 'plan').map((kind) => known[kind]),
    value,
  );
  return fc.tuple(id, query).map(([given, parts]) => {
    const path = route.path.replace('{id}', given);
    return parts.length === 0 ? path : `${path}?${parts.join('&')}`;
  });
}

/** What a caller sends who means no harm: no run goes without it, whatever is drawn. */
function ordinary({ method, path }: Route): Sent {
  const kind = path.includes('scans') ? 'scan' : path.includes('plans') ? 'plan' : 'finding';
  return {
    method,
    path: path.replace('{id}', known[kind]),
    headers: [`Authorization: Bearer ${site.token}`, `Content-Type: ${JSON_TYPE}`],
    body: method === 'POST' ? '{}' : null,
  };
}

/** Line breaks and blanks in the first line would make another request of it, which is no matter of paths. */
function oneLine(path: string): string {
  return Buffer.from(path.replaceAll(/[\r\n ]/g, '%20'), 'utf8').toString('latin1');
}

/** Others, who are asked for nothing odd: they are answered at once, all the time. */
async function meanwhile(): Promise<number> {
  const began = performance.now();
  const status = await new Promise<number | undefined>((resolve, reject) => {
    httpRequest(`${served.address}/health`, { agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
  expect(status).toBe(200);
  return performance.now() - began;
}

function onEvery(run: (route: Route) => Promise<void>): () => Promise<void> {
  return async () => {
    for (const route of routes) await run(route);
  };
}

const FUZZ = { seed, endOnFailure: true } as const;

describe('every route of the OpenAPI document', () => {
  it(
    'answers anything in a documented way, and others meanwhile',
    { timeout: 60_000 * rounds },
    async () => {
      let slowest = 0;
      const seen = new Set<number>();
      await onEvery(async (route) => {
        const sent = fc.record({
          method: fc.oneof(fc.constant(route.method), method),
          path: pathOf(route).map(oneLine),
          headers,
          body,
        });
        await fc.assert(
          fc.asyncProperty(sent, async (given) => {
            const [answer, took] = await Promise.all([send(given), meanwhile()]);
            slowest = Math.max(slowest, took);
            seen.add(answer.status);
            judge(answer, given);
            if (given.method !== route.method) return;
            const { responses } = route.operation;
            if (Object.keys(responses).length > 0 && !BEFORE_ROUTES.has(answer.status)) {
              expect(Object.keys(responses), given.path).toContain(String(answer.status));
            }
            const validate = schemaOf(route, answer.status);
            if (
              validate === undefined ||
              answer.headers['content-type']?.startsWith(JSON_TYPE) !== true
            )
              return;
            if (answer.headers['content-encoding'] !== undefined) return;
            validate(JSON.parse(answer.text));
            expect(validate.errors ?? [], `${route.path} ${String(answer.status)}`).toEqual([]);
          }),
          { ...FUZZ, numRuns: 18 * rounds, examples: [[ordinary(route)]] },
        );
      })();
      for (const status of [200, 202, 400, 401]) expect(seen).toContain(status);
      expect(slowest).toBeLessThan(3_000);
    },
  );

  it('answers at no path but its own', { timeout: 60_000 * rounds }, async () => {
    const paths = fc.tuple(fc.nat(), odd, fc.nat()).map(([at, text, cut]) => {
      const path = routes[at % routes.length]?.path ?? '/';
      const place = 1 + (cut % path.length);
      return oneLine(path.slice(0, place) + text + path.slice(place));
    });
    await fc.assert(
      fc.asyncProperty(
        fc.record({ method, path: paths, headers, body: fc.constant(null) }),
        async (given) => {
          judge(await send(given), given);
        },
      ),
      { ...FUZZ, numRuns: 300 * rounds },
    );
  });

  it('has not ended, and has logged nothing that is an error or a secret', () => {
    expect(served.child.exitCode).toBeNull();
    const log = served.log.join('');
    for (const secret of [...site.secrets, PLANTED]) expect(log).not.toContain(secret);
    expect(log).not.toContain('"level":"error"');
  });
});
