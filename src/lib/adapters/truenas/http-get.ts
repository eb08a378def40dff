import { type Dispatcher, request } from 'undici';
import { type MonitorError, TrueNasProtocolError } from '../../core/model/errors.ts';
import { type Millis } from '../../core/model/units.ts';
import { bodyText } from '../http/body-text.ts';
import { parseLong } from '../http/long-json.ts';
import { parseRetryAfter, retry } from '../http/retry.ts';
import { connectionError, isDrop, type Link, retryOptions, scopedTo, unreachable } from './link.ts';
import { addressOf, askElsewhere } from './whose-words.ts';

export interface HttpAnswer {
  readonly path: string;
  readonly status: number;
  readonly contentType: string;
  readonly location: string | null;
  readonly body: string;
  /** How long the server asks to be left alone, where it does. */
  readonly retryAfter: Millis | undefined;
}

/** What a gateway before TrueNAS answers while it cannot reach it, as when middleware restarts. */
const OF_GATEWAYS: readonly number[] = [502, 503, 504];

/** Why an answer is not taken yet. */
class GatewayTrouble extends Error {
  override readonly name = 'GatewayTrouble';
  readonly answer: HttpAnswer;

  constructor(answer: HttpAnswer) {
    super(`HTTP ${answer.status}`);
    this.answer = answer;
  }
}

/** Some reads of REST v2.0 are spelled as a POST without a body. */
export type ReadVerb = 'GET' | 'POST';

/**
 * Sends one request and reads the answer whole. It is a read, so it is sent again where the connection broke or a gateway
 * had trouble; what the gateway says in the end is an answer like any other.
 */
export async function httpGet(
  link: Link,
  path: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  verb: ReadVerb = 'GET',
): Promise<HttpAnswer> {
  try {
    return await retry(
      async () => {
        const answer = await link.meter.time(
          () => attempt(link, path, headers, signal, verb),
          () => false,
        );
        if (OF_GATEWAYS.includes(answer.status)) throw new GatewayTrouble(answer);
        return answer;
      },
      {
        ...retryOptions(link, signal),
        isTransient: (error) => error instanceof GatewayTrouble || isDrop(error),
        retryAfter: (error) =>
          error instanceof GatewayTrouble ? error.answer.retryAfter : undefined,
      },
    );
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof GatewayTrouble) return cause.answer;
    throw connectionError(link, cause);
  }
}

async function attempt(
  link: Link,
  path: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  method: ReadVerb,
): Promise<HttpAnswer> {
  const answer = await request(link.endpoint.origin + path, {
    method,
    dispatcher: link.agent,
    headers: { accept: 'application/json', ...headers },
    signal: scopedTo(link, signal),
    headersTimeout: link.timeout,
    bodyTimeout: link.timeout,
  });
  return await readAnswer(path, answer);
}

/** Reads an answer whole. */
export async function readAnswer(
  path: string,
  answer: Dispatcher.ResponseData,
): Promise<HttpAnswer> {
  return {
    path,
    status: answer.statusCode,
    contentType: headerText(answer.headers['content-type']),
    location: headerText(answer.headers['location']) || null,
    body: await bodyText(answer.body),
    retryAfter: parseRetryAfter(
      headerText(answer.headers['retry-after']) || undefined,
      instantOf(headerText(answer.headers['date'])),
    ),
  };
}

function instantOf(header: string): Date | null {
  const instant = new Date(header);
  return Number.isNaN(instant.getTime()) ? null : instant;
}

function headerText(header: string | string[] | undefined): string {
  return (Array.isArray(header) ? header[0] : header) ?? '';
}

export function isHtml(answer: HttpAnswer): boolean {
  return /^text\/html/i.test(answer.contentType) || /^\s*<(?:!doctype|html)/i.test(answer.body);
}

/** The body as JSON, or undefined where it is none. */
export function jsonOf(answer: HttpAnswer): unknown {
  try {
    return parseLong(answer.body, null);
  } catch {
    return undefined;
  }
}

/** What to say of an answer that TrueNAS would not have given. */
export function unexpectedAnswer(
  link: Link,
  answer: HttpAnswer,
  furtherRemedies: readonly string[] = [],
): MonitorError {
  const { label } = link.endpoint;
  if (answer.status >= 500) {
    return unreachable(link, `${answer.path} was answered with HTTP ${answer.status}`);
  }
  if (answer.status >= 300 && answer.status < 400) {
    return new TrueNasProtocolError(
      `${label} sends ${answer.path} elsewhere (HTTP ${answer.status})`,
      {
        remediation: [askElsewhere(link, 'the address it redirects to')],
        ...(answer.location === null ? {} : { details: { location: originOf(answer.location) } }),
      },
    );
  }
  const what = isHtml(answer) ? 'a web page' : 'something that is not of TrueNAS';
  return new TrueNasProtocolError(
    `${label} answered ${answer.path} with ${what} (HTTP ${answer.status})`,
    {
      remediation: [
        `Check that ${addressOf(link)} has the port of the TrueNAS web interface.`,
        'Check that no proxy or login page stands in between.',
        ...furtherRemedies,
      ],
    },
  );
}

/** Redirects of login pages carry tokens in their query. */
function originOf(location: string): string {
  return URL.parse(location)?.origin ?? 'a relative address';
}
