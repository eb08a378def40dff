import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse } from 'node:http';
import { timingSafeEqual } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import {
  type Exchange,
  json,
  type LabState,
  plainText,
  type Reply,
  type Target,
} from './exchange.ts';
import { type FaultOutcome, isLost, strikes } from './faults.ts';
import { renewLeases } from './leases.ts';
import { pageNumber } from './list.ts';
import { route, targetOf } from './router.ts';
import { faultStatus, StatusError, unauthorized } from './status.ts';

const HTML_PAGE =
  '<!doctype html>\n<html><head><title>Welcome</title></head><body><h1>It works!</h1></body></html>\n';

/** Answers one request, with whatever is to go wrong going wrong. */
export async function answer(
  lab: LabState,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.setHeader('date', lab.now().toUTCString());
  response.setHeader('audit-id', crypto.randomUUID());
  const url = new URL(request.url ?? '/', 'http://lab.invalid');
  const exchange: Exchange = { lab, request, response, query: url.searchParams };
  if (lab.faults.latencyMs !== undefined)
    await wait(lab.faults.latencyMs, undefined, { ref: false });
  await lab.faults.onArrival?.();
  try {
    if (lab.faults.html === true) throw new Disruption('html');
    await serve(exchange, url.pathname);
  } catch (error) {
    if (error instanceof Disruption) await disrupt(response, error.outcome);
    else await send(response, refusal(error), undefined);
  }
}

async function serve(exchange: Exchange, path: string): Promise<void> {
  const { lab, request, response } = exchange;
  authenticate(lab, request);
  const target = targetOf(exchange, path);
  const plural = target?.resource.plural ?? '';
  announce(exchange, target);
  if (target?.name === '') failPage(exchange, plural);
  if (plural === 'leases') renewLeases(lab);
  failStatus(lab, plural);
  if (lab.faults.controllersStopped !== true) lab.controllers.act(lab);
  const reply = await carryOut(exchange, path, target);
  if (reply !== undefined) await send(response, reply, cutAfter(lab, plural));
}

async function carryOut(
  exchange: Exchange,
  path: string,
  target: Target | undefined,
): Promise<Reply | undefined> {
  const { faults } = exchange.lab;
  const { method } = exchange.request;
  const plural = target?.resource.plural ?? '';
  if (isLost(faults.loseRequest, method, plural)) throw new Disruption('drop');
  const reply = await route(exchange, path, target);
  await faults.onAnswer?.();
  if (isLost(faults.loseAnswer, method, plural)) throw new Disruption('drop');
  return reply;
}

function announce({ lab, request, query }: Exchange, target: Target | undefined): void {
  if (target === undefined || lab.faults.onRequest === undefined) return;
  const { resource, name } = target;
  lab.faults.onRequest({ method: request.method ?? '', resource: resource.plural, name, query });
  lab.store.refresh();
}

/** Thrown where a fault replaces the answer. */
class Disruption extends Error {
  readonly outcome: FaultOutcome;

  constructor(outcome: FaultOutcome) {
    super('fault');
    this.outcome = outcome;
  }
}

async function disrupt(response: ServerResponse, outcome: FaultOutcome): Promise<void> {
  if (outcome === 'drop') response.destroy();
  else if (outcome === 'html') await send(response, htmlPage(), undefined);
  else await send(response, refusal(faultStatus(outcome, undefined)), undefined);
}

function authenticate({ token, faults }: LabState, { headers }: IncomingMessage): void {
  const given = Buffer.from(headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  const valid = given.length === wanted.length && timingSafeEqual(given, wanted);
  if (!valid || faults.unauthorized === true) throw unauthorized();
}

function failPage({ lab, request, query }: Exchange, plural: string): void {
  const fault = lab.faults.failPage;
  if (fault?.resource !== plural || request.method !== 'GET') return;
  if (pageNumber(query) === fault.page && strikes(fault)) throw new Disruption(fault.status);
}

function failStatus({ faults }: LabState, plural: string): void {
  const fault = faults.status?.[plural] ?? (plural === '' ? undefined : faults.status?.['*']);
  if (fault !== undefined && strikes(fault))
    throw faultStatus(fault.status, fault.retryAfterSeconds);
}

function cutAfter({ faults }: LabState, plural: string): number | undefined {
  const fault = faults.dropAfterBytes;
  return fault?.resource === plural && strikes(fault) ? fault.bytes : undefined;
}

function refusal(error: unknown): Reply {
  if (error instanceof StatusError) {
    const retryAfter = error.details?.retryAfterSeconds;
    const headers = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
    return json(error.code, `${JSON.stringify(error.body())}\n`, headers);
  }
  const message = error instanceof Error ? error.message : 'unknown';
  return plainText(500, `Internal Server Error: ${message}\n`);
}

function htmlPage(): Reply {
  return { status: 200, contentType: 'text/html', headers: {}, chunks: [HTML_PAGE] };
}

/** Writes the answer as fast as the client reads, or cuts the connection after so many bytes of it. */
async function send(
  response: ServerResponse,
  { status, contentType, headers, chunks }: Reply,
  limit: number | undefined,
): Promise<void> {
  response.writeHead(status, { 'content-type': contentType, ...headers });
  let left = limit ?? Infinity;
  for (const chunk of chunks) {
    if (response.destroyed) return;
    const bytes = Buffer.from(chunk);
    if (bytes.length >= left) {
      response.write(bytes.subarray(0, left), () => response.destroy());
      return;
    }
    left -= bytes.length;
    if (!response.write(bytes)) await drained(response);
  }
  response.end();
}

/** Resolves when more can be written, or never will be. */
async function drained(response: ServerResponse): Promise<void> {
  const done = new AbortController();
  const { signal } = done;
  await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })]);
  done.abort();
}
