import { type SystemConfig } from '../adapters/config/config.ts';
import { type ReachableSystem } from '../adapters/config/connection.ts';
import { Secret } from '../adapters/config/secret.ts';
import { isLoopback } from '../adapters/http/loopback.ts';
import { type OpenedCluster } from '../adapters/kubernetes/cluster-reader.ts';
import { type DeadEnd, type FoundConnection } from '../adapters/kubernetes/driver-connections.ts';
import { type DriverConnection } from '../adapters/kubernetes/driver-http-connection.ts';
import { findHttps, type HttpsFound } from '../adapters/truenas/find-https.ts';
import { type Millis } from '../core/model/units.ts';
import { type Logger } from '../ports/logger.ts';
import { type Console } from './base-command.ts';

/** What says how systems that drivers name are connected to. */
interface DriverSystemsRequest {
  /** Says how, though not where to: TLS rules, time limit, transport. */
  readonly template: SystemConfig;
  /** What the user calls the system; for where there is one. */
  readonly name: string | null;
  readonly timeout: Millis | null;
}

interface DriverSystems {
  readonly systems: readonly ReachableSystem[];
  readonly deadEnds: readonly DeadEnd[];
}

/**
 * The TrueNAS systems that the Secrets of the CSI drivers lead to, each address once. Every secret among them is known to
 * the redactor before anything is said or sent.
 */
export async function systemsOfDrivers(
  clusters: readonly OpenedCluster[],
  request: DriverSystemsRequest,
  { redactor, logger }: Console,
  signal: AbortSignal,
): Promise<DriverSystems> {
  const answers = await Promise.all(
    clusters.map(async (cluster) => await cluster.driverConnections(signal)),
  );
  const found = answers.flatMap((answer, at) => {
    const of = answers.length > 1 ? ` of cluster ${clusters[at]?.name ?? ''}` : '';
    return answer.found.map((each) => ({ ...each, secret: `secret ${each.secret}${of}` }));
  });
  for (const { connection } of found) {
    const { login } = connection;
    redactor.register(login.kind === 'key' ? login.apiKey : login.password);
  }
  const deadEnds = answers.flatMap((answer) => answer.deadEnds);
  const byUrl = new Map<string, FoundConnection>();
  // What is known to speak https spares a search by those that only know of http.
  for (const each of found.toSorted((a, b) => Number(isDirect(b)) - Number(isDirect(a)))) {
    const urls = urlsOf(each.connection);
    if (urls.some((url) => byUrl.has(url))) continue;
    const address = isDirect(each)
      ? { kind: 'found' as const, url: urls[0] ?? '' }
      : await searched(each, urls, request, logger, signal);
    if (address.kind === 'found') byUrl.set(address.url, each);
    else deadEnds.push(onlyHttp(each, address.failures));
  }
  return { systems: named(byUrl, request), deadEnds };
}

async function searched(
  { connection: { host: name } }: FoundConnection,
  urls: readonly string[],
  { template, timeout }: DriverSystemsRequest,
  logger: Logger,
  signal: AbortSignal,
): Promise<HttpsFound> {
  const search = { ...template, name, urls, logger, timeout: timeout ?? template.timeout };
  return await findHttps(search, signal);
}

/** Whether it can be connected to as it is: nothing secret goes over http, but for this machine itself. */
function isDirect({ connection: { secure, host } }: FoundConnection): boolean {
  return secure || isLoopback(host);
}

/** Where the system may be asked, the likeliest first. */
function urlsOf({ host, port, secure }: DriverConnection): readonly string[] {
  const at = (scheme: string, number: number | null): string => {
    const name = host.includes(':') ? `[${host}]` : host;
    // Without the port that goes without saying, as addresses in our configuration come out too.
    return new URL(`${scheme}://${name}${number === null ? '' : `:${number}`}`).origin;
  };
  if (secure) return [at('https', port)];
  if (isLoopback(host)) return [at('http', port)];
  // The port of plain http may be a wrong word before the right port, save for the one that is http by definition.
  return [...new Set([at('https', port === 80 ? null : port), at('https', null)])];
}

function onlyHttp({ secret, connection }: FoundConnection, failures: readonly string[]): DeadEnd {
  const { host } = connection;
  return {
    reason: `${secret} names ${host} over http, where its key would be read by others, and over https it is not to be had: ${failures.join('; ')}`,
    remediation: [
      `Turn on HTTPS for the web interface of ${host}, under System > General Settings in TrueNAS.`,
    ],
    mayHide: true,
  };
}

function named(
  byUrl: ReadonlyMap<string, FoundConnection>,
  { template, name }: DriverSystemsRequest,
): readonly ReachableSystem[] {
  const all = [...byUrl].map(([url, { secret, connection }]) => ({ url, secret, connection }));
  return all.map(({ url, secret, connection: { host, login } }) => {
    const isOneOfMany = all.filter((other) => other.connection.host === host).length > 1;
    return {
      ...template,
      name: (all.length === 1 ? name : null) ?? (isOneOfMany ? new URL(url).host : host),
      url,
      username: login.kind === 'password' ? login.username : null,
      apiKey: login.kind === 'key' ? new Secret(login.apiKey) : null,
      password: login.kind === 'password' ? new Secret(login.password) : null,
      keptIn: secret,
    };
  });
}
