import pLimit from 'p-limit';
import { TrueNasAuthError } from '../../core/model/errors.ts';
import { type Millis } from '../../core/model/units.ts';
import { type Delivery, type Route } from './call.ts';
import { firstLine, NasCallError } from './call-error.ts';
import { isRow } from './decode-values.ts';
import {
  httpGet,
  type HttpAnswer,
  isHtml,
  jsonOf,
  type ReadVerb,
  unexpectedAnswer,
} from './http-get.ts';
import { httpSend } from './http-send.ts';
import { type Link, MAX_CALLS_IN_FLIGHT } from './link.ts';
import { credentialRemedies, NEW_KEY } from './whose-words.ts';

/** Speaks REST v2.0. Each request proves itself anew: there is no session to lose. */
export class RestClient {
  readonly #link: Link;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #limit = pLimit(MAX_CALLS_IN_FLIGHT);
  #refused: TrueNasAuthError | undefined;

  constructor(link: Link) {
    this.#link = link;
    this.#headers = { authorization: authorizationOf(link) };
  }

  /** Throws `NasCallError` where TrueNAS answers with an error, a `MonitorError` where it does not answer as TrueNAS. */
  async get(path: string, signal: AbortSignal, verb: ReadVerb = 'GET'): Promise<unknown> {
    return await this.#limit(async () => {
      signal.throwIfAborted();
      if (this.#refused !== undefined) throw this.#refused;
      const route = path.split('?', 1)[0] ?? path;
      this.#link.logger.log('debug', 'reading', { system: this.#link.endpoint.name, route });
      return this.#resultOf(
        await httpGet(this.#link, `/api/v2.0${path}`, this.#headers, signal, verb),
      );
    });
  }

  /**
   * Sends a change, once: whatever becomes of it, it is not sent again. A small read right before it tells whether the system
   * is there and takes our credentials.
   */
  async send(route: Route, timeout: Millis | null, signal: AbortSignal): Promise<Delivery> {
    try {
      await this.get('/system/version', signal);
    } catch (error) {
      signal.throwIfAborted();
      return { state: 'not-sent', error };
    }
    return await this.#limit(async () => {
      const { endpoint, logger } = this.#link;
      logger.log('debug', 'changing', { system: endpoint.name, route: route.path });
      const path = `/api/v2.0${route.path}`;
      const sent = await httpSend(
        this.#link,
        { ...route, path },
        this.#headers,
        timeout ?? this.#link.timeout,
        signal,
      );
      return sent.state === 'answer' ? this.#outcomeOf(sent.answer) : sent;
    });
  }

  /** What TrueNAS says of a change; what a gateway says is no word on it. */
  #outcomeOf(answer: HttpAnswer): Delivery {
    const { status } = answer;
    const body = jsonOf(answer);
    if (status === 200 && body !== undefined && !isHtml(answer)) {
      return { state: 'answered', result: body };
    }
    const isRefusal = status >= 400 && status < 500 && !isHtml(answer);
    const error = isRefusal ? this.#refusalOf(answer, body) : undefined;
    return error === undefined
      ? { state: 'no-answer', error: unexpectedAnswer(this.#link, answer) }
      : { state: 'refused', error };
  }

  #refusalOf(answer: HttpAnswer, body: unknown): Error | undefined {
    if (answer.status === 401) return this.#refusal(answer);
    // Two more refusals of TrueNAS come without JSON; any other is none of its own.
    const isItsOwn = isRow(body) || answer.status === 403 || answer.status === 404;
    return isItsOwn ? callErrorOf(answer, body) : undefined;
  }

  #resultOf(answer: HttpAnswer): unknown {
    if (answer.status === 401 && !isHtml(answer)) {
      this.#refused = this.#refusal(answer);
      throw this.#refused;
    }
    const body = jsonOf(answer);
    if (answer.status === 200 && body !== undefined) return body;
    const error = isHtml(answer) ? undefined : callErrorOf(answer, body);
    throw error ?? unexpectedAnswer(this.#link, answer);
  }

  #refusal(answer: HttpAnswer): TrueNasAuthError {
    const needsOtp = answer.body.includes('OTP');
    return new TrueNasAuthError(
      needsOtp
        ? `${this.#link.endpoint.label} asks for a one-time password, which a program cannot give`
        : `${this.#link.endpoint.label} refused the credentials: the key is wrong, expired or revoked`,
      {
        remediation: credentialRemedies(
          this.#link,
          needsOtp ? ['Use an API key instead of the password.'] : [NEW_KEY],
        ),
      },
    );
  }
}

function authorizationOf(link: Link): string {
  const { username, apiKey, password } = link.credentials;
  if (apiKey !== null) return `Bearer ${apiKey}`;
  return `Basic ${Buffer.from(`${username ?? ''}:${password ?? ''}`).toString('base64')}`;
}

/** Bad request, validation, and an exception inside a method. */
const CALL_FAILED = new Set([400, 422, 500]);

/** What TrueNAS itself says went wrong; undefined where somebody else must have answered. */
function callErrorOf(answer: HttpAnswer, body: unknown): NasCallError | undefined {
  const route = answer.path.replace(/^\/api\/v2\.0/, '').split('?', 1)[0] ?? '';
  const message = messageOf(body);
  if (answer.status === 403) return new NasCallError(route, 'denied', 'not allowed');
  if (answer.status === 404) {
    // Only JSON comes from the method itself; plain text means that there is no such route.
    return isRow(body)
      ? new NasCallError(route, 'absent', message ?? 'does not exist')
      : new NasCallError(route, 'unknown-method', 'this version has no such route');
  }
  if (!CALL_FAILED.has(answer.status)) return undefined;
  return new NasCallError(route, 'failed', message ?? `HTTP ${answer.status}`);
}

/** The reason of a failed call, or the first of what was refused about its parameters: `{"attribute": [{"message", "errno"}]}`. */
function messageOf(body: unknown): string | undefined {
  if (!isRow(body)) return undefined;
  if (typeof body['message'] === 'string') return firstLine(body['message']);
  const [first] = Object.entries(body);
  const problems: unknown = first?.[1];
  const [problem] = Array.isArray(problems) ? (problems as readonly unknown[]) : [];
  const text = isRow(problem) ? firstLine(problem['message']) : undefined;
  return first === undefined || text === undefined ? undefined : `${first[0]}: ${text}`;
}
