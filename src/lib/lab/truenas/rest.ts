import { type IncomingMessage, type ServerResponse } from 'node:http';
import { checkKey, checkPassword } from './credentials.ts';
import { type RecordedCall } from './connection.ts';
import { BROKEN, dispatch, findMethod, LOST } from './dispatcher.ts';
import { CallError, Errno, MatchNotFound, ValidationErrors } from './errors.ts';
import { matchesMethod, takeDrop } from './faults.ts';
import { type Fields, isFields, toText } from './json.ts';
import { type Lab, type Method } from './method.ts';
import { queryOf, type Route, route } from './rest-request.ts';
import { Session, type SessionUser } from './session.ts';

interface Answer {
  readonly status: number;
  readonly type: 'application/json' | 'text/plain' | null;
  readonly body: string;
}

const json = (status: number, body: unknown): Answer => ({
  status,
  type: 'application/json',
  body: toText(body),
});

const plain = (status: number, body: string): Answer => ({ status, type: 'text/plain', body });

function authenticate(lab: Lab, header: string): SessionUser | null {
  const [scheme = '', value = ''] = header.split(' ', 2);
  if (scheme === 'Bearer') {
    const verdict = checkKey(lab, value, null);
    return verdict.state === 'valid' ? verdict.user : null;
  }
  if (scheme !== 'Basic') return null;
  const [, username = '', password = ''] =
    /^([^:]*):(.*)$/su.exec(Buffer.from(value, 'base64').toString()) ?? [];
  return checkPassword(lab, username, password);
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** Names the two parameters of a query have gone by. */
const QUERY_KEYS = [
  ['query-filters', 'filters'],
  ['query-options', 'options'],
] as const;

function queryParams(search: URLSearchParams, body: unknown): unknown[] {
  const [filters, options] = queryOf(search);
  if (!isFields(body)) return [filters, options];
  const [first, second] = QUERY_KEYS.map((names) =>
    names.map((name) => body[name]).find((v) => v !== undefined),
  );
  const more = Array.isArray(first) ? (first as unknown[]) : [];
  return [[...filters, ...more], { ...options, ...(isFields(second) ? second : {}) }];
}

function bodyParams(names: readonly string[], body: unknown): unknown[] {
  if (body === undefined || names.length === 0) return [];
  if (names.length === 1) return [body];
  return isFields(body) ? names.map((name) => body[name]) : [body];
}

function paramsOf(
  method: Method,
  { id }: Route,
  search: URLSearchParams,
  body: unknown,
): unknown[] {
  if (method.kind === 'query') return queryParams(search, body);
  if (id === null) return bodyParams(method.parameters, body);
  const [, options] = queryOf(search);
  const rest = method.parameters.slice(1);
  if (rest.length === 1 && rest[0] === 'options' && body === undefined) return [id, options];
  return [id, ...bodyParams(rest, body)];
}

function invalidAnswer({ errors }: ValidationErrors, { method }: Route): Answer {
  const missing = errors.find(([name, , errno]) => name === null && errno === Errno.ENOENT);
  if (missing !== undefined && method.endsWith('.get_instance')) {
    return json(404, { message: missing[1] });
  }
  const fields: Record<string, { message: string; errno: number }[]> = {};
  for (const [name, message, errno] of errors) {
    (fields[name ?? 'null'] ??= []).push({ message, errno });
  }
  return json(422, fields);
}

const FORBIDDEN: Answer = { status: 403, type: null, body: '' };

function refusal(cause: unknown, route: Route): Answer {
  if (cause instanceof ValidationErrors) return invalidAnswer(cause, route);
  if (cause instanceof MatchNotFound) return json(404, { message: cause.message });
  if (cause instanceof CallError && cause.errno === Errno.EACCES) return FORBIDDEN;
  if (cause instanceof CallError) return json(422, { message: cause.message, errno: cause.errno });
  const message = cause instanceof Error ? cause.message : String(cause);
  return json(500, { message, traceback: `Traceback (most recent call last):\n${message}` });
}

function parseBody(text: string): { readonly value: unknown } | null {
  if (text === '') return { value: undefined };
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
}

/** Reads that REST spells as a POST; a key that only reads has them on its list beside `GET`. */
const READS_BY_POST: ReadonlySet<string> = new Set([
  'pool.dataset.attachments',
  'interface.ip_in_use',
]);

/**
 * Every request is authorised on verb and path, which roles never name: from 25.04 on, only a full
 * administrator passes. Before, a key has an allow-list; one that reads is a list of `GET`.
 */
function mayUseRest(lab: Lab, user: SessionUser, method: string, verb: string): boolean {
  if (matchesMethod(lab.faults.deniedMethods, method)) return false;
  const isRead = verb === 'GET' || READS_BY_POST.has(method);
  return user.roles.includes('FULL_ADMIN') || (lab.table.keysHaveAllowLists && isRead);
}

interface Authorised {
  readonly route: Route;
  readonly session: Session;
  readonly params: unknown[];
}

/** Finds out what is asked, and whether by somebody who may; else the refusal. */
async function authorise(
  lab: Lab,
  request: IncomingMessage,
  url: URL,
): Promise<Authorised | Answer> {
  const text = await readBody(request);
  const verb = request.method ?? 'GET';
  const found = route(lab, verb, url.pathname.replace(/^\/api\/v2\.0/u, ''));
  const method = found && findMethod(lab, found.method);
  if (found === undefined || method === undefined) return plain(404, '404: Not Found');
  const session = new Session(String(request.socket.remoteAddress));
  session.user = authenticate(lab, request.headers.authorization ?? '');
  if (session.user === null) return plain(401, '401: Unauthorized');
  if (!mayUseRest(lab, session.user, found.method, verb)) return FORBIDDEN;
  const body = parseBody(text);
  if (body === null) return json(400, { message: 'Invalid JSON in the body' });
  return { route: found, session, params: paramsOf(method, found, url.searchParams, body.value) };
}

async function answer(
  lab: Lab,
  request: IncomingMessage,
  url: URL,
  calls: RecordedCall[],
): Promise<Answer | null> {
  const asked = await authorise(lab, request, url);
  if ('status' in asked) return asked;
  const { method } = asked.route;
  calls.push({ method, params: asked.params, path: url.pathname + url.search });
  try {
    const call = { method, params: asked.params, messageId: null };
    const result = await dispatch(lab, asked.session, call);
    if (result === BROKEN) request.socket.destroy();
    return result === LOST || result === BROKEN ? null : json(200, result);
  } catch (cause) {
    return refusal(cause, asked.route);
  }
}

/** Answers a request below `/api/v2.0`. */
export async function serveRest(
  lab: Lab,
  request: IncomingMessage,
  response: ServerResponse,
  calls: RecordedCall[],
): Promise<void> {
  const drop = takeDrop(lab.faults);
  if (drop === 'before') {
    request.socket.destroy();
    return;
  }
  const url = new URL(request.url ?? '/', 'http://lab');
  const reply = await answer(lab, request, url, calls);
  if (reply === null) return;
  const body = Buffer.from(reply.body);
  const headers: Fields & Record<string, string | number> = { 'content-length': body.length };
  if (reply.type !== null) headers['content-type'] = `${reply.type}; charset=utf-8`;
  response.writeHead(reply.status, headers);
  if (drop !== 'midReply') {
    response.end(body);
    return;
  }
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => request.socket.destroy());
}
