import { MonitorError, TlsError } from '../../core/model/errors.ts';
import { type RetryTiming, SYSTEM_TIMING } from '../http/retry.ts';
import { LatencyMeter } from '../http/latency.ts';
import { agentFor, speaksNoTls } from '../http/tls.ts';
import { chooseTransport } from './choose-transport.ts';
import { parseEndpoint } from './endpoint.ts';
import { type Link } from './link.ts';
import { type NasOptions } from './nas-reader.ts';

/** Where to look, and by which rules. */
export interface HttpsSearch extends Pick<NasOptions, 'timeout' | 'tls' | 'transport' | 'logger'> {
  readonly name: string;
  /** https addresses, the likeliest first. */
  readonly urls: readonly string[];
}

export type HttpsFound =
  | { readonly kind: 'found'; readonly url: string }
  /** Why it is none of them, in their order. */
  | { readonly kind: 'none'; readonly failures: readonly string[] };

/**
 * Finds the https address of a system of which only an http one is known. No secret is shown to anybody. An address
 * whose certificate is not trusted is taken: the login then says what is wrong with it, and sends nothing either.
 */
export async function findHttps(
  search: HttpsSearch,
  signal: AbortSignal,
  timing: RetryTiming = SYSTEM_TIMING,
): Promise<HttpsFound> {
  const failures: string[] = [];
  for (const url of search.urls) {
    const failure = await failureAt(url, search, signal, timing);
    if (failure === undefined) return { kind: 'found', url };
    failures.push(`${url}: ${failure}`);
  }
  return { kind: 'none', failures };
}

async function failureAt(
  url: string,
  { name, tls, timeout, transport, logger }: HttpsSearch,
  signal: AbortSignal,
  timing: RetryTiming,
): Promise<string | undefined> {
  const endpoint = parseEndpoint(name, url);
  const agent = agentFor(tls, endpoint.host, { connectTimeout: timeout });
  const credentials = { username: null, apiKey: null, password: null };
  const meter = new LatencyMeter();
  const link: Link = { endpoint, agent, credentials, keptIn: null, timeout, timing, meter, logger };
  try {
    await chooseTransport(link, transport, signal);
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof MonitorError)) throw error;
    return error instanceof TlsError && !speaksNoTls(error) ? undefined : error.message;
  } finally {
    await agent.destroy();
  }
}
