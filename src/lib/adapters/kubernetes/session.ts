import { readFile } from 'node:fs/promises';
import { type Socket } from 'node:net';
import { Agent, buildConnector, type Dispatcher } from 'undici';
import { isRecord, listAt, recordAt, textAt, type JsonRecord } from './json.ts';
import { type LoadedKubeconfig } from './kubeconfig.ts';

type Headers = Readonly<Record<string, string | string[]>>;

/** What a request needs to be let in. */
export interface Session {
  readonly headers: Headers;
  readonly dispatcher: Dispatcher;
}

/** Told of each connection as it is made; of those that client-node makes, nobody is. */
export type OnConnect = (socket: Socket) => void;

/** Whatever fails here may quote secrets, so it must not be shown as it is. */
export async function openSession(
  loaded: LoadedKubeconfig,
  onConnect: OnConnect,
): Promise<Session> {
  const { headers, dispatcher } = needsClientNode(loaded)
    ? await clientNodeSession(loaded)
    : await plainSession(loaded, onConnect);
  return {
    headers: { accept: 'application/json', ...headers, ...impersonation(loaded.user) },
    dispatcher,
  };
}

/**
 * Plug-ins, identity providers and proxies are client-node's business. Certificates, tokens and passwords
 * need so little that loading it for them would cost more time and memory than the scan of a small cluster.
 */
function needsClientNode({ cluster, user }: LoadedKubeconfig): boolean {
  return isRecord(user['exec']) || isRecord(user['auth-provider']) || 'proxy-url' in cluster;
}

async function plainSession(
  { cluster, user }: LoadedKubeconfig,
  onConnect: OnConnect,
): Promise<Session> {
  const [ca, cert, key, authorization] = await Promise.all([
    material(cluster, 'certificate-authority'),
    material(user, 'client-certificate'),
    material(user, 'client-key'),
    authorizationOf(user),
  ]);
  const servername = textAt(cluster, 'tls-server-name');
  const connect = buildConnector({
    allowH2: false,
    rejectUnauthorized: verifies(cluster),
    ...(ca === null ? {} : { ca }),
    ...(cert === null ? {} : { cert }),
    ...(key === null ? {} : { key }),
    ...(servername === null ? {} : { servername }),
  });
  const dispatcher = new Agent({
    allowH2: false,
    connect: (target, callback) => {
      connect(target, (...result: buildConnector.CallbackArgs) => {
        const [, socket] = result;
        if (socket !== null) onConnect(socket);
        callback(...result);
      });
    },
  });
  return { headers: authorization === null ? {} : { authorization }, dispatcher };
}

/** Whether a certificate that is not trusted ends the connection. */
export function verifies(cluster: JsonRecord): boolean {
  return cluster['insecure-skip-tls-verify'] !== true;
}

/** Data in the kubeconfig wins over the file named beside it, as it does for kubectl. */
async function material(record: JsonRecord, key: string): Promise<Buffer | null> {
  const data = textAt(record, `${key}-data`);
  if (data !== null) return Buffer.from(data, 'base64');
  const path = textAt(record, key);
  return path === null ? null : await readFile(path);
}

async function authorizationOf(user: JsonRecord): Promise<string | null> {
  const tokenFile = textAt(user, 'tokenFile');
  // Files end in a line break, which no header may hold. A file wins over a token beside it.
  const token = tokenFile === null ? textAt(user, 'token') : await readFile(tokenFile, 'utf8');
  if (token !== null) return `Bearer ${token.trim()}`;
  const username = textAt(user, 'username');
  if (username === null) return null;
  const pair = `${username}:${textAt(user, 'password') ?? ''}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

async function clientNodeSession({ server, cluster, user }: LoadedKubeconfig): Promise<Session> {
  const { HttpMethod, KubeConfig, RequestContext } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  // client-node refuses plain http unless certificates go unverified, of which http has none.
  const unverified = server.protocol === 'http:' ? { 'insecure-skip-tls-verify': true } : {};
  config.loadFromString(
    JSON.stringify({
      clusters: [{ name: 'cluster', cluster: { ...cluster, ...unverified } }],
      users: [{ name: 'user', user: withTokenFile(user) }],
      contexts: [{ name: 'context', context: { cluster: 'cluster', user: 'user' } }],
      'current-context': 'context',
    }),
  );
  const context = new RequestContext(server.href, HttpMethod.GET);
  await config.applySecurityAuthentication(context);
  const headers = Object.entries(context.getHeaders()).map(
    ([name, value]) => [name.toLowerCase(), value.trim()] as const,
  );
  return {
    headers: Object.fromEntries(headers),
    dispatcher: context.getDispatcher() ?? new Agent({ allowH2: false }),
  };
}

/** client-node knows a file with a token only as an auth provider, which a token beside it would override. */
function withTokenFile(user: JsonRecord): JsonRecord {
  const tokenFile = textAt(user, 'tokenFile');
  if (tokenFile === null) return user;
  const provider = { name: 'tokenFile', config: { tokenFile } };
  return { ...user, token: undefined, 'token-file': undefined, 'auth-provider': provider };
}

/** Whom to act as: without it, answers would be those of somebody with other rights. */
function impersonation(user: JsonRecord): Headers {
  const as = textAt(user, 'as');
  if (as === null) return {};
  const uid = textAt(user, 'as-uid');
  const groups = listAt(user, 'as-groups').filter((each) => typeof each === 'string');
  const extra: Record<string, string[]> = {};
  for (const [key, values] of Object.entries(recordAt(user, 'as-user-extra'))) {
    if (!Array.isArray(values)) continue;
    extra[`impersonate-extra-${encodeURIComponent(key)}`] = values.map(String);
  }
  return {
    'impersonate-user': as,
    ...(uid === null ? {} : { 'impersonate-uid': uid }),
    ...(groups.length === 0 ? {} : { 'impersonate-group': groups }),
    ...extra,
  };
}
