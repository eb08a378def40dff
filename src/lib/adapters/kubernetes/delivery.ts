import { DecoratorHandler, request, type Dispatcher } from 'undici';
import { type Millis } from '../../core/model/units.ts';
import { bodyText } from '../http/body-text.ts';
import { type LatencyMeter } from '../http/latency.ts';
import { parseAnswer } from './answer-text.ts';
import { clockOf, describeForeign, UNKNOWN_PATH, type ApiAnswer } from './api-answer.ts';
import { timedOut, transportFailure, type ClusterAddress } from './failures.ts';
import { textAt, type JsonRecord } from './json.ts';
import { type Session } from './session.ts';

/** Something to be changed. */
export interface ChangeMessage {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With the query. */
  readonly path: string;
  readonly body: JsonRecord;
}

/**
 * What became of a change: `answered` the server says that it is done · `refused` it says that it is not ·
 * `not-sent` nothing of it has left this machine · `no-answer` it may have been done, or not.
 */
export type Delivery =
  | { readonly state: 'answered'; readonly answer: ApiAnswer }
  | { readonly state: 'refused'; readonly status: number; readonly reason: string }
  | { readonly state: 'not-sent'; readonly reason: string }
  | { readonly state: 'no-answer'; readonly reason: string };

interface Way {
  readonly cluster: ClusterAddress;
  readonly session: Session;
  readonly url: string;
  readonly timeout: Millis;
  readonly meter: LatencyMeter;
}

/** A JSON object is a merge patch where it is PATCHed. */
const CONTENT_TYPES = { PATCH: 'application/merge-patch+json' } as const;

/**
 * Sends a change once. undici itself never repeats what it has written, so what matters is whether it had begun to: until then
 * nothing has happened, and from then on nobody knows until there is an answer. Only an abort of `signal` until then throws.
 */
export async function deliver(
  { cluster, session, url, timeout, meter }: Way,
  { method, body }: ChangeMessage,
  signal: AbortSignal,
): Promise<Delivery> {
  const deadline = AbortSignal.timeout(timeout);
  const contentType = method === 'PATCH' ? CONTENT_TYPES.PATCH : 'application/json';
  const departure = { left: false };
  const started = performance.now();
  try {
    const response = await request(url, {
      method,
      headers: { ...session.headers, 'content-type': contentType },
      body: JSON.stringify(body),
      dispatcher: session.dispatcher.compose(noting(departure)),
      signal: AbortSignal.any([signal, deadline]),
    });
    meter.note(performance.now() - started);
    return judge(cluster, response, await bodyText(response.body));
  } catch (cause) {
    if (!departure.left) signal.throwIfAborted();
    const failure = deadline.aborted
      ? timedOut(cluster, timeout)
      : transportFailure(cluster, cause);
    if (!departure.left) return { state: 'not-sent', reason: failure.message };
    const reason = signal.aborted ? 'interrupted before the answer came' : failure.message;
    return { state: 'no-answer', reason };
  }
}

/** Notes that a request is about to be written to a connection. */
function noting(departure: { left: boolean }): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) =>
    dispatch(
      options,
      new NotingHandler(handler, () => {
        departure.left = true;
      }),
    );
}

class NotingHandler extends DecoratorHandler {
  readonly #handler: Dispatcher.DispatchHandler;
  readonly #note: () => void;

  constructor(handler: Dispatcher.DispatchHandler, note: () => void) {
    super(handler);
    this.#handler = handler;
    this.#note = note;
  }

  onRequestStart(controller: Dispatcher.DispatchController, context: unknown): void {
    this.#note();
    this.#handler.onRequestStart?.(controller, context);
  }
}

/** Statuses that say by themselves that nothing was done, whoever words them: some proxies do it in HTML. */
const REFUSALS: ReadonlySet<number> = new Set([401, 403, 429]);

/** An error of the server's own may have come after it acted, and what is not its own says nothing of what it did. */
function judge(
  cluster: ClusterAddress,
  { statusCode, headers }: Dispatcher.ResponseData,
  text: string,
): Delivery {
  const body = parseAnswer(text);
  if (statusCode >= 200 && statusCode < 300 && body !== null) {
    return { state: 'answered', answer: { status: statusCode, body, clock: clockOf(headers) } };
  }
  const isOwn = body?.['kind'] === 'Status' || text.trim() === UNKNOWN_PATH;
  const said = (body && textAt(body, 'message')) ?? `it answered ${statusCode}`;
  const reason = `cluster ${cluster.name}: ${inOneLine(said)}`;
  if (isRefusal(statusCode, isOwn)) return { state: 'refused', status: statusCode, reason };
  if (isOwn) return { state: 'no-answer', reason: `${reason} (${statusCode})` };
  const foreign = describeForeign(statusCode, headers, text);
  return { state: 'no-answer', reason: `cluster ${cluster.name} answered ${foreign}` };
}

function isRefusal(status: number, isOwn: boolean): boolean {
  return REFUSALS.has(status) || (isOwn && status >= 400 && status < 500);
}

/** Admission webhooks word refusals as they like. */
function inOneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST)}…`;
}

const LONGEST = 500;
