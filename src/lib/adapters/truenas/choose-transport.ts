import { type MonitorError, TrueNasProtocolError } from '../../core/model/errors.ts';
import { chooseApi, type Family } from './api-versions.ts';
import { httpGet, type HttpAnswer, isHtml, jsonOf, unexpectedAnswer } from './http-get.ts';
import { type Link } from './link.ts';
import { addressOf } from './whose-words.ts';

/** How to speak to a system. */
export type Transport =
  | { readonly kind: 'jsonrpc'; readonly path: string; readonly family: Family }
  | { readonly kind: 'rest' };

const FORCE_REST = 'If it is TrueNAS 24.10 or older, set truenas.transport to rest.';

/**
 * Finds out how a system is spoken to, without showing it a secret. A gateway error, a time-out or somebody's web page
 * is never taken for an old version: only a 404 as TrueNAS gives it leads to REST, and REST must answer for itself.
 */
export async function chooseTransport(
  link: Link,
  wanted: 'auto' | 'jsonrpc' | 'rest',
  signal: AbortSignal,
): Promise<Transport> {
  if (wanted === 'rest') return await confirmRest(link, signal);
  const answer = await httpGet(link, '/api/versions', {}, signal);
  const versions = answer.status === 200 ? jsonOf(answer) : undefined;
  if (isTextList(versions)) return jsonRpcOf(link, versions);
  if (!isMissingRoute(answer)) throw unexpectedAnswer(link, answer, [FORCE_REST]);
  if (wanted === 'jsonrpc') throw noJsonRpc(link);
  return await confirmRest(link, signal);
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function jsonRpcOf(link: Link, versions: readonly string[]): Transport {
  const api = chooseApi(versions);
  if (api !== undefined) return { kind: 'jsonrpc', ...api };
  throw new TrueNasProtocolError(`${link.endpoint.label} lists no API version`, {
    remediation: [`Check that ${addressOf(link)} points at a TrueNAS system.`],
  });
}

/** A 404 of middlewared (plain text or JSON) or of the nginx before it, whose stock page names it. */
function isMissingRoute(answer: HttpAnswer): boolean {
  if (answer.status !== 404) return false;
  return !isHtml(answer) || /<center>nginx(?:\/[\d.]+)?<\/center>/.test(answer.body);
}

function noJsonRpc(link: Link): MonitorError {
  return new TrueNasProtocolError(`${link.endpoint.label} has no JSON-RPC API`, {
    remediation: ['Set truenas.transport to auto: TrueNAS before 25.04 is read over REST.'],
  });
}

async function confirmRest(link: Link, signal: AbortSignal): Promise<Transport> {
  const answer = await httpGet(link, '/api/v2.0/system/version', {}, signal);
  const knowsIt = answer.status === 200 && typeof jsonOf(answer) === 'string';
  const refusesIt = (answer.status === 401 || answer.status === 403) && !isHtml(answer);
  if (knowsIt || refusesIt) return { kind: 'rest' };
  if (isMissingRoute(answer)) {
    throw new TrueNasProtocolError(`${link.endpoint.label} has no REST API`, {
      remediation: [
        `Check that ${addressOf(link)} points at a TrueNAS system.`,
        'TrueNAS 26 has no REST: set truenas.transport to auto.',
      ],
    });
  }
  throw unexpectedAnswer(link, answer);
}
