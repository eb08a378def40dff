import pLimit from 'p-limit';
import { TrueNasAuthError } from '../../core/model/errors.ts';
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
import { type Link, MAX_CALLS_IN_FLIGHT } from './link.ts';
import { credentialRemedies, NEW_KEY } from './whose-words.ts';

/** Reads over REST v2.0. Each request proves itself anew: there is no session to lose. */
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
  const message = firstLine(isRow(body) ? body['message'] : undefined);
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
